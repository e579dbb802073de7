// Every account that can log in on any device, whose it is, and what is wrong with it: worked off by ticking and linking
// (articles 7.3 and 10.2).
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useDeviceAccounts } from '~/api/control';
import { accountProblems, type DeviceAccount } from '~/api/controlTypes';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { MoreRows } from '~/ui/MoreRows';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { PersonLink } from '~/ui/PersonLink';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { Age, DateOnly } from '~/ui/Time';
import { LinkForm, LinkManyForm, TakeProposals } from './LinkForm';
import { keyOf, proposals } from './link';
import '../findings/findings.css';
import './accounts.css';

export default function DeviceAccountsPage() {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('q', 'problem', 'agency', 'device', 'person');
  const problem = accountProblems.find((each) => each === params.problem);
  const query = useDeviceAccounts({ ...params, problem });
  const mayLink = useMay('account_link');
  const [ticked, setTicked] = useState<Set<string>>(new Set());
  const [linking, setLinking] = useState<DeviceAccount | null>(null);
  const [many, setMany] = useState<'proposals' | 'person' | null>(null);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = query.data?.pages[0]?.counts;
  const chosen = rows.filter((each) => ticked.has(keyOf(each)));
  const proposed = proposals(rows, ticked);
  const columns = useColumns(setLinking);
  const close = (done: boolean) => {
    setMany(null);
    if (done) setTicked(new Set());
  };
  return (
    <Page title={t('nav.device_accounts')} lead={t('device_account.lead')} updatedAt={query.dataUpdatedAt}>
      <div className="filters">
        <CountFilter
          label={t('device_account.problem')}
          value={problem}
          options={[
            { value: undefined, label: t('filter.all') },
            ...accountProblems.map((each) => ({
              value: each,
              label: t(`account_problem.${each}`),
              count: counts?.[each],
            })),
          ]}
          onChange={(next) => {
            setTicked(new Set());
            setParams({ problem: next });
          }}
        />
      </div>
      <div className="filters">
        <SearchInput
          value={params.q ?? ''}
          onChange={(q) => setParams({ q })}
          label={t('device_account.search')}
        />
        <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
      </div>
      {params.device || params.person ? (
        <p className="narrowed">
          {t(params.device ? 'device_account.of_device' : 'device_account.of_person')}{' '}
          <Button size="small" onClick={() => setParams({ device: undefined, person: undefined })}>
            {t('findings.widen')}
          </Button>
        </p>
      ) : null}
      {chosen.length > 0 ? (
        <div className="bulk">
          <span>
            {t('device_account.ticked', {
              count: chosen.length,
              number: formatNumber(chosen.length, language),
            })}
          </span>
          <Button type="primary" disabled={proposed.length === 0} onClick={() => setMany('proposals')}>
            {t('device_account.take', {
              count: proposed.length,
              number: formatNumber(proposed.length, language),
            })}
          </Button>
          <Button onClick={() => setMany('person')}>{t('device_account.one_person')}</Button>
        </div>
      ) : null}
      <Loaded query={query} rows={8}>
        {() => (
          <DataTable
            label={t('nav.device_accounts')}
            columns={columns}
            rows={rows}
            rowKey={keyOf}
            onOpen={(row) => mayLink && setLinking(row)}
            {...(mayLink
              ? {
                  selected: {
                    keys: ticked,
                    change: setTicked,
                    label: (row: DeviceAccount) =>
                      t('device_account.tick', { name: row.name, device: row.device.name }),
                  },
                }
              : {})}
            empty={
              <EmptyState
                why={t(
                  problem
                    ? 'device_account.none_such'
                    : params.q
                      ? 'device_account.none_found'
                      : 'device_account.empty',
                )}
              />
            }
            after={<MoreRows query={query} />}
          />
        )}
      </Loaded>
      {linking ? <LinkForm account={linking} onClose={() => setLinking(null)} /> : null}
      {many === 'proposals' ? <TakeProposals accounts={proposed} onClose={close} /> : null}
      {many === 'person' ? <LinkManyForm accounts={chosen} onClose={close} /> : null}
    </Page>
  );
}

function useColumns(onLink: (account: DeviceAccount) => void): Column<DeviceAccount>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'name',
      title: t('device_account.account'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <code>{row.name}</code>
          <span className="muted">
            <Link to={`/devices/${row.device.id}`}>{row.device.name}</Link> · {row.device.agency.name}
          </span>
        </span>
      ),
    },
    {
      key: 'problems',
      title: t('device_account.problem'),
      render: (row) =>
        row.problems.length === 0 ? (
          <span className="muted">{t('device_account.no_problem')}</span>
        ) : (
          <ul className="account-problems">
            {row.problems.map((each) => (
              <li key={each}>{t(`account_problem.${each}`)}</li>
            ))}
          </ul>
        ),
    },
    { key: 'whose', title: t('device_account.whose'), render: (row) => <Whose account={row} /> },
    {
      key: 'rights',
      title: t('device_account.rights'),
      width: 150,
      render: (row) =>
        row.administrator ? (
          <span className="two-lines">
            <strong>{t('device_account.administrator')}</strong>
            {row.link?.administrator_until ? (
              <span className="muted">
                {t('device_account.until')} <DateOnly at={row.link.administrator_until} />
              </span>
            ) : null}
          </span>
        ) : (
          t('device_account.ordinary')
        ),
    },
    {
      key: 'last',
      title: t('device_account.last_login'),
      width: 140,
      render: (row) => <Age at={row.last_login} />,
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('device_account.link')}</span>,
      width: 120,
      align: 'right',
      render: (row) => (
        <MayButton action="account_link" size="small" onClick={() => onLink(row)}>
          {t(row.link ? 'device_account.relink' : 'device_account.link')}
          <span className="visually-hidden"> {row.name}</span>
        </MayButton>
      ),
    },
  ];
}

export function Whose({ account }: { account: DeviceAccount }) {
  const { t, local } = useLanguage();
  const { link, proposed } = account;
  if (link) {
    const person = link.person;
    return (
      <span className="two-lines">
        <span>
          {person?.id ? <PersonLink person={{ id: person.id, name: person.name }} /> : (person?.name ?? '')}
          {person ? ' · ' : ''}
          {t(`account_kind.${link.kind}`)}
        </span>
        {link.expires ? (
          <span className="muted">
            {t('device_account.until')} <DateOnly at={link.expires} />
            {link.reason ? ` · ${link.reason}` : ''}
          </span>
        ) : link.reason ? (
          <span className="muted">{link.reason}</span>
        ) : null}
      </span>
    );
  }
  if (!proposed) return <span className="muted">{t('device_account.nobody')}</span>;
  return (
    <span className="two-lines">
      <span className="account-proposed">{t('device_account.proposed', { name: proposed.person.name })}</span>
      <span className="muted">{local(proposed.why)}</span>
    </span>
  );
}
