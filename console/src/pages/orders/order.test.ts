// Goal: an order says what its type needs and nothing else; what takes away needs two people; what is undone is named.
import { describe, expect, it } from 'vitest';
import type { Order } from '~/api/types';
import {
  containing,
  givingBack,
  isAddress,
  looking,
  ofQuarantine,
  takesTwo,
  undoing,
  wantedOf,
} from './order';

const given = (order: Partial<Order>) => order as Order;

describe('An order', () => {
  it('holds only what belongs to its type', () => {
    const all = { reason: ' Nghi mã độc ', address: ' 203.0.113.9 ', pid: 7, start_ticks: 9, path: '/tmp/x' };
    expect(wantedOf({ ...all, type: 'collect_now' }, 'SC-2026-001')).toEqual({
      type: 'collect_now',
      reason: 'Nghi mã độc',
      case: 'SC-2026-001',
    });
    expect(wantedOf({ ...all, type: 'block_address', seconds: null }, undefined)).toEqual({
      type: 'block_address',
      reason: 'Nghi mã độc',
      address: '203.0.113.9',
    });
    expect(wantedOf({ ...all, type: 'stop_process' }, undefined)).toEqual({
      type: 'stop_process',
      reason: 'Nghi mã độc',
      pid: 7,
      start_ticks: 9,
      path: '/tmp/x',
    });
    expect(wantedOf({ ...all, type: 'delete_quarantined', item: '01jd', sha256: 'ab' }, undefined)).toEqual({
      type: 'delete_quarantined',
      reason: 'Nghi mã độc',
      item: '01jd',
      sha256: 'ab',
    });
    expect(wantedOf({ ...all, type: 'isolate_network', dns: [' 192.0.2.1 ', ''] }, undefined)).toEqual({
      type: 'isolate_network',
      reason: 'Nghi mã độc',
      seconds: 14400,
      dns: ['192.0.2.1'],
      dhcp: false,
    });
  });

  it('needs two people exactly where it takes away', () => {
    expect(containing.every(takesTwo)).toBe(true);
    expect([...looking, ...givingBack].some(takesTwo)).toBe(false);
    expect(ofQuarantine.filter(takesTwo)).toEqual(['delete_quarantined']);
  });

  it('is undone by its opposite once it is done', () => {
    const parameters = { address: '203.0.113.9' } as unknown as Order['parameters'];
    const block = { type: 'block_address' as const, parameters };
    expect(undoing(given({ ...block, state: 'done' }))).toEqual({
      type: 'unblock_address',
      address: '203.0.113.9',
    });
    expect(undoing(given({ ...block, state: 'waiting' }))).toBeNull();
    expect(undoing(given({ type: 'isolate_network', parameters: {}, state: 'done' }))).toEqual({
      type: 'release_network',
    });
    expect(undoing(given({ type: 'stop_process', parameters: {}, state: 'done' }))).toBeNull();
  });
});

describe('An address', () => {
  it.each([
    ['203.0.113.9', true],
    ['2001:db8::1', true],
    ['203.0.113.999', false],
    ['203.0.113', false],
    ['xau.example', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(isAddress(text)).toBe(expected);
  });
});
