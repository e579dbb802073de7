import { Button } from 'antd';
import { useEndSession, useSessions } from '~/api/identity';
import { useLanguage } from '~/i18n';
import { ErrorNote, Loaded, Section } from '~/ui/Page';
import { Age, Time } from '~/ui/Time';
import { programOf } from './program';

export function SessionSection() {
  const { t } = useLanguage();
  const sessions = useSessions();
  const end = useEndSession();
  return (
    <Section title={t('account.sessions')}>
      {end.error ? <ErrorNote error={end.error} /> : null}
      <Loaded query={sessions} rows={2}>
        {(list) => (
          <ul className="worklist">
            {list.map((session) => (
              <li key={session.id} className="worklist-line">
                <div>
                  <span className="worklist-title">
                    {programOf(session.program) ?? t('account.unknown_program')} · {session.address}
                  </span>
                  <span className="muted">
                    {t('account.since')} <Time at={session.created_at} /> · {t('account.last_seen')}{' '}
                    <Age at={session.last_seen} />
                    {session.public_place ? ` · ${t('account.public_place')}` : ''}
                  </span>
                </div>
                {session.present ? (
                  <span className="muted">{t('account.present')}</span>
                ) : (
                  <Button
                    aria-label={t('account.end_of', { address: session.address })}
                    loading={end.isPending && end.variables === session.id}
                    onClick={() => end.mutate(session.id)}
                  >
                    {t('account.end')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}
