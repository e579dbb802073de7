import { expect, it } from 'vitest';
import { exportOf, pageOf, queryOf } from './entry';

it.each([
  [{}, {}],
  [{ searches: '1' }, { searches: 'true' }],
  [
    { person: 'quantri', object: 'account:01', outcome: 'failed' },
    { person: 'quantri', object: 'account:01', outcome: 'not_done' },
  ],
  [
    { act: 'role_grant', outcome: 'done' },
    { act: 'role_grant', outcome: 'done' },
  ],
  [
    { agency: '01', alarm: '1' },
    { agency: '01', alarm: 'true' },
  ],
  [
    { type: 'account', outcome: 'refused' },
    { object_type: 'account', outcome: 'refused' },
  ],
  // One object says its type.
  [{ type: 'device', object: 'account:01' }, { object: 'account:01' }],
  [{ outcome: 'whatever', searches: '0', alarm: 'yes' }, {}],
])('The filter %j asks for %j', (filter, query) => {
  expect(queryOf(filter)).toEqual(query);
});

it.each([
  ['account:01', 'people/01'],
  ['rule:a/b:c', 'rules/a%2Fb%3Ac'],
  ['session:01', null],
  ['rules', null],
  ['device:', null],
])('What %j is about is at %j', (object, page) => {
  expect(pageOf(object)).toBe(page);
});

it.each([
  [{}, null],
  [{ act: 'sign_in', until: '2026-01-01T00:00:00Z', alarm: 'true' as const }, null],
  [{ person: 'quantri' }, { person: 'quantri' }],
  [
    { object_type: 'account', alarm: 'true' as const, searches: 'true' as const },
    { object_type: 'account', alarm: true, searches: true },
  ],
  [{ from: '2026-01-01T00:00:00Z' }, { from: '2026-01-01T00:00:00Z' }],
])('Of the question %j is handed out %j', (query, wanted) => {
  expect(exportOf(query)).toEqual(wanted);
});
