// One's own account: what one may do and until when, whom one lets act instead, how one signs in, where one is signed in.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router-dom';
import { keys } from '~/api/keys';
import { useSession } from '~/api/queries';
import type { Session } from '~/api/types';
import { useLanguage } from '~/i18n';
import { GrantDays } from '~/ui/Grants';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { Delegations } from './Delegations';
import { FactorSection } from './FactorSection';
import { SessionSection } from './SessionSection';
import './account.css';

export default function AccountPage() {
  const { t } = useLanguage();
  const session = useSession();
  const cache = useQueryClient();
  // Roles end by the calendar; the page shows what holds now.
  useEffect(() => void cache.invalidateQueries({ queryKey: keys.session }), [cache]);
  return (
    <Page title={t('account.title')} lead={session.data?.display_name}>
      <Loaded query={{ ...session, data: session.data ?? undefined }} rows={6}>
        {(own) => (
          <div className="account-columns">
            <div>
              <Roles session={own} />
              <Delegations session={own} />
            </div>
            <div>
              <Section title={t('account.sign_in')}>
                <p>
                  {t('account.username')} <code>{own.username}</code> ·{' '}
                  <Link to="/password">{t('session.change_password')}</Link>
                </p>
              </Section>
              <FactorSection />
              <SessionSection />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Roles({ session }: { session: Session }) {
  const { t } = useLanguage();
  return (
    <Section title={t('account.roles')}>
      {session.grants.length === 0 ? (
        <EmptyState why={t('account.no_roles')} />
      ) : (
        <ul className="worklist">
          {session.grants.map((grant) => (
            <li key={`${grant.role} ${grant.agency} ${grant.delegated_by ?? ''}`}>
              <span className="worklist-title">{t(`role.${grant.role}`)}</span>
              <span className="worklist-meta">
                <span>{grant.agency_name}</span>
                <GrantDays grant={grant} />
                {grant.delegated_by ? <span>{t('account.handed_to_me')}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
