import { describe, expect, it } from 'vitest';
import type { Agency } from '~/api/types';
import { dayOf, isDay, numberOf, uncountedOn } from './days';
import { planOf } from './plan';

const agency = (id: string, superior: string | null, valid_to: string | null = null): Agency => ({
  id,
  code: id.toUpperCase(),
  name: id,
  kind: superior ? 'unit' : 'town',
  superior,
  valid_from: '2020-01-01',
  valid_to,
});
const town = [agency('town', null), agency('school', 'town'), agency('office', 'town')];
const base = { day: '2025-07-01', basis: 'NQ 1686', agencies: ['town'] };

describe('A plan', () => {
  it('splits a town into two wards, as in 2025: both keep the records, what was below goes on below the first', () => {
    const plan = planOf(
      {
        ...base,
        kind: 'split',
        bodies: [
          { name: 'Phường A', code: 'A', kind: 'commune' },
          { name: 'Phường B', code: 'B', kind: 'commune' },
        ],
      },
      town,
    );
    expect(plan.creates?.map((each) => [each.key, each.superior])).toEqual([
      ['new-1', ''],
      ['new-2', ''],
    ]);
    expect(plan.closes?.[0]?.successors).toEqual([
      { agency: 'new-1', keeps_records: true, takes_people: true, takes_roles: true },
      { agency: 'new-2', keeps_records: true, takes_people: false, takes_roles: false },
    ]);
    expect(plan.changes).toEqual([
      { agency: 'school', superior: 'new-1' },
      { agency: 'office', superior: 'new-1' },
    ]);
  });
  it('merges into one that exists without making another', () => {
    const plan = planOf({ ...base, kind: 'merge', agencies: ['school'], into: 'office' }, town);
    expect(plan.creates).toEqual([]);
    expect(plan.closes).toEqual([
      {
        agency: 'school',
        successors: [{ agency: 'office', keeps_records: true, takes_people: true, takes_roles: true }],
      },
    ]);
    expect(plan.changes).toEqual([]);
  });
  it('renames and moves without ending anything', () => {
    expect(planOf({ ...base, kind: 'rename', agencies: ['school'], name: 'S' }, town)).toEqual({
      day: '2025-07-01',
      basis: 'NQ 1686',
      changes: [{ agency: 'school', name: 'S', header_name: null }],
    });
    expect(planOf({ ...base, kind: 'move', agencies: ['school'], superior: 'office' }, town).changes).toEqual(
      [{ agency: 'school', superior: 'office' }],
    );
  });
});

describe('Days', () => {
  it('count on over months and leap years', () => {
    expect(dayOf(numberOf('2024-02-28') + 1)).toBe('2024-02-29');
    expect(dayOf(numberOf('2025-12-31') + 1)).toBe('2026-01-01');
    expect(dayOf(numberOf('2025-07-01'))).toBe('2025-07-01');
  });
  it('in an address are days or nothing', () => {
    expect(['2025-07-01', '1.7.2025', '', undefined].map(isDay)).toEqual([true, false, false, false]);
  });
});

describe('The tree of a day ahead', () => {
  it('leaves out each plan that waits for a day until then, once and in order', () => {
    const planned = ['2026-12-04', '2026-11-30', '2026-12-04', '2027-01-01'];
    expect(uncountedOn('2026-12-04', planned)).toEqual(['2026-11-30', '2026-12-04']);
    expect(uncountedOn('2026-11-29', planned)).toEqual([]);
  });
});
