// Everybody may read what they did, and what was done to their account.
import { Link } from 'react-router-dom';
import { useOwnAccount } from '~/api/people';
import type { Session } from '~/api/types';
import { useLanguage } from '~/i18n';
import { Section } from '~/ui/Page';

export function TrailSection({ session }: { session: Session }) {
  const { t } = useLanguage();
  const own = useOwnAccount();
  return (
    <Section title={t('trail.own')}>
      <p className="muted">{t('trail.own_lead')}</p>
      <ul className="worklist">
        <li>
          <Link to={`/audit?person=${encodeURIComponent(session.username)}`}>{t('trail.own_did')}</Link>
        </li>
        {own ? (
          <li>
            <Link to={`/audit?object=${encodeURIComponent(`account:${own.id}`)}`}>{t('trail.own_done')}</Link>
          </li>
        ) : null}
      </ul>
    </Section>
  );
}
