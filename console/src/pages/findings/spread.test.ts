import { describe, expect, it } from 'vitest';
import { barsMax, spread } from './spread';

describe('spread', () => {
  it('puts every record into one bar between the first and the last', () => {
    const times = ['2026-11-22T10:00:00Z', '2026-11-22T10:00:01Z', '2026-11-22T11:00:00Z'];
    const bars = spread(times, '2026-11-22T10:00:00Z', '2026-11-22T11:00:00Z');
    expect(bars).toHaveLength(barsMax);
    expect(bars[0]?.count).toBe(2);
    expect(bars.at(-1)?.count).toBe(1);
    expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(3);
  });

  it('shows one moment as one bar and nothing as none', () => {
    const moment = '2026-11-22T10:00:00Z';
    expect(spread([moment, moment], moment, moment)).toEqual([
      { from: Date.parse(moment), until: Date.parse(moment) + 1000, count: 2 },
    ]);
    expect(spread([], moment, moment)).toEqual([]);
  });

  it('keeps records whose clock ran ahead in the last bar', () => {
    const bars = spread(['2026-11-22T12:00:00Z'], '2026-11-22T10:00:00Z', '2026-11-22T11:00:00Z');
    expect(bars.at(-1)?.count).toBe(1);
  });
});
