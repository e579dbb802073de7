// Who has an account: found by name, role, agency and state; issuing an account.
import { Select } from 'antd';
import { useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useAccounts } from '~/api/people';
import { useAgencies, useMay } from '~/api/queries';
import type { Account, Role } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { fold } from '~/ui/format';
import { GrantList } from '~/ui/Grants';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { Age } from '~/ui/Time';
import { IssueAccount } from './IssueAccount';
import { roles } from './roles';
import { byGivenName } from './words';
import './people.css';

const accountStates = ['enabled', 'locked', 'unchanged', 'never'] as const;
type AccountState = (typeof accountStates)[number];

const holds: Record<AccountState, (account: Account) => boolean> = {
  enabled: (account) => account.enabled,
  locked: (account) => !account.enabled,
  unchanged: (account) => account.must_change_password,
  never: (account) => account.last_sign_in === null,
};

export default function PeoplePage() {
  const { t } = useLanguage();
  const query = useAccounts();
  const agencies = useAgencies(useMay('agency_read'));
  const navigate = useNavigate();
  const [params, change] = useParamsState('q', 'role', 'agency', 'state');
  const [issuing, setIssuing] = useState(false);
  const columns = useColumns(agencies.data ?? []);
  const rows = useMemo(() => filtered(query.data ?? [], params), [query.data, params]);
  return (
    <Page
      title={t('nav.people')}
      lead={t('people.lead')}
      extra={
        <MayButton action="account_manage" type="primary" onClick={() => setIssuing(true)}>
          {t('people.issue')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <SearchInput value={params.q ?? ''} onChange={(q) => change({ q })} label={t('people.search')} />
        <Select
          className="filter-narrow"
          aria-label={t('people.role')}
          value={params.role ?? ''}
          onChange={(role) => change({ role })}
          options={[
            { value: '', label: t('people.all_roles') },
            ...roles.map((role) => ({ value: role, label: t(`role.${role}`) })),
          ]}
        />
        {(agencies.data?.length ?? 0) > 1 ? (
          <Select
            className="filter-wide"
            aria-label={t('filter.agency')}
            value={params.agency ?? ''}
            onChange={(agency) => change({ agency })}
            options={[
              { value: '', label: t('filter.all_agencies') },
              ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
        ) : null}
        <Select
          className="filter-narrow"
          aria-label={t('people.state')}
          value={params.state ?? ''}
          onChange={(state) => change({ state })}
          options={[
            { value: '', label: t('people.all_states') },
            ...accountStates.map((state) => ({ value: state, label: t(`people_state.${state}`) })),
          ]}
        />
      </div>
      <Loaded query={query} rows={6}>
        {(all) => (
          <DataTable
            label={t('nav.people')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/people/${row.id}`)}
            rowClass={(row) => (row.enabled ? undefined : 'person-locked')}
            empty={<EmptyState why={t(all.length === 0 ? 'people.empty' : 'people.none_found')} />}
          />
        )}
      </Loaded>
      {issuing ? <IssueAccount onClose={() => setIssuing(false)} /> : null}
    </Page>
  );
}

interface Filter {
  q: string | undefined;
  role: string | undefined;
  agency: string | undefined;
  state: string | undefined;
}

function filtered(accounts: Account[], { q, role, agency, state }: Filter): Account[] {
  const words = fold(q ?? '');
  const known = accountStates.find((each) => each === state);
  return accounts
    .filter(
      (account) =>
        (words === '' || fold(`${account.display_name} ${account.username}`).includes(words)) &&
        (!role || account.grants.some((grant) => grant.role === (role as Role))) &&
        (!agency || account.agency === agency || account.grants.some((grant) => grant.agency === agency)) &&
        (!known || holds[known](account)),
    )
    .sort((a, b) => byGivenName(a.display_name, b.display_name));
}

function useColumns(agencies: { id: string; name: string }[]): Column<Account>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'name',
      title: t('people.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/people/${row.id}`}>{row.display_name}</Link>
          <span className="muted">{row.username}</span>
        </span>
      ),
    },
    {
      key: 'agency',
      title: t('filter.agency'),
      render: (row) => agencies.find((each) => each.id === row.agency)?.name ?? '–',
      hideNarrow: true,
    },
    { key: 'grants', title: t('people.roles'), render: (row) => <GrantList grants={row.grants} /> },
    {
      key: 'state',
      title: t('people.state'),
      width: 190,
      render: (row) => <AccountStateText account={row} />,
    },
    {
      key: 'last',
      title: t('people.last_sign_in'),
      width: 150,
      render: (row) => <Age at={row.last_sign_in} />,
    },
  ];
}

export function AccountStateText({ account }: { account: Account }) {
  const { t } = useLanguage();
  if (!account.enabled) return <span className="overdue">{t('people_state.locked')}</span>;
  return <>{account.must_change_password ? t('people_state.unchanged') : t('people_state.enabled')}</>;
}
