// Which alarms still ring, and which seals need to be set again. Pure.
import type { Alarm, SealedAccount } from '~/api/alarms';

export const rings = (alarm: Alarm): boolean => alarm.acknowledged_at === null;

// What rings first, then the newest.
export const inOrder = (alarms: Alarm[]): Alarm[] =>
  [...alarms].sort((a, b) => Number(rings(b)) - Number(rings(a)) || b.at.localeCompare(a.at));

export type SealState = 'broken' | 'used' | 'old' | 'whole';

export function sealState(one: SealedAccount, now: Date): SealState {
  if (one.broken) return 'broken';
  if (one.used_at !== null) return 'used';
  return Date.parse(one.reseal_due) <= now.getTime() ? 'old' : 'whole';
}
