import { describe, expect, it } from 'vitest';
import { bars, outlook, windowOf } from './alert';

describe('What an alert would have done', () => {
  it('counts the windows above the limit, not those at it', () => {
    expect(outlook([0, 5, 6, 20], 5)).toEqual({ most: 20, alerts: 2 });
    expect(outlook([], 0)).toEqual({ most: 0, alerts: 0 });
  });
  it('is drawn in few bars without losing a peak', () => {
    const matches = Array.from({ length: 1440 }, (_, index) => (index === 777 ? 99 : 1));
    expect(bars(matches).length).toBeLessThanOrEqual(96);
    expect(Math.max(...bars(matches))).toBe(99);
    expect(bars([3, 1])).toEqual([3, 1]);
    expect(bars([])).toEqual([]);
  });
});

it.each([
  [60, 'minutes', 1],
  [600, 'minutes', 10],
  [3600, 'hours', 1],
  [86_400, 'days', 1],
] as const)('A window of %i seconds is said in %s', (seconds, unit, count) => {
  expect(windowOf(seconds)).toEqual({ unit, count });
});
