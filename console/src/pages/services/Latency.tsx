// Answer times as a line over the usual band; small in the list, large on the service's own page.
import { useMemo } from 'react';
import type { WatchedService } from '~/api/types';
import { useServiceHistory } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { formatDateTime, formatNumber } from '~/ui/format';
import { ErrorNote, Loading } from '~/ui/Page';
import { fieldHeight, fieldWidth, type Point, type Shape, shapeOf } from './latency';

type Baseline = WatchedService['baseline'];

export function Drawing({
  shape,
  baseline,
  label,
  className,
}: {
  shape: Shape;
  baseline: Baseline;
  label: string;
  className: string;
}) {
  const y = (ms: number) => (1 - Math.min(1, ms / shape.top)) * fieldHeight;
  return (
    <svg
      className={`latency ${className}`}
      viewBox={`0 0 ${fieldWidth} ${fieldHeight}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {baseline ? (
        <>
          <rect
            x={0}
            y={y(baseline.limit_ms)}
            width={fieldWidth}
            height={fieldHeight - y(baseline.limit_ms)}
            className="latency-band"
          />
          <line
            x1={0}
            x2={fieldWidth}
            y1={y(baseline.median_ms)}
            y2={y(baseline.median_ms)}
            className="latency-median"
          />
        </>
      ) : null}
      {shape.down.map((each) => (
        <rect
          key={each.x}
          x={each.x}
          y={0}
          width={each.width}
          height={fieldHeight}
          className="latency-down"
        />
      ))}
      {shape.lines.map((line) => (
        <polyline
          key={line.slice(0, 24)}
          points={line.includes(' ') ? line : `${line} ${line}`}
          className={line.includes(' ') ? 'latency-line' : 'latency-line latency-dot'}
        />
      ))}
    </svg>
  );
}

// The last day, small.
export function Sparkline({ service }: { service: WatchedService }) {
  const { t, language } = useLanguage();
  const query = useServiceHistory(service.id, { from: undefined, until: undefined });
  const shape = useMemo(() => drawn(query.data, service.baseline), [query.data, service.baseline]);
  if (!query.data) return <span className="latency latency-small" />;
  if (!shape) return <span className="muted">{t('services.trend_none')}</span>;
  return (
    <Drawing
      shape={shape}
      baseline={service.baseline}
      className="latency-small"
      label={t('services.trend_aria', {
        median: formatNumber(shape.median, language, 0),
        most: formatNumber(shape.most, language, 0),
        down: formatNumber(shape.failures, language),
      })}
    />
  );
}

function drawn(points: Point[] | undefined, baseline: Baseline): Shape | null {
  const first = points?.[0];
  const last = points?.at(-1);
  if (!points || !first || !last) return null;
  return shapeOf(points, Date.parse(first.time), Date.parse(last.time), baseline?.limit_ms ?? null);
}

export function LatencyChart({
  query,
  baseline,
}: {
  query: ReturnType<typeof useServiceHistory>;
  baseline: Baseline;
}) {
  const { t, language } = useLanguage();
  const points = query.data;
  const shape = useMemo(() => drawn(points, baseline), [points, baseline]);
  if (query.error) return <ErrorNote error={query.error} onRetry={() => void query.refetch()} />;
  if (!points) return <Loading rows={3} />;
  const first = points[0];
  const last = points.at(-1);
  if (!shape || !first || !last) return <p className="muted">{t('services.history_none')}</p>;
  const number = (value: number) => formatNumber(value, language, 0);
  return (
    <figure className="latency-figure">
      <span className="latency-top">{t('services.milliseconds', { number: number(shape.top) })}</span>
      <Drawing
        shape={shape}
        baseline={baseline}
        className="latency-large"
        label={t('services.history_aria', {
          from: formatDateTime(first.time),
          until: formatDateTime(last.time),
          median: number(shape.median),
          most: number(shape.most),
          down: number(shape.failures),
        })}
      />
      <figcaption>
        <span>{formatDateTime(first.time)}</span>
        <span>{t('services.history_band')}</span>
        <span>{formatDateTime(last.time)}</span>
      </figcaption>
    </figure>
  );
}
