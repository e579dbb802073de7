import { describe, expect, it } from 'vitest';
import { planOf } from './idle';

const minute = 60_000;
const base = { readAt: 1_000 * minute, expiresAt: new Date(1_015 * minute).toISOString() };
const at = (now: number, touched: number) =>
  planOf({ ...base, now: now * minute, touched: touched * minute });

describe('A session of 15 minutes', () => {
  it('rests while it is young', () => {
    expect(at(1_001, 1_001)).toEqual({ act: 'wait' });
  });
  it('is renewed when its person works', () => {
    expect(at(1_006, 1_005)).toEqual({ act: 'renew' });
    expect(at(1_014, 1_013)).toEqual({ act: 'renew' });
  });
  it('is not renewed when only the page works', () => {
    expect(at(1_012, 999)).toEqual({ act: 'warn', left: 2 * minute });
    expect(at(1_006, 999)).toEqual({ act: 'wait' });
  });
  it('warns in the last two minutes, then ends', () => {
    expect(at(1_013.5, 1_000)).toEqual({ act: 'warn', left: 1.5 * minute });
    expect(at(1_015, 1_000)).toEqual({ act: 'end' });
  });
});

it('A short session warns in its last quarter only', () => {
  const short = { readAt: 1, expiresAt: new Date(60_001).toISOString(), touched: 1 };
  expect(planOf({ ...short, now: 40_000 })).toEqual({ act: 'wait' });
  expect(planOf({ ...short, now: 50_001 })).toEqual({ act: 'warn', left: 10_000 });
});

it('Nothing is done about a time that cannot be read', () => {
  expect(planOf({ now: 5, readAt: 1, expiresAt: 'never', touched: 1 })).toEqual({ act: 'wait' });
  expect(planOf({ now: 5, readAt: 0, expiresAt: new Date().toISOString(), touched: 1 })).toEqual({
    act: 'wait',
  });
});
