// Orders to machines as the forms and lists see them. Pure.
import type { JsonObject, NewOrder, Order, OrderType, VerdictState } from '~/api/types';

// What only looks, or gives back, one person orders; what takes away needs a second (docs/format/orders.md).
export const looking = ['collect_now', 'collect_volatile'] as const satisfies OrderType[];
export const containing = ['isolate_network', 'block_address', 'stop_process'] as const satisfies OrderType[];
export const givingBack = ['release_network', 'unblock_address'] as const satisfies OrderType[];
// What is ordered of a file in the quarantine, where that file is shown, and not from the list of all orders.
export const ofQuarantine = ['restore_quarantined', 'delete_quarantined'] as const satisfies OrderType[];
export const isOfQuarantine = (type: OrderType): boolean =>
  (ofQuarantine as readonly OrderType[]).includes(type);
export const takesTwo = (type: OrderType): boolean =>
  type === 'delete_quarantined' || (containing as readonly OrderType[]).includes(type);

const hour = 3600;
export const isolationSeconds = [hour / 2, hour, 4 * hour, 8 * hour, 24 * hour, 72 * hour, 168 * hour];
export const blockingSeconds = [hour, 8 * hour, 24 * hour, 168 * hour, 720 * hour];
export const isolationDefault = 4 * hour;

export const stateOf: Record<Order['state'], VerdictState> = {
  waiting: 'due',
  taken: 'due',
  done: 'kept',
  refused: 'violated',
  failed: 'violated',
  expired: 'not_applicable',
  cancelled: 'not_applicable',
};

export interface OrderForm {
  type: OrderType;
  reason: string;
  seconds?: number | null; // null: for good.
  dns?: string[];
  dhcp?: boolean;
  address?: string;
  pid?: number;
  start_ticks?: number;
  path?: string;
  item?: string;
  sha256?: string;
}

const addressText = /^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i;
export const isAddress = (text: string): boolean =>
  addressText.test(text) && (text.includes(':') || text.split('.').every((part) => Number(part) <= 255));

// Only what belongs to the type; the hub refuses anything else.
export function wantedOf(form: OrderForm, incident: string | undefined): NewOrder {
  const out: NewOrder = { type: form.type, reason: form.reason.normalize('NFC').trim() };
  if (incident) out.case = incident;
  if (form.type === 'isolate_network') {
    out.seconds = form.seconds ?? isolationDefault;
    out.dns = (form.dns ?? []).map((each) => each.trim()).filter(Boolean);
    out.dhcp = form.dhcp ?? false;
  }
  if (form.type === 'block_address' && form.seconds) out.seconds = form.seconds;
  if (form.type === 'block_address' || form.type === 'unblock_address')
    out.address = (form.address ?? '').trim();
  if (form.type === 'stop_process') {
    if (form.pid !== undefined) out.pid = form.pid;
    if (form.start_ticks !== undefined) out.start_ticks = form.start_ticks;
    out.path = (form.path ?? '').trim();
  }
  if (isOfQuarantine(form.type)) {
    out.item = form.item ?? '';
    out.sha256 = form.sha256 ?? '';
  }
  return out;
}

// The order that undoes this one, where there is one.
export function undoing(order: Order): Partial<OrderForm> | null {
  if (order.state !== 'done') return null;
  if (order.type === 'isolate_network') return { type: 'release_network' };
  const { address } = order.parameters as JsonObject;
  if (order.type === 'block_address' && typeof address === 'string')
    return { type: 'unblock_address', address };
  return null;
}
