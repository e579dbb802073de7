import { expect, it } from 'vitest';
import type { RetentionRule } from '~/api/custodyTypes';
import { lineageOf, termOf } from './terms';

const rule = (more: Partial<RetentionRule>): RetentionRule => ({
  id: 'r',
  agency: null,
  class: null,
  keep_days: 30,
  erase_after_days: null,
  reason: '',
  decided_by: [],
  decided_at: '2026-11-01T00:00:00Z',
  ...more,
});
const known = (rules: RetentionRule[]) => ({
  default_days: 90,
  floor_days: 30,
  floors: [{ agency: { id: 'ward', name: '' }, days: 92, level: 3, basis: { vi: '', en: '' } }],
  rules,
});

it('Without a rule the floor holds, and more where a system of a higher level stands', () => {
  expect(termOf(known([]), [], 'server')).toEqual({ keep: 30, by: null, eraseAfter: null });
  expect(termOf(known([]), ['ward', 'town'], 'server').keep).toBe(92);
  expect(termOf(known([]), ['school', 'town'], 'server').keep).toBe(30);
});

it('The longest keeps and the shortest erases, of all that apply', () => {
  const town = { id: 'town', name: '' };
  const rules = [
    rule({ id: '1', keep_days: 40, erase_after_days: 400 }),
    rule({ id: '2', agency: town, class: 'workstation', keep_days: 60, erase_after_days: 120 }),
  ];
  const term = termOf(known(rules), ['school', 'town'], 'workstation');
  expect([term.keep, term.by?.id, term.eraseAfter]).toEqual([60, '2', 120]);
  expect(termOf(known(rules), ['school', 'town'], 'server').keep).toBe(40);
  expect(termOf(known(rules), [], 'workstation').eraseAfter).toBe(400);
});

it('Where they contradict each other, keeping wins; the audit trail is never erased before its file', () => {
  const rules = [rule({ keep_days: 200 }), rule({ id: '2', keep_days: 30, erase_after_days: 60 })];
  expect(termOf(known(rules), [], 'network')).toMatchObject({ keep: 200, eraseAfter: 200 });
  expect(termOf(known(rules), [], 'audit').eraseAfter).toBeNull();
});

it('A lineage goes up to the top and does not go round', () => {
  const all = [
    { id: 'a', superior: 'b' },
    { id: 'b', superior: 'a' },
    { id: 'c', superior: null },
  ];
  expect(lineageOf('a', all)).toEqual(['a', 'b']);
  expect(lineageOf('c', all)).toEqual(['c']);
});
