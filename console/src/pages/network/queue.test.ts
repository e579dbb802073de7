import { describe, expect, it } from 'vitest';
import type { Stranger } from '~/api/network';
import { callsOf, inOrder, matches, standingOf } from './queue';

const one = (mac: string, more: Partial<Stranger> = {}): Stranger => ({
  agency: 'a',
  mac,
  random: false,
  addresses: ['10.0.0.9'],
  name: '',
  seen_by: [],
  first_seen: '2026-11-20T00:00:00Z',
  last_seen: '2026-11-23T00:00:00Z',
  seq: 1,
  overdue: false,
  decision: null,
  ...more,
});
const said = (kind: 'foreign' | 'guest') => ({
  kind,
  reason: 'Khách họp',
  by: 'An',
  at: '2026-11-21T00:00:00Z',
});

describe('the queue of unknown machines', () => {
  it('has first who waits longest, then what is to be found', () => {
    const rows = [
      one('guest', { decision: said('guest') }),
      one('late', { first_seen: '2026-11-22T00:00:00Z' }),
      one('foreign', { decision: said('foreign') }),
      one('early', { first_seen: '2026-11-01T00:00:00Z' }),
    ];
    expect(inOrder(rows).map((row) => row.mac)).toEqual(['early', 'late', 'foreign', 'guest']);
    expect(rows[0]?.mac).toBe('guest');
    expect(rows.map(standingOf)).toEqual(['guest', 'undecided', 'foreign', 'undecided']);
  });

  it('is searched by address, in whatever spelling, and by reason', () => {
    const row = one('00:11:22:33:44:55', { decision: said('guest') });
    expect(matches(row, '00-11-22')).toBe(true);
    expect(matches(row, '10.0.0')).toBe(true);
    expect(matches(row, 'khach hop')).toBe(true);
    expect(matches(row, 'may in')).toBe(false);
  });

  it('is decided on agency by agency, no more at once than the hub takes', () => {
    const many = Array.from({ length: 201 }, (_, at) => one(`m${at}`));
    const calls = callsOf([...many, one('x', { agency: 'b' })], { kind: 'guest', reason: 'Hội nghị' });
    expect(calls.map((call) => [call.agency, call.macs.length])).toEqual([
      ['a', 200],
      ['a', 1],
      ['b', 1],
    ]);
    expect(calls[2]).toEqual({ agency: 'b', macs: ['x'], kind: 'guest', reason: 'Hội nghị' });
    expect(callsOf([one('x')], null)).toEqual([{ agency: 'a', macs: ['x'] }]);
  });
});
