import { expect, it } from 'vitest';
import { reached } from './disk';

const disk = (used: number, growth: number, days = 28) => ({
  total_bytes: 1000,
  free_bytes: 1000 - 10 * used,
  growth_bytes_per_day: growth,
  days_measured: days,
});

it('A mark is reached after as many whole days as its share of the disk lasts', () => {
  expect(reached(disk(60, 10), 70, '2026-11-23')).toEqual({ state: 'on', day: '2026-12-03', days: 10 });
  expect(reached(disk(60, 30), 70, '2026-11-23')).toEqual({ state: 'on', day: '2026-11-26', days: 3 });
  expect(reached(disk(60, 10), 100, '2026-11-23')).toMatchObject({ days: 40 });
});

it('What is passed, does not grow, is far off or was measured too briefly has no day', () => {
  expect(reached(disk(85, 10), 85, '2026-11-23')).toEqual({ state: 'passed' });
  expect(reached(disk(60, 0), 70, '2026-11-23')).toEqual({ state: 'far' });
  expect(reached(disk(60, -5), 70, '2026-11-23')).toEqual({ state: 'far' });
  expect(reached(disk(0, 0.1), 70, '2026-11-23')).toEqual({ state: 'far' });
  expect(reached(disk(60, 10, 2), 70, '2026-11-23')).toEqual({ state: 'unknown' });
});
