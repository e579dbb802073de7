import { expect, it } from 'vitest';
import type { CoverageDay, Silence, SourceCoverage } from '~/api/custodyTypes';
import { addDays, cellOf, countsOf, dayBounds, daysBetween, linesOf, step, worst } from './coverage';

const now = new Date('2026-11-23T05:00:00Z'); // Noon of the 23rd in Vietnam.
const stored = new Map([
  ['2026-11-21', false],
  ['2026-11-22', false],
  ['2026-11-23', false],
]);
const sent = (day: string, more: Partial<CoverageDay> = {}): CoverageDay => ({
  day,
  records: 10,
  missing_batches: 0,
  dropped_records: 0,
  first: `${day}T01:00:00Z`,
  last: `${day}T02:00:00Z`,
  damaged: false,
  ...more,
});
const silence = (from: string, to: string | null): Silence => ({
  device: { id: 'd1', name: 'may-1' },
  agency: { id: 'a', name: 'A' },
  began_at: from,
  ended_at: to,
  began_seq: 1,
  ended_seq: null,
});
const state = (day: string, entry?: CoverageDay, silences: Silence[] = [], of = stored) =>
  cellOf(day, entry, silences, of, now).state;

it('A day is as bad as the worst that is known of it', () => {
  const day = '2026-11-22';
  expect(state(day, sent(day))).toBe('whole');
  expect(state(day, sent(day, { missing_batches: 1 }))).toBe('gap');
  expect(state(day, sent(day, { dropped_records: 3 }))).toBe('gap');
  expect(state(day, sent(day, { missing_batches: 1, damaged: true }))).toBe('damaged');
  expect(state(day, undefined)).toBe('none');
  expect(state('2026-11-20', undefined)).toBe('absent');
  expect(state(day, sent(day), [], new Map([[day, true]]))).toBe('damaged');
});

it('A silence is of the days of Vietnam that it touches, up to now', () => {
  // From 22:00 of the 21st to 02:00 of the 22nd, in Vietnam.
  const short = [silence('2026-11-21T15:00:00Z', '2026-11-21T19:00:00Z')];
  expect(state('2026-11-21', sent('2026-11-21'), short)).toBe('part');
  expect(state('2026-11-22', sent('2026-11-22'), short)).toBe('part');
  expect(state('2026-11-23', sent('2026-11-23'), short)).toBe('whole');
  const open = [silence('2026-11-21T17:00:00Z', null)];
  expect(state('2026-11-21', sent('2026-11-21'), open)).toBe('whole');
  expect(state('2026-11-22', undefined, open)).toBe('silent');
  expect(state('2026-11-23', undefined, open)).toBe('silent');
  expect(state('2026-11-24', undefined, open)).toBe('absent');
});

it('Lines stand by agency and name, and an agency shows the worst of its sources', () => {
  const source = (id: string, agency: string, days: CoverageDay[]): SourceCoverage => ({
    device: { id, name: id },
    agency: { id: agency, name: agency },
    class: 'server',
    days,
    days_covered: days.length,
    gaps: 0,
    silent_since: null,
  });
  const days = ['2026-11-22', '2026-11-23'];
  const lines = linesOf(
    {
      items: [
        source('d2', 'b', [sent('2026-11-22')]),
        source(
          'd9',
          'a',
          days.map((day) => sent(day)),
        ),
        source('d1', 'a', [sent('2026-11-22', { missing_batches: 2 }), sent('2026-11-23')]),
      ],
      silences: [],
      stored,
      days,
      now,
    },
    (x, y) => x.localeCompare(y),
  );
  expect(lines.map((line) => line.sources.map((each) => each.id))).toEqual([['d1', 'd9'], ['d2']]);
  expect(lines[0]?.cells.map((cell) => [cell.state, cell.records, cell.missing])).toEqual([
    ['gap', 20, 2],
    ['whole', 20, 0],
  ]);
  expect(countsOf(lines.flatMap((line) => line.sources.flatMap((each) => each.cells)))).toEqual(
    new Map([
      ['gap', 1],
      ['whole', 4],
      ['none', 1],
    ]),
  );
});

it('The worst of nothing is that there is nothing', () => {
  expect(worst([])).toBe('absent');
  expect(worst(['whole', 'none', 'damaged', 'gap'])).toBe('damaged');
});

it('Days are counted over months, and a day begins at midnight in Vietnam', () => {
  expect(daysBetween('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  expect(dayBounds('2026-11-23')).toEqual({
    from: '2026-11-22T17:00:00.000Z',
    until: '2026-11-23T17:00:00.000Z',
  });
});

it('Arrow keys walk within the calendar and no further', () => {
  expect(step('ArrowLeft', [0, 3], 2, 4)).toEqual([0, 2]);
  expect(step('ArrowRight', [0, 3], 2, 4)).toBeNull();
  expect(step('ArrowDown', [0, 3], 2, 4)).toEqual([1, 3]);
  expect(step('ArrowDown', [1, 3], 2, 4)).toBeNull();
  expect(step('Home', [1, 3], 2, 4)).toEqual([1, 0]);
  expect(step('PageDown', [0, 1], 2, 4)).toEqual([1, 1]);
  expect(step('a', [0, 1], 2, 4)).toBeNull();
});
