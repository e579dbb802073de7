import { expect, it } from 'vitest';
import { pageOf, queryOf } from './entry';

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
