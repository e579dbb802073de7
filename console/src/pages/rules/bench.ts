// What the bench works out by itself: how dear a rule is, what false alarms have in common, days without a gap. Pure.
import type { Field } from '~/ui/FieldTable';

// The peak that the hub is built for (docs/adr), in events of one second.
const peakEvents = 5_000;

// Below so many records the first ones, read from cold, decide what is measured.
export const costRecordsMin = 1_000;

export type CostLevel = 'tiny' | 'cheap' | 'fair' | 'dear';

// A rule is judged by the share of one processor that it takes at the peak.
export function costOf(nanoseconds: number): { level: CostLevel; share: number } {
  const share = (nanoseconds * peakEvents) / 1e9;
  const level = share < 0.001 ? 'tiny' : share < 0.01 ? 'cheap' : share < 0.05 ? 'fair' : 'dear';
  return { level, share: share * 100 };
}

// Fields that differ from record to record by their nature say nothing about why an alarm is false.
const passing =
  /^(@timestamp|event\.(created|ingested|start|end|sequence|id)|log\.|luy\.|process\.pid|message$)/;
// Those that usually name who or what it was.
const telling = new Set([
  'user.name',
  'source.user.name',
  'process.name',
  'process.executable',
  'source.ip',
  'destination.ip',
  'file.path',
  'host.name',
]);

export function commonFields(records: Field[][]): Field[] {
  const [first = [], ...others] = records;
  const known = others.map((fields) => new Set(fields.map(({ name, value }) => `${name}\n${value}`)));
  return first.filter(
    ({ name, value }) => !passing.test(name) && known.every((each) => each.has(`${name}\n${value}`)),
  );
}

export const isTelling = ({ name }: Field): boolean => telling.has(name);

// A Sigma selection that holds exactly for these values: wildcards in them stand for themselves.
export function selectionOf(fields: Field[]): string {
  const values = new Map<string, string[]>();
  for (const { name, value } of fields) values.set(name, [...(values.get(name) ?? []), value]);
  const scalar = (value: string) =>
    `'${value
      .replace(/([\\*?])/g, '\\$1')
      .replaceAll('\n', ' ')
      .replaceAll("'", "''")}'`;
  return [...values]
    .map(([name, list]) =>
      list.length === 1
        ? `${name}: ${scalar(list[0] as string)}`
        : `${name}|all:\n${list.map((each) => `  - ${scalar(each)}`).join('\n')}`,
    )
    .join('\n');
}

export interface DayCount {
  day: string;
  events: number;
  hits: number;
}

// The days from the first to the last, those without a record too.
export function withoutGaps(days: DayCount[]): DayCount[] {
  const sorted = [...days].sort((a, b) => (a.day < b.day ? -1 : 1));
  const known = new Map(sorted.map((each) => [each.day, each]));
  const first = sorted[0];
  const last = sorted.at(-1);
  if (!first || !last) return [];
  const out: DayCount[] = [];
  for (let at = Date.parse(first.day); at <= Date.parse(last.day); at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10);
    out.push(known.get(day) ?? { day, events: 0, hits: 0 });
  }
  return out;
}
