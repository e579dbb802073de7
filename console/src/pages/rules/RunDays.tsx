// Hits of each day as bars; the numbers are in a table beside them.
import { useLanguage } from '~/i18n';
import { formatDate, formatNumber } from '~/ui/format';
import { Section } from '~/ui/Page';
import { type DayCount, withoutGaps } from './bench';

const barWidth = 10;
const height = 72;

export function RunDays({ days }: { days: DayCount[] }) {
  const { t, language } = useLanguage();
  const whole = withoutGaps(days);
  const first = whole[0];
  const last = whole.at(-1);
  if (!first || !last || whole.length < 2) return null;
  const top = whole.reduce((best, each) => (each.hits > best.hits ? each : best), first);
  const scale = Math.max(1, top.hits);
  const words = (each: DayCount) =>
    t('runs.day_hits', {
      day: formatDate(each.day),
      hits: formatNumber(each.hits, language),
      events: formatNumber(each.events, language),
    });
  return (
    <Section title={t('runs.by_day')}>
      <figure className="run-days">
        <svg
          viewBox={`0 0 ${whole.length * barWidth} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t('runs.by_day_aria', {
            from: formatDate(first.day),
            until: formatDate(last.day),
            most: formatNumber(top.hits, language),
            day: formatDate(top.day),
          })}
        >
          {whole.map((each, index) => {
            // A day with any hit is seen.
            const tall = each.hits === 0 ? 0 : Math.max(2, (each.hits / scale) * (height - 4));
            return (
              <g key={each.day}>
                <title>{words(each)}</title>
                <rect x={index * barWidth} y={0} width={barWidth} height={height} className="run-day" />
                <rect
                  x={index * barWidth + 1}
                  y={height - tall}
                  width={barWidth - 2}
                  height={tall}
                  className="run-day-hits"
                />
              </g>
            );
          })}
        </svg>
        <figcaption>
          <span>{formatDate(first.day)}</span>
          <span>{words(top)}</span>
          <span>{formatDate(last.day)}</span>
        </figcaption>
      </figure>
      <details className="run-table">
        <summary>{t('runs.by_day_table')}</summary>
        <table className="table table-small" aria-label={t('runs.by_day')}>
          <thead>
            <tr>
              <th scope="col">{t('runs.day')}</th>
              <th scope="col" className="align-right">
                {t('runs.hits')}
              </th>
              <th scope="col" className="align-right">
                {t('runs.events')}
              </th>
            </tr>
          </thead>
          <tbody>
            {whole.map((each) => (
              <tr key={each.day}>
                <th scope="row">{formatDate(each.day)}</th>
                <td className="align-right">{formatNumber(each.hits, language)}</td>
                <td className="align-right">{formatNumber(each.events, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Section>
  );
}
