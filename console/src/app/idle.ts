// What to do about a session at this moment. Pure.
const warnMillisecondsMax = 120_000;

export interface Idle {
  now: number;
  readAt: number; // When the hub last said when the session ends.
  expiresAt: string;
  touched: number; // When the person last did something.
}
export type Plan = { act: 'wait' } | { act: 'renew' } | { act: 'warn'; left: number } | { act: 'end' };

// The time between what the hub said and when it said it is how long it lets a session rest. A person who did something
// since then gets the session renewed after a third of that time; one who did not is warned in its last quarter.
export function planOf({ now, readAt, expiresAt, touched }: Idle): Plan {
  const end = Date.parse(expiresAt);
  const allowed = end - readAt;
  if (Number.isNaN(end) || readAt <= 0 || allowed <= 0) return { act: 'wait' };
  const left = touched + allowed - now;
  if (left <= 0) return { act: 'end' };
  const renewable = touched > readAt && now - readAt > allowed / 3;
  if (left <= Math.min(warnMillisecondsMax, allowed / 4)) return { act: 'warn', left };
  return renewable ? { act: 'renew' } : { act: 'wait' };
}
