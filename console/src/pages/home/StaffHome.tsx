// What everybody needs: whom to tell of an incident, one's own account, what the regulation asks of oneself. What Lũy does
// not know yet is said, not made up.
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { useProfile } from '~/api/agencies';
import { useFactors } from '~/api/identity';
import { useRegulation, useSession } from '~/api/queries';
import type { Session } from '~/api/types';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { OwnDevices, OwnTasks, OwnTraining } from './OwnParts';

export default function StaffHome({ others }: { others: ReactNode }) {
  const { t } = useLanguage();
  const session = useSession().data;
  if (!session) return null;
  return (
    <Page title={t('home.staff_title')} lead={session.display_name} extra={others}>
      <div className="home-queues">
        <div>
          <Incident session={session} />
          <OwnTasks />
          <OwnTraining />
        </div>
        <div>
          <OwnDevices />
          <Duties />
          <OwnAccount />
        </div>
      </div>
    </Page>
  );
}

function Incident({ session }: { session: Session }) {
  const { t } = useLanguage();
  const agency = session.grants[0];
  const profile = useProfile(agency?.agency ?? '');
  const contacts = [...(profile.data?.contacts ?? [])].sort(
    (a, b) => Number(b.always ?? false) - Number(a.always ?? false),
  );
  return (
    <Section title={t('home.incident')}>
      <p className="will-happen">{t('home.incident_how')}</p>
      <p>
        <Link to="/bao-su-co" className="home-report">
          {t('home.report_incident')}
        </Link>
      </p>
      {contacts.length === 0 ? (
        <EmptyState why={t('home.incident_nobody')} />
      ) : (
        <ul className="worklist">
          {contacts.map((contact) => (
            <li key={`${contact.name} ${contact.phone ?? ''}`}>
              <span className="worklist-title">{contact.name}</span>
              <span className="worklist-meta">
                {contact.title ? <span>{contact.title}</span> : null}
                {contact.phone ? <span>{contact.phone}</span> : null}
                {contact.email ? <span>{contact.email}</span> : null}
                {contact.always ? <span>{t('profile.always')}</span> : null}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function OwnAccount() {
  const { t } = useLanguage();
  const factors = useFactors();
  return (
    <Section title={t('account.title')} extra={<Link to="/account">{t('home.account_open')}</Link>}>
      <Loaded query={factors} rows={2}>
        {(state) =>
          state.totp || state.passkeys.length > 0 ? (
            <p>{t('home.account_guarded')}</p>
          ) : (
            <p className="will-happen">{t('factor.none')}</p>
          )
        }
      </Loaded>
    </Section>
  );
}

function Duties() {
  const { t, local } = useLanguage();
  const regulation = useRegulation();
  return (
    <Section title={t('home.duties')}>
      <Loaded query={regulation} rows={4}>
        {(pack) => {
          const own = pack.obligations.filter((each) => each.holder === 'staff');
          if (own.length === 0) return <EmptyState why={t('home.duties_none')} />;
          return (
            <ul className="worklist">
              {own.map((each) => (
                <li key={each.id}>
                  <Link to={`/obligations/${each.id}`} className="worklist-title">
                    {local(each.title)}
                  </Link>
                  <span className="worklist-meta">{local(each.reference)}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}
