// The search in the address: words, a time range (relative, or two moments), agency and device.
import type { Field } from '~/ui/FieldTable';

export const ranges = ['15m', '1h', '6h', '24h', '7d', '30d', 'all'] as const;
export type Range = (typeof ranges)[number];
export const defaultRange: Range = '24h';

const milliseconds: Record<Exclude<Range, 'all'>, number> = {
  '15m': 15 * 60_000,
  '1h': 3_600_000,
  '6h': 6 * 3_600_000,
  '24h': 24 * 3_600_000,
  '7d': 7 * 24 * 3_600_000,
  '30d': 30 * 24 * 3_600_000,
};

export interface Span {
  from: string | undefined;
  until: string | undefined;
}

const whole = (time: number, step: number) => new Date(Math.ceil(time / step) * step).toISOString();

// Two moments when the address has them, else the range back from now, to whole minutes so that the cache is met again.
export function spanOfSearch(
  params: { from?: string | undefined; until?: string | undefined; range?: string | undefined },
  now: Date,
): Span {
  if (params.from || params.until) return { from: params.from, until: params.until };
  const range = ranges.find((each) => each === params.range) ?? defaultRange;
  if (range === 'all') return { from: undefined, until: undefined };
  return { from: whole(now.getTime() - milliseconds[range], 60_000), until: undefined };
}

// A histogram needs both ends. Without a beginning it starts with the first day kept (`kept`, when that is known), so
// that a young store is not one bar at the edge of an empty month.
export function closedSpan(span: Span, now: Date, kept?: string): { from: string; until: string } {
  const until = span.until ?? whole(now.getTime(), 60_000);
  if (span.from) return { from: span.from, until };
  if (kept && kept < until) return { from: kept, until };
  return { from: new Date(Date.parse(until) - milliseconds['30d']).toISOString(), until };
}

// The hub's search grammar: words, field:value, -not, "a phrase". A value with anything else in it is quoted; a quote
// inside a value cannot be written, so the value is cut before it.
export function quoted(value: string): string {
  if (/^[^\s":()-][^\s":()]*$/u.test(value)) return value;
  return `"${(value.split('"')[0] ?? '').trim()}"`;
}

export function withField(query: string, field: Field, exclude: boolean): string {
  const term = `${exclude ? '-' : ''}${field.name}:${quoted(field.value)}`;
  const present = query.trim();
  return present.includes(term) ? present : present === '' ? term : `${present} ${term}`;
}

const fieldTerm = /(^|\s)(-?)([a-z_@][\w.@-]*):("[^"]*"|[^\s"]+)/gi;

// The same search with "*" at both ends of its fields' values, where a value has to match whole; null when there is none
// to loosen.
export function loosened(query: string): string | null {
  const next = query.replace(fieldTerm, (term, gap: string, minus: string, name: string, value: string) => {
    const bare = value.replaceAll('"', '');
    if (minus || bare === '' || bare.includes('*')) return term;
    return `${gap}${name}:${/\s/.test(bare) ? `"*${bare}*"` : `*${bare}*`}`;
  });
  return next === query ? null : next;
}

// The moments of bar `index`.
export function bucketSpan(
  histogram: { from: string; bucket_seconds: number },
  index: number,
): { from: string; until: string } {
  const start = Date.parse(histogram.from) + index * histogram.bucket_seconds * 1000;
  return {
    from: new Date(start).toISOString(),
    until: new Date(start + histogram.bucket_seconds * 1000).toISOString(),
  };
}
