// When the records of a finding came, as bars over time. The drawing says in words what it shows.
import { useLanguage } from '~/i18n';
import { formatDateTime, formatNumber } from '~/ui/format';
import { spread } from './spread';

const height = 48;

export function Spread({
  times,
  first,
  last,
  more,
}: {
  times: string[];
  first: string;
  last: string;
  more: boolean;
}) {
  const { t, language } = useLanguage();
  const bars = spread(times, first, last);
  if (bars.length < 2) return null;
  const most = bars.reduce((found, bar) => (bar.count > found.count ? bar : found));
  const words = t('findings.spread_words', {
    number: formatNumber(times.length, language),
    first: formatDateTime(first),
    last: formatDateTime(last),
    most: formatNumber(most.count, language),
    at: formatDateTime(new Date(most.from)),
  });
  return (
    <figure className="spread">
      <svg
        viewBox={`0 0 ${bars.length} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
        focusable="false"
      >
        {bars.map((bar, index) =>
          bar.count > 0 ? (
            <rect
              key={bar.from}
              x={index + 0.1}
              width={0.8}
              y={height - Math.max(3, (bar.count / most.count) * height)}
              height={Math.max(3, (bar.count / most.count) * height)}
            />
          ) : null,
        )}
      </svg>
      <figcaption className="muted">
        {words}
        {more ? ` ${t('findings.spread_more')}` : ''}
      </figcaption>
    </figure>
  );
}
