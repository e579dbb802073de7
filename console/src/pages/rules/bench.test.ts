// Goal: the bench says true things about cost and writes exceptions that mean what was ticked.
import { describe, expect, it } from 'vitest';
import { commonFields, costOf, selectionOf, withoutGaps } from './bench';

describe('The cost of a rule', () => {
  it.each([
    [50, 'tiny', 0.025],
    [1_000, 'cheap', 0.5],
    [5_000, 'fair', 2.5],
    [50_000, 'dear', 25],
  ])('of %i ns per record is %s', (nanoseconds, level, share) => {
    expect(costOf(nanoseconds).level).toBe(level);
    expect(costOf(nanoseconds).share).toBeCloseTo(share);
  });
});

describe('An exception', () => {
  const backup = { name: 'user.name', value: 'sao_luu' };
  const host = { name: 'host.name', value: 'may-01' };
  it('is drafted from what all marked records share, without what only dates them', () => {
    const time = { name: '@timestamp', value: '2026-11-22' };
    expect(
      commonFields([
        [backup, host, time],
        [time, backup],
      ]),
    ).toEqual([backup]);
    expect(commonFields([[backup, host]])).toEqual([backup, host]);
    expect(commonFields([])).toEqual([]);
  });
  it('takes wildcards and quotes in a value as they are', () => {
    expect(selectionOf([{ name: 'file.path', value: "C:\\a*b?'c" }])).toBe("file.path: 'C:\\\\a\\*b\\?''c'");
  });
  it('asks for all values of a field that has several', () => {
    expect(selectionOf([backup, { name: 'user.name', value: 'hai' }, host])).toBe(
      "user.name|all:\n  - 'sao_luu'\n  - 'hai'\nhost.name: 'may-01'",
    );
  });
});

describe('Days', () => {
  it('have no gap between the first and the last', () => {
    const days = [
      { day: '2026-11-01', events: 5, hits: 1 },
      { day: '2026-10-30', events: 2, hits: 0 },
    ];
    expect(withoutGaps(days).map((each) => each.day)).toEqual(['2026-10-30', '2026-10-31', '2026-11-01']);
    expect(withoutGaps([])).toEqual([]);
  });
});
