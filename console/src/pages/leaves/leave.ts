// What a case of a leaver asks for next, and what may be done with each of its items. Pure.
import type { Leave, LeaveItem } from '~/api/leaves';

// In the order in which a case is worked off: what lets somebody in goes first.
export const itemKinds = [
  'product_account',
  'device_account',
  'other_account',
  'device',
  'signature',
  'api_token',
  'delegation',
  'appointment',
  'commitment',
] as const;
export type ItemKind = (typeof itemKinds)[number];

export type ItemAct = 'done' | 'transfer' | 'waive';

const endsItself = new Set(['product_account', 'signature', 'delegation', 'api_token', 'appointment']);

export function itemActs(leave: Leave, item: LeaveItem): ItemAct[] {
  if (leave.state === 'closed' || item.state !== 'open' || item.id === null) return [];
  // An account in Lũy and what hangs on it end by themselves on the last day, an appointment where it is kept; nobody ticks
  // them off.
  if (endsItself.has(item.kind)) return ['waive'];
  const handed = item.kind === 'device_account' || (item.kind === 'device' && item.ref !== null);
  return handed ? ['done', 'transfer', 'waive'] : ['done', 'waive'];
}

// "Done" by hand is refused of what the hub still sees alive: said before it is tried. A commitment may be signed on paper,
// which the hub does not see.
export const stillAlive = (item: LeaveItem): boolean =>
  item.state === 'open' && item.alive && item.kind !== 'commitment';

export function groupsOf(items: LeaveItem[]): { kind: string; items: LeaveItem[] }[] {
  const order = (kind: string) => {
    const at = (itemKinds as readonly string[]).indexOf(kind);
    return at < 0 ? itemKinds.length : at;
  };
  const kinds = [...new Set(items.map((each) => each.kind))].sort((a, b) => order(a) - order(b));
  return kinds.map((kind) => ({ kind, items: items.filter((each) => each.kind === kind) }));
}

// The end of the last day in Ho Chi Minh City.
export const endOf = (day: string): string => new Date(Date.parse(`${day}T17:00:00Z`)).toISOString();

export const mayWithdraw = (leave: Leave): boolean => leave.state === 'planned';
export const mayClose = (leave: Leave): boolean => leave.state === 'open' && leave.open_items === 0;

// What is said instead of a description of the items where there are none.
export const isClear = (items: LeaveItem[]): boolean => items.every((each) => each.state !== 'open');
