// The search in the address: words, a time range (relative, or two moments), agency and device.
import { ApiError } from '~/api/client';
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

// A value as the search language takes it (docs/format/search.md): what holds a sign with a meaning is quoted.
export function quoted(value: string): string {
  if (/^[\p{L}\p{N}_.@][\p{L}\p{N}_.@-]*$/u.test(value)) return value;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

// Beside a question with an alternative at its top, a further condition would belong to one side alone.
const hasAlternative = /(^|\s)OR(\s|$)/;
const besides = (present: string) => (hasAlternative.test(present) ? `(${present})` : present);

export function withField(question: string, field: Field, exclude: boolean): string {
  // A name that the language cannot write: the value alone, anywhere in the line.
  const name = /^[\w.@]+$/.test(field.name) ? `${field.name}:` : '';
  const term = `${exclude ? '-' : ''}${name}${quoted(field.value)}`;
  const present = question.trim();
  if (present === '') return term;
  return present.includes(term) ? present : `${besides(present)} ${term}`;
}

const term = /(^|[\s(])(-?)(?:([\w.@]+):)?("(?:[^"\\]|\\.)*"|[^\s"()]+)/g;
const keywords = new Set(['AND', 'OR', 'NOT']);
const looks = /[*?[\]<>/\\]/;

// The same question with "*" at both ends of every word and value that has to match whole; null when there is none to loosen.
export function loosened(question: string): string | null {
  const next = question.replace(
    term,
    (whole, gap: string, minus: string, name: string | undefined, value: string) => {
      const bare = value.startsWith('"') ? value.slice(1, -1) : value;
      if (minus || bare === '' || looks.test(bare) || /[\s:]/.test(bare) || (!name && keywords.has(bare)))
        return whole;
      return `${gap}${name ? `${name}:` : ''}*${bare}*`;
    },
  );
  return next === question ? null : next;
}

// Where and why the hub could not read a question; null of any other error.
export interface Fault {
  at: number; // Of the character, from 1.
  why: { vi: string; en: string };
}

export function faultOf(error: unknown): Fault | null {
  if (!(error instanceof ApiError) || error.code !== 'evidence.question_invalid') return null;
  const [, at, why] = /(\d+): (.+?)\.?$/s.exec(error.text.vi) ?? [];
  if (!at || !why) return null;
  const cut = why.indexOf(' / ');
  return {
    at: Number(at),
    why: cut < 0 ? { vi: why, en: why } : { vi: why.slice(0, cut), en: why.slice(cut + 3) },
  };
}

// The question cut at the fault: what was read, the character where reading stopped, the rest. Characters are counted as
// people count them, not as the language of the browser stores them.
export function cutAt(question: string, at: number): [string, string, string] {
  const letters = [...question];
  return [letters.slice(0, at - 1).join(''), letters[at - 1] ?? '', letters.slice(at).join('')];
}

// Whether the live tail, which knows words, phrases, field:value and a minus, understands the question.
export function tailTakes(question: string): boolean {
  const left = question.replace(term, (_, gap: string, _minus, _name, value: string) =>
    value.startsWith('"') || (!keywords.has(value) && !/[<>[\]/!?\\]/.test(value)) ? gap : '(',
  );
  return !/[()"]/.test(left);
}

// How much of a span, searched from its end backwards, has been looked at: 0 to 1.
export function doneShare(reached: string, from: string, until: string): number {
  const [at, begin, end] = [reached, from, until].map((each) => Date.parse(each)) as [number, number, number];
  return end > begin ? Math.min(1, Math.max(0, (end - at) / (end - begin))) : 1;
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
