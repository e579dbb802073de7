// What is known of each source on each day: whole, with gaps, silent, damaged. Pure.
import type { CoverageDay, Silence, SourceCoverage } from '~/api/custodyTypes';

// From the worst to the best; of several sources the worst is shown.
export const dayStates = ['damaged', 'gap', 'silent', 'part', 'none', 'whole', 'absent'] as const;
export type DayState = (typeof dayStates)[number];

export interface Cell {
  day: string;
  state: DayState;
  records: number;
  missing: number;
  dropped: number;
}

export interface SourceLine {
  id: string;
  name: string;
  agency: { id: string; name: string };
  source: SourceCoverage;
  cells: Cell[];
}

export interface AgencyLine {
  id: string;
  name: string;
  cells: Cell[];
  sources: SourceLine[];
}

const dayMilliseconds = 86_400_000;
const startOf = (day: string) => Date.parse(`${day}T00:00:00+07:00`);
export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMilliseconds).toISOString().slice(0, 10);

// Both ends belong to it; oldest first.
export function daysBetween(from: string, until: string): string[] {
  const out: string[] = [];
  for (let day = from; day <= until; day = addDays(day, 1)) out.push(day);
  return out;
}

const silentOn = (silence: Silence, day: string, now: Date): boolean => {
  const start = startOf(day);
  const end = Math.min(start + dayMilliseconds, now.getTime());
  const ended = silence.ended_at ? Date.parse(silence.ended_at) : now.getTime();
  return Date.parse(silence.began_at) < end && ended > start;
};

// `stored`: days of which the hub has a file, and whether that is damaged.
export function cellOf(
  day: string,
  entry: CoverageDay | undefined,
  silences: Silence[],
  stored: ReadonlyMap<string, boolean>,
  now: Date,
): Cell {
  const records = entry?.records ?? 0;
  const missing = entry?.missing_batches ?? 0;
  const dropped = entry?.dropped_records ?? 0;
  const silent = silences.some((each) => silentOn(each, day, now));
  const state: DayState =
    entry?.damaged || stored.get(day)
      ? 'damaged'
      : missing > 0 || dropped > 0
        ? 'gap'
        : silent
          ? records > 0
            ? 'part'
            : 'silent'
          : records > 0
            ? 'whole'
            : stored.has(day)
              ? 'none'
              : 'absent';
  return { day, state, records, missing, dropped };
}

export const worst = (states: DayState[]): DayState =>
  dayStates.find((state) => states.includes(state)) ?? 'absent';

export interface Known {
  items: SourceCoverage[];
  silences: Silence[];
  stored: ReadonlyMap<string, boolean>;
  days: string[];
  now: Date;
}

const sum = (cells: Cell[], pick: (cell: Cell) => number) =>
  cells.reduce((total, cell) => total + pick(cell), 0);

// The lines of the calendar, agencies by name, in each its sources by name.
export function linesOf(known: Known, compare: (a: string, b: string) => number): AgencyLine[] {
  const silences = new Map<string, Silence[]>();
  for (const each of known.silences) {
    const list = silences.get(each.device.id);
    if (list) list.push(each);
    else silences.set(each.device.id, [each]);
  }
  const agencies = new Map<string, AgencyLine>();
  for (const source of known.items) {
    const entries = new Map(source.days.map((entry) => [entry.day, entry]));
    const own = silences.get(source.device.id) ?? [];
    const line: SourceLine = {
      id: source.device.id,
      name: source.device.name,
      agency: source.agency,
      source,
      cells: known.days.map((day) => cellOf(day, entries.get(day), own, known.stored, known.now)),
    };
    const agency = agencies.get(source.agency.id) ?? { ...source.agency, cells: [], sources: [] };
    agency.sources.push(line);
    agencies.set(source.agency.id, agency);
  }
  for (const agency of agencies.values()) {
    agency.sources.sort((a, b) => compare(a.name, b.name));
    agency.cells = known.days.map((day, at) => {
      const cells = agency.sources.map((line) => line.cells[at] as Cell);
      return {
        day,
        state: worst(cells.map((cell) => cell.state)),
        records: sum(cells, (cell) => cell.records),
        missing: sum(cells, (cell) => cell.missing),
        dropped: sum(cells, (cell) => cell.dropped),
      };
    });
  }
  return [...agencies.values()].sort((a, b) => compare(a.name, b.name));
}

// What one would have to look at: something is missing, not only not there yet.
export const isWrong = (state: DayState): boolean =>
  state === 'damaged' || state === 'gap' || state === 'silent' || state === 'part';

export const countsOf = (cells: Cell[]): Map<DayState, number> => {
  const out = new Map<DayState, number>();
  for (const { state } of cells) out.set(state, (out.get(state) ?? 0) + 1);
  return out;
};

// Where an arrow key leads in a grid of `rows` × `columns`; null: nowhere.
export function step(key: string, at: [number, number], rows: number, columns: number) {
  const [row, column] = at;
  const next: Record<string, [number, number]> = {
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    Home: [row, 0],
    End: [row, columns - 1],
    PageUp: [0, column],
    PageDown: [rows - 1, column],
  };
  const to = next[key];
  if (!to) return null;
  const [r, c] = to;
  return r >= 0 && r < rows && c >= 0 && c < columns ? to : null;
}

// Days of the evidence are days in Asia/Ho_Chi_Minh (src/base/clock.h).
export function dayBounds(day: string): { from: string; until: string } {
  const start = startOf(day);
  return { from: new Date(start).toISOString(), until: new Date(start + dayMilliseconds).toISOString() };
}
