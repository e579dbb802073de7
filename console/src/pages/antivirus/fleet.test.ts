import { describe, expect, it } from 'vitest';
import type { SignatureDevice } from '~/api/signatures';
import { standingOf, worstFirst } from './fleet';

const row = (name: string, more: Partial<SignatureDevice> = {}): SignatureDevice => ({
  device: { id: name, name },
  agency: { id: 'a', name: 'Phường' },
  clamav: '1.4.3',
  signatures_date: '2026-11-23T00:00:00Z',
  age_days: 1,
  stale: false,
  told_at: null,
  result: null,
  why: null,
  files: [],
  current: 0,
  wanted: 0,
  ...more,
});

describe('where a machine stands', () => {
  it('is judged by the worst of it', () => {
    expect(standingOf(row('a'))).toBe('fresh');
    expect(standingOf(row('a', { signatures_date: null, age_days: null }))).toBe('unknown');
    expect(standingOf(row('a', { current: 1, wanted: 2 }))).toBe('behind');
    expect(standingOf(row('a', { stale: true, current: 1, wanted: 2 }))).toBe('stale');
    expect(standingOf(row('a', { stale: true, result: 'failed' }))).toBe('failed');
    expect(standingOf(row('a', { result: 'rolled_back' }))).toBe('failed');
    expect(standingOf(row('a', { result: 'waiting', current: 0, wanted: 1 }))).toBe('behind');
  });
  it('puts the worst first, and the oldest before the others of its kind', () => {
    const rows = [row('c'), row('b', { stale: true, age_days: 9 }), row('a', { stale: true, age_days: 30 })];
    expect(worstFirst(rows).map((each) => each.device.name)).toEqual(['a', 'b', 'c']);
  });
});
