import { expect, it } from 'vitest';
import type { Alarm, SealedAccount } from '~/api/alarms';
import { inOrder, rings, sealState } from './alarm';

const alarm = (id: string, at: string, acknowledged_at: string | null) =>
  ({ id, at, acknowledged_at }) as Alarm;

it('What rings stands first, then the newest', () => {
  const list = [
    alarm('heard', '2026-11-23T05:00:00Z', '2026-11-23T06:00:00Z'),
    alarm('old', '2026-11-20T05:00:00Z', null),
    alarm('new', '2026-11-22T05:00:00Z', null),
  ];
  expect(inOrder(list).map((each) => each.id)).toEqual(['new', 'old', 'heard']);
  expect(list.filter(rings)).toHaveLength(2);
});

it.each([
  [{ broken: true, used_at: null }, 'broken'],
  [{ broken: false, used_at: '2026-11-01T00:00:00Z' }, 'used'],
  [{ broken: false, used_at: null, reseal_due: '2026-11-01T00:00:00Z' }, 'old'],
  [{ broken: false, used_at: null, reseal_due: '2027-11-01T00:00:00Z' }, 'whole'],
])('A seal %j is %s', (one, state) => {
  expect(sealState(one as SealedAccount, new Date('2026-11-23T00:00:00Z'))).toBe(state);
});
