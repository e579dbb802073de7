// Who changed what of an agency's profile, the newest first; each opens on the profile as it was then.
import { Button } from 'antd';
import { useProfileHistory } from '~/api/agencies';
import type { ProfileVersion } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { ProfileView } from './Profile';

export function ProfileHistory({ agency }: { agency: string }) {
  const { t } = useLanguage();
  const query = useProfileHistory(agency);
  return (
    <Section title={t('profile.history')}>
      <Loaded query={query} rows={3}>
        {({ pages }) => {
          const versions = pages.flatMap((page) => page.items);
          return versions.length === 0 ? (
            <EmptyState why={t('profile.history_none')} />
          ) : (
            <>
              <p className="muted">{t('profile.history_help')}</p>
              <ul className="worklist">
                {versions.map((each) => (
                  <Version key={each.version} version={each} />
                ))}
              </ul>
              {query.hasNextPage ? (
                <p className="table-foot">
                  <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('profile.more')}
                  </Button>
                </p>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Version({ version }: { version: ProfileVersion }) {
  const { t, language } = useLanguage();
  const what = version.changed.map((part) => t(`profile_part.${part}`)).join(', ');
  return (
    <li data-version={version.version}>
      <details>
        <summary>
          <span className="worklist-title">
            {t('profile.version', { number: formatNumber(version.version, language) })}
          </span>{' '}
          <span className="muted">{what ? t('profile.changed', { what }) : t('profile.first')}</span>
        </summary>
        <ProfileView profile={version.profile} />
      </details>
      <span className="worklist-meta">
        {version.at ? <Time at={version.at} /> : null}
        <span>{version.by?.name ?? t('profile.by_server')}</span>
        {version.agreed_by ? <span>{t('profile.agreed', { name: version.agreed_by.name })}</span> : null}
      </span>
    </li>
  );
}
