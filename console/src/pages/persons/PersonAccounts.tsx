// A person's accounts in Lũy: state, roles, sessions; each opens on the account's own page, where roles are given.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useEndSessionsOf, useSessionsOf } from '~/api/persons';
import type { Person, PersonAccount } from '~/api/personTypes';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { GrantList } from '~/ui/Grants';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Section } from '~/ui/Page';
import { Age, Time } from '~/ui/Time';
import { programOf } from '../account/program';
import { SecondAccount } from './SecondAccount';

export function PersonAccounts({ person }: { person: Person }) {
  const { t } = useLanguage();
  const [adding, setAdding] = useState(false);
  const mayManage = useMay('account_manage');
  return (
    <Section
      title={t('persons.accounts')}
      extra={
        <MayButton
          action="account_manage"
          whyNot={person.state === 'gone' ? t('persons.gone_no_account') : null}
          onClick={() => setAdding(true)}
        >
          {t(person.accounts.length > 0 ? 'persons.second_account' : 'people.issue')}
        </MayButton>
      }
    >
      {person.accounts.length === 0 ? (
        <EmptyState why={t('persons.accounts_none')} />
      ) : (
        <ul className="worklist">
          {person.accounts.map((account) => (
            <li key={account.id}>
              <span className="worklist-title">
                <AccountName account={account} />
              </span>
              <span className="worklist-meta">
                <AccountState account={account} />
                <span>
                  {t('people.last_sign_in')}: <Age at={account.last_sign_in} />
                </span>
              </span>
              <GrantList grants={account.grants} />
              {mayManage ? <Sessions account={account} /> : null}
            </li>
          ))}
        </ul>
      )}
      {adding ? <SecondAccount person={person} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

function AccountName({ account }: { account: PersonAccount }) {
  const may = useMay('account_read');
  return may ? (
    <Link to={`/people/${account.id}`}>
      <code>{account.username}</code>
    </Link>
  ) : (
    <code>{account.username}</code>
  );
}

export function AccountState({ account }: { account: PersonAccount }) {
  const { t } = useLanguage();
  if (!account.enabled) return <span className="overdue">{t('people_state.locked')}</span>;
  if (account.sealed) return <span>{t('persons.sealed')}</span>;
  return <span>{t(account.must_change_password ? 'people_state.unchanged' : 'people_state.enabled')}</span>;
}

// Read when asked for: where this account is signed in is nobody's daily business.
function Sessions({ account }: { account: PersonAccount }) {
  const { t, language } = useLanguage();
  const [open, setOpen] = useState(false);
  const [ending, setEnding] = useState(false);
  const sessions = useSessionsOf(account.id, open);
  return (
    <div className="person-sessions">
      <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t(open ? 'persons.sessions_hide' : 'persons.sessions_show')}
        <span className="visually-hidden"> {account.username}</span>
      </Button>
      {open ? (
        <Loaded query={sessions} rows={1}>
          {(list) =>
            list.length === 0 ? (
              <p className="muted">{t('persons.sessions_none')}</p>
            ) : (
              <>
                <ul className="person-session-list">
                  {list.map((each) => (
                    <li key={each.id}>
                      {programOf(each.program) ?? t('account.unknown_program')} · {each.address} ·{' '}
                      {t('account.since')} <Time at={each.created_at} /> · {t('account.last_seen')}{' '}
                      <Age at={each.last_seen} />
                      {each.public_place ? ` · ${t('account.public_place')}` : ''}
                    </li>
                  ))}
                </ul>
                <Button size="small" danger onClick={() => setEnding(true)}>
                  {t('persons.sessions_end', {
                    count: list.length,
                    number: formatNumber(list.length, language),
                  })}
                </Button>
              </>
            )
          }
        </Loaded>
      ) : null}
      {ending ? <EndSessions account={account} onClose={() => setEnding(false)} /> : null}
    </div>
  );
}

function EndSessions({ account, onClose }: { account: PersonAccount; onClose: () => void }) {
  const { t } = useLanguage();
  const end = useEndSessionsOf(account.id);
  return (
    <Modal
      open
      title={t('persons.sessions_end_of', { name: account.username })}
      okText={t('persons.sessions_end_sure')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={end.isPending}
      onCancel={onClose}
      onOk={() => end.mutate(undefined, { onSuccess: onClose })}
    >
      {end.error ? <ErrorNote error={end.error} /> : null}
      <p className="will-happen">{t('persons.sessions_end_will')}</p>
    </Modal>
  );
}
