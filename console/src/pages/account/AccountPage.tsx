// One's own account: what one may do and until when, whom one lets act instead, how one signs in, where one is signed in.
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router-dom';
import { keys } from '~/api/keys';
import { useOwnAccount } from '~/api/people';
import { useMay, useSession } from '~/api/queries';
import { useDoors, useIdentities } from '~/api/sources';
import type { Session } from '~/api/types';
import { useLanguage } from '~/i18n';
import { GrantDays } from '~/ui/Grants';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { Delegations } from './Delegations';
import { FactorSection } from './FactorSection';
import { NoticeSection } from './NoticeSection';
import { SessionSection } from './SessionSection';
import { TokenSection } from './TokenSection';
import { TrailSection } from './TrailSection';
import './account.css';

export default function AccountPage() {
  const { t } = useLanguage();
  const session = useSession();
  const mayToken = useMay('token_own');
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
              <NoticeSection />
              <TrailSection session={own} />
            </div>
            <div>
              <Section title={t('account.sign_in')}>
                <p>
                  {t('account.username')} <code>{own.username}</code> ·{' '}
                  <Link to="/password">{t('session.change_password')}</Link>
                </p>
                <OwnIdentities />
              </Section>
              <FactorSection />
              <SessionSection />
              {mayToken ? <TokenSection /> : null}
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function OwnIdentities() {
  const { t } = useLanguage();
  const doors = useDoors().data ?? [];
  const account = useOwnAccount()?.id ?? '';
  // Asked for only where people sign in from elsewhere, too.
  const own = useIdentities(doors.length > 0 ? account : '').data ?? [];
  if (own.length === 0) return null;
  return (
    <>
      <p>{t('identity.own')}</p>
      <ul className="entities">
        {own.map((each) => (
          <li key={each.source.id}>
            <span className="muted">{each.source.name}</span> <code>{each.subject}</code>
          </li>
        ))}
      </ul>
    </>
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
