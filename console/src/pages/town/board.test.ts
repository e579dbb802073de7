// Goal: the board counts the right rows and puts the agency that needs most first.
import { describe, expect, it } from 'vitest';
import type { TownAgency, TownItem } from '~/api/caseworkTypes';
import { byShortfall, fallsShort, ofPart, parts, receivesForTown } from './board';

const item = (more: Partial<TownItem>): TownItem => ({
  kind: 'case',
  id: '1',
  number: 'SC-2026-001',
  agency: { id: 'a', name: 'A' },
  title: '',
  at: '2026-11-20T01:00:00Z',
  state: 'step_1',
  state_title: { vi: '', en: '' },
  received_at: '2026-11-20T02:00:00Z',
  received_by: 'x',
  assignee: { account: 'b', name: 'B' },
  severity: null,
  next_due: null,
  overdue: false,
  support_open: 0,
  ...more,
});
const row = (name: string, overdue: number, unreceived: number, support_open = 0): TownAgency => ({
  agency: { id: name, name },
  open: 3,
  overdue,
  unreceived,
  support_open,
});

describe('The board', () => {
  it('shows of the queue what is asked for', () => {
    const all = [
      item({ id: 'settled' }),
      item({ id: 'unreceived', received_at: null }),
      item({ id: 'unassigned', assignee: null }),
      item({ id: 'support_open', support_open: 2 }),
      item({ id: 'overdue', overdue: true }),
    ];
    for (const part of parts.slice(1)) expect(ofPart(all, part).map((each) => each.id)).toEqual([part]);
    expect(ofPart(all, 'open')).toHaveLength(all.length);
  });
  it('lets who holds a role of the pack receive', () => {
    const grants = [{ role: 'staff' }, { role: 'culture_office' }];
    expect(receivesForTown(grants, ['town_office', 'culture_office'])).toBe(true);
    expect(receivesForTown([{ role: 'town_office' }], ['culture_office'])).toBe(false);
    expect(receivesForTown([], undefined)).toBe(true);
  });
  it('puts what is late before what nobody received, and that before help asked for', () => {
    const rows = [row('Đ', 0, 0), row('B', 0, 0, 4), row('C', 0, 3), row('A', 1, 0)];
    const order = byShortfall(rows, (a, b) => a.localeCompare(b, 'vi'));
    expect(order.map((each) => each.agency.name)).toEqual(['A', 'C', 'B', 'Đ']);
    expect(order.filter(fallsShort)).toHaveLength(3);
  });
});
