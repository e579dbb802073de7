// Who works where: people, whether or not they have an account; recording somebody, merging two records, sheets.
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useExportPersons, usePersons } from '~/api/persons';
import { type Person, personStates } from '~/api/personTypes';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { MayButton } from '~/ui/MayButton';
import { MoreRows } from '~/ui/MoreRows';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { SheetButtons } from '~/ui/SheetButtons';
import { DateOnly } from '~/ui/Time';
import { MergePersons } from './MergePersons';
import { PersonForm } from './PersonForm';
import './persons.css';

export default function PersonsPage() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('q', 'agency', 'state');
  const query = usePersons({
    q: params.q,
    agency: params.agency,
    state: personStates.find((each) => each === params.state),
  });
  const sheet = useExportPersons();
  const [adding, setAdding] = useState(false);
  const [merging, setMerging] = useState(false);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const columns = useColumns();
  const filtered = Boolean(params.q || params.agency || params.state);
  return (
    <Page
      title={t('nav.persons')}
      lead={t('persons.lead')}
      extra={
        <>
          <SheetButtons name="persons" making={sheet} />
          <MayButton action="person_manage" onClick={() => navigate('/persons/import')}>
            {t('nav.persons_import')}
          </MayButton>
          <MayButton action="role_grant" onClick={() => setMerging(true)}>
            {t('persons.merge')}
          </MayButton>
          <MayButton action="person_manage" type="primary" onClick={() => setAdding(true)}>
            {t('persons.add')}
          </MayButton>
        </>
      }
      updatedAt={query.dataUpdatedAt}
    >
      {sheet.error ? <ErrorNote error={sheet.error} /> : null}
      <div className="filters">
        <CountFilter
          label={t('people.state')}
          value={personStates.find((each) => each === params.state)}
          options={[
            { value: undefined, label: t('filter.all') },
            ...personStates.map((each) => ({ value: each, label: t(`person_state.${each}`) })),
          ]}
          onChange={(state) => setParams({ state })}
        />
      </div>
      <div className="filters">
        <SearchInput value={params.q ?? ''} onChange={(q) => setParams({ q })} label={t('persons.search')} />
        <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
      </div>
      <Loaded query={query} rows={8}>
        {() => (
          <DataTable
            label={t('nav.persons')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/persons/${row.id}`)}
            rowClass={(row) => (row.state === 'gone' ? 'person-gone' : undefined)}
            empty={<EmptyState why={t(filtered ? 'persons.none_found' : 'persons.empty')} />}
            after={<MoreRows query={query} />}
          />
        )}
      </Loaded>
      {adding ? (
        <PersonForm
          person={null}
          onClose={(made) => {
            setAdding(false);
            if (made) navigate(`/persons/${made.id}`);
          }}
        />
      ) : null}
      {merging ? <MergePersons first={null} onClose={() => setMerging(false)} /> : null}
    </Page>
  );
}

function useColumns(): Column<Person>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'name',
      title: t('people.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/persons/${row.id}`}>{row.name}</Link>
          {row.position ? <span className="muted">{row.position}</span> : null}
        </span>
      ),
    },
    { key: 'agency', title: t('people.works_at'), render: (row) => row.agency.name },
    {
      key: 'accounts',
      title: t('persons.accounts'),
      render: (row) =>
        row.accounts.length === 0 ? (
          <span className="muted">{t('persons.no_account')}</span>
        ) : (
          <span className="value-list">
            {row.accounts.map((each) => (
              <code key={each.id} className={each.enabled ? undefined : 'account-locked'}>
                {each.username}
              </code>
            ))}
          </span>
        ),
    },
    { key: 'state', title: t('people.state'), width: 190, render: (row) => <PersonStateText person={row} /> },
    {
      key: 'since',
      title: t('persons.since'),
      width: 120,
      hideNarrow: true,
      render: (row) => <DateOnly at={row.since} />,
    },
  ];
}

export function PersonStateText({ person }: { person: Person }) {
  const { t } = useLanguage();
  if (person.state === 'active') return <>{t('person_state.active')}</>;
  return (
    <span className={person.state === 'leaving' ? 'overdue' : 'muted'}>
      {t(`person_state.${person.state}`)}
      {person.until ? (
        <>
          {' '}
          <DateOnly at={person.until} />
        </>
      ) : null}
    </span>
  );
}
