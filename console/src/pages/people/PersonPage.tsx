// One account: who, with which roles and until when; giving and taking back roles, a new password, resetting factors,
// locking, sealing the emergency account.
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useAccounts, useDelegations, useOwnAccount, useRevokeRole } from '~/api/people';
import { useMay } from '~/api/queries';
import type { Account, Grant } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { GrantDays } from '~/ui/Grants';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { useNames } from '~/ui/useNames';
import { GrantModal } from './GrantModal';
import { Identities } from './Identities';
import { AccountStateText } from './PeoplePage';
import { PersonActs } from './PersonActs';
import { Signers } from './Signers';
import './people.css';

export default function PersonPage() {
  const { t } = useLanguage();
  const { account: id = '' } = useParams();
  const query = useAccounts();
  const names = useNames();
  const maySearch = useMay('evidence_search');
  const account = query.data?.find((each) => each.id === id);
  return (
    <Page
      title={account?.display_name ?? t('nav.people')}
      lead={account ? <code>{account.username}</code> : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/people">{t('nav.people')}</Link>
        </nav>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={6}>
        {() =>
          account ? (
            <>
              <dl className="facts facts-row">
                <div>
                  <dt>{t('people.works_at')}</dt>
                  <dd>{account.agency ? names.name(account.agency) : '–'}</dd>
                </div>
                <div>
                  <dt>{t('people.state')}</dt>
                  <dd>
                    <AccountStateText account={account} />
                  </dd>
                </div>
                <div>
                  <dt>{t('people.last_sign_in')}</dt>
                  <dd>{account.last_sign_in ? <Time at={account.last_sign_in} /> : t('time.never')}</dd>
                </div>
                {maySearch ? (
                  <div>
                    <dt>{t('nav.audit')}</dt>
                    <dd>
                      <Link to={`/audit?person=${account.username}`}>{t('people.what_they_did')}</Link>
                      {' · '}
                      <Link to={`/audit?object=account:${account.id}`}>{t('people.what_was_done')}</Link>
                    </dd>
                  </div>
                ) : null}
              </dl>
              <Roles account={account} />
              <Handed account={account} />
              <Identities account={account} />
              <Signers account={account} />
              <PersonActs account={account} />
            </>
          ) : (
            <EmptyState why={t('people.unknown')} action={<Link to="/people">{t('nav.people')}</Link>} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Roles({ account }: { account: Account }) {
  const { t } = useLanguage();
  const own = useOwnAccount();
  const revoke = useRevokeRole();
  const [giving, setGiving] = useState(false);
  const [asked, setAsked] = useState<Grant | null>(null);
  const columns: Column<Grant>[] = [
    { key: 'role', title: t('people.role'), primary: true, render: (row) => t(`role.${row.role}`) },
    { key: 'agency', title: t('people.place'), render: (row) => row.agency_name },
    {
      key: 'days',
      title: t('people.days'),
      render: (row) => (
        <>
          <GrantDays grant={row} />
          {row.delegated_by ? <span className="muted"> · {t('grant.delegated')}</span> : null}
        </>
      ),
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('people.take_back')}</span>,
      width: 130,
      align: 'right',
      render: (row) =>
        row.delegated_by ? null : asked === row ? (
          <Button
            danger
            loading={revoke.isPending}
            onClick={() =>
              revoke.mutate(
                { account: account.id, role: row.role, agency: row.agency },
                { onSettled: () => setAsked(null) },
              )
            }
          >
            {t('people.take_back_sure')}
          </Button>
        ) : (
          <MayButton action="role_grant" size="small" onClick={() => setAsked(row)}>
            {t('people.take_back')}
          </MayButton>
        ),
    },
  ];
  return (
    <Section
      title={t('people.roles')}
      extra={
        <MayButton
          action="role_grant"
          whyNot={account.id === own?.id ? t('people.not_yourself') : null}
          onClick={() => setGiving(true)}
        >
          {t('people.give_role')}
        </MayButton>
      }
    >
      {revoke.error ? <ErrorNote error={revoke.error} /> : null}
      <DataTable
        label={t('people.roles')}
        columns={columns}
        rows={account.grants}
        rowKey={(row) => `${row.role} ${row.agency} ${row.delegated_by ?? ''}`}
        empty={<EmptyState why={t('people.no_roles')} />}
      />
      {giving ? <GrantModal account={account} onClose={() => setGiving(false)} /> : null}
    </Section>
  );
}

function Handed({ account }: { account: Account }) {
  const { t } = useLanguage();
  const delegations = useDelegations();
  const names = useNames();
  const list = (delegations.data ?? []).filter((each) => each.from === account.id || each.to === account.id);
  if (list.length === 0) return null;
  return (
    <Section title={t('delegation.title')}>
      <ul className="worklist">
        {list.map((each) => (
          <li key={each.id}>
            <span className="worklist-title">
              {t(each.from === account.id ? 'delegation.to' : 'delegation.from', {
                role: t(`role.${each.role}`),
                name: names.name(each.from === account.id ? each.to : each.from),
              })}
            </span>
            <span className="worklist-meta">
              <GrantDays grant={each} />
              {each.ended_at ? (
                <span>
                  {t('delegation.ended')} <Time at={each.ended_at} />
                </span>
              ) : null}
              {each.note ? <span>{each.note}</span> : null}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
