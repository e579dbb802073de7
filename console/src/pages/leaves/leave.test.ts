import { describe, expect, it } from 'vitest';
import type { Leave, LeaveItem } from '~/api/leaves';
import { endOf, groupsOf, isClear, itemActs, mayClose, mayWithdraw, stillAlive } from './leave';

const item = (kind: LeaveItem['kind'], more: Partial<LeaveItem> = {}): LeaveItem => ({
  id: kind,
  kind,
  title: { vi: kind, en: kind },
  ref: null,
  system: null,
  state: 'open',
  alive: false,
  seen_at: null,
  seq: null,
  owner: null,
  done_at: null,
  done_by: null,
  how: null,
  ...more,
});
const leave = (state: Leave['state'], open_items = 0) => ({ state, open_items }) as Leave;

describe('What may be done with an item', () => {
  it.each([
    ['an account in Lũy, which ends by itself', item('product_account'), ['waive']],
    ['an account on a device', item('device_account'), ['done', 'transfer', 'waive']],
    ['a machine', item('device', { ref: '01' }), ['done', 'transfer', 'waive']],
    ['a thing that somebody wrote down', item('device'), ['done', 'waive']],
    ['an account elsewhere', item('other_account'), ['done', 'waive']],
    ['what is done', item('other_account', { state: 'done' }), []],
    ['what is only previewed', item('other_account', { id: null }), []],
  ])('%s', (_, each, acts) => {
    expect(itemActs(leave('open'), each)).toEqual(acts);
  });
  it('nothing in a closed case', () => {
    expect(itemActs(leave('closed'), item('device_account'))).toEqual([]);
  });
  it('what the hub still sees is said', () => {
    expect(stillAlive(item('device_account', { alive: true }))).toBe(true);
    expect(stillAlive(item('device_account', { alive: true, state: 'done' }))).toBe(false);
  });
});

it('What lets somebody in stands first', () => {
  const list = [item('device'), item('other_account'), item('product_account'), item('device_account')];
  expect(groupsOf(list).map((each) => each.kind)).toEqual([
    'product_account',
    'device_account',
    'other_account',
    'device',
  ]);
});

it('A case closes when nothing is open, and is withdrawn only before it began', () => {
  expect([mayClose(leave('open', 0)), mayClose(leave('open', 1)), mayClose(leave('planned'))]).toEqual([
    true,
    false,
    false,
  ]);
  expect([mayWithdraw(leave('planned')), mayWithdraw(leave('open'))]).toEqual([true, false]);
  expect(isClear([item('device', { state: 'waived' })])).toBe(true);
});

it('The last day ends at midnight in Ho Chi Minh City', () => {
  expect(endOf('2026-11-30')).toBe('2026-11-30T17:00:00.000Z');
});
