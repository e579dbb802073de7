import { Link } from 'react-router-dom';
import { useTimeline } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { StateTag } from '~/ui/StateTag';
import { Time } from '~/ui/Time';

export function DeviceTimeline({ device }: { device: string }) {
  const { t, local } = useLanguage();
  const query = useTimeline(device);
  return (
    <Loaded query={query} rows={8}>
      {(entries) =>
        entries.length === 0 ? (
          <EmptyState why={t('devices.no_timeline')} />
        ) : (
          <ol className="timeline">
            {entries.map((entry, index) => (
              <li key={`${entry.at} ${String(index)}`} className={entry.state ? `state-${entry.state}` : ''}>
                <Time at={entry.at} seconds />
                {entry.state ? (
                  <StateTag state={entry.state} />
                ) : (
                  <span className="timeline-kind">{t(`timeline.${entry.kind}`)}</span>
                )}
                {entry.obligation ? (
                  <Link to={`/verdicts/${entry.obligation}/${encodeURIComponent(device)}`}>
                    {local(entry.title)}
                  </Link>
                ) : (
                  <span>{local(entry.title)}</span>
                )}
                {entry.seq === null ? null : <SealLink seq={entry.seq} />}
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}
