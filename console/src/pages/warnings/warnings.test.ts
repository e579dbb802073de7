// Goal: the matrix shows first who falls behind, and offers each receiver the act that is next.
import { describe, expect, it } from 'vitest';
import type { WarningReceiver } from '~/api/incidentTypes';
import { byNeed, nextAct } from './matrix';

const receiver = (name: string, done: number, late = false): WarningReceiver => ({
  agency: { id: name, name },
  read_at: done > 0 ? 'x' : null,
  read_by: null,
  read_seq: null,
  acted_at: done > 1 ? 'x' : null,
  acted_by: null,
  acted_seq: null,
  reported_at: done > 2 ? 'x' : null,
  reported_by: null,
  reported_seq: null,
  report: '',
  late,
});

describe('A receiver', () => {
  it('reads, acts, reports, in this order', () => {
    expect([0, 1, 2, 3].map((done) => nextAct(receiver('a', done)))).toEqual([
      'read',
      'acted',
      'reported',
      null,
    ]);
  });
  it('that is late comes first, then who is furthest behind, then by name', () => {
    const list = [receiver('d', 3), receiver('c', 0), receiver('b', 0), receiver('a', 2, true)];
    expect(byNeed(list, (a, b) => a.localeCompare(b)).map((each) => each.agency.id)).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });
});
