import { expect, it } from 'vitest';
import type { ApiToken } from '~/api/tokens';
import { expiryOf, ordered, tokenState } from './token';

const now = new Date('2026-11-23T06:00:00Z');
const token = (id: string, expires_at: string, revoked_at: string | null = null) =>
  ({ id, expires_at, revoked_at }) as ApiToken;

it.each([
  ['2026-12-01T00:00:00Z', null, 'living'],
  ['2026-11-01T00:00:00Z', null, 'over'],
  ['2026-12-01T00:00:00Z', '2026-11-20T00:00:00Z', 'ended'],
] as const)('A token until %s, ended %s, is %s', (until, ended, state) => {
  expect(tokenState(token('a', until, ended), now)).toBe(state);
});

it('Those that work stand first, by what ends next', () => {
  const list = [
    token('over', '2026-01-01T00:00:00Z'),
    token('late', '2027-01-01T00:00:00Z'),
    token('soon', '2026-12-01T00:00:00Z'),
  ];
  expect(ordered(list, now).map((each) => each.id)).toEqual(['soon', 'late', 'over']);
});

it('A token ends with its last day in Ho Chi Minh City, and never later than the hub allows', () => {
  expect(expiryOf('2026-11-30', now)).toBe('2026-11-30T16:59:59.000Z');
  expect(Date.parse(expiryOf('2028-01-01', now)) - now.getTime()).toBeLessThan(366 * 86_400_000);
});
