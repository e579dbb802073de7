// Who leaves or moves: each a case with a deadline, the end of the last day (article 7.3.b).
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { type Leave, leaveStates, useLeaves } from '~/api/leaves';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { MoreRows } from '~/ui/MoreRows';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { DateOnly, Overdue, Remaining } from '~/ui/Time';
import { endOf } from './leave';
import { OpenLeave } from './OpenLeave';
import './leaves.css';

export default function LeavesPage() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('q', 'state', 'overdue', 'agency', 'person');
  const overdue = params.overdue === 'true';
  const state = leaveStates.find((each) => each === params.state);
  const query = useLeaves({
    q: params.q,
    agency: params.agency,
    state: overdue ? undefined : state,
    overdue: overdue ? 'true' : undefined,
  });
  // A person's page leads here to open their case.
  const [opening, setOpening] = useState(Boolean(params.person));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = query.data?.pages[0]?.counts;
  const columns = useColumns();
  const filtered = Boolean(params.q || state || overdue || params.agency);
  return (
    <Page
      title={t('nav.leaves')}
      lead={t('leave.lead')}
      extra={
        <MayButton action="leave_manage" type="primary" onClick={() => setOpening(true)}>
          {t('leave.open')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <CountFilter
          label={t('filter.state')}
          value={overdue ? 'overdue' : state}
          options={[
            { value: undefined, label: t('filter.all') },
            { value: 'overdue', label: t('leave.overdue'), count: counts?.overdue },
            ...leaveStates.map((each) => ({
              value: each,
              label: t(`leave_state.${each}`),
              count: counts?.[each],
            })),
          ]}
          onChange={(next) =>
            setParams(
              next === 'overdue'
                ? { overdue: 'true', state: undefined }
                : { overdue: undefined, state: next },
            )
          }
        />
      </div>
      <div className="filters">
        <SearchInput value={params.q ?? ''} onChange={(q) => setParams({ q })} label={t('leave.search')} />
        <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
      </div>
      <Loaded query={query} rows={6}>
        {() => (
          <DataTable
            label={t('nav.leaves')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/leaves/${row.id}`)}
            empty={<EmptyState why={t(filtered ? 'leave.none_found' : 'leave.none')} />}
            after={<MoreRows query={query} />}
          />
        )}
      </Loaded>
      {opening ? (
        <OpenLeave
          person={params.person}
          onClose={(made) => {
            setOpening(false);
            if (made) navigate(`/leaves/${made.id}`);
            else setParams({ person: undefined });
          }}
        />
      ) : null}
    </Page>
  );
}

function useColumns(): Column<Leave>[] {
  const { t, language } = useLanguage();
  return [
    {
      key: 'who',
      title: t('leave.who'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/leaves/${row.id}`}>{row.person.name}</Link>
          <span className="muted">{row.number}</span>
        </span>
      ),
    },
    {
      key: 'kind',
      title: t('leave.kind'),
      render: (row) => (
        <span className="two-lines">
          <span>{t(`leave_kind.${row.kind}`)}</span>
          <span className="muted">{row.to ? `${row.agency.name} → ${row.to.name}` : row.agency.name}</span>
        </span>
      ),
    },
    {
      key: 'last',
      title: t('leave.last_day'),
      width: 170,
      render: (row) => <Deadline leave={row} />,
    },
    {
      key: 'left',
      title: t('leave.left'),
      width: 130,
      align: 'right',
      render: (row) => formatNumber(row.open_items, language),
    },
    { key: 'state', title: t('people.state'), width: 150, render: (row) => t(`leave_state.${row.state}`) },
  ];
}

export function Deadline({ leave }: { leave: Leave }) {
  return (
    <span className="two-lines">
      <DateOnly at={leave.last_day} />
      {leave.overdue ? (
        <Overdue since={endOf(leave.last_day)} />
      ) : leave.state === 'closed' ? null : (
        <span className="muted">
          <Remaining at={endOf(leave.last_day)} />
        </span>
      )}
    </span>
  );
}
