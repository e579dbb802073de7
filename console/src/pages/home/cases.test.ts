import { expect, it } from 'vitest';
import type { Incident } from '~/api/incidentTypes';
import { restOf } from './cases';

const open = (id: string, next_due: string | null) => ({ id, next_due }) as Incident;

it('Cases that are reminded of are not told twice; the nearest term stands first, none last', () => {
  const list = [
    open('late', null),
    open('far', '2026-12-01T00:00:00Z'),
    open('told', '2026-11-01T00:00:00Z'),
    open('near', '2026-11-24T00:00:00Z'),
  ];
  expect(restOf(list, new Set(['told'])).map((each) => each.id)).toEqual(['near', 'far', 'late']);
});
