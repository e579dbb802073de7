import { expect, it } from 'vitest';
import { queryOf } from './entry';

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
  [{ outcome: 'whatever', searches: '0' }, {}],
])('The filter %j asks for %j', (filter, query) => {
  expect(queryOf(filter)).toEqual(query);
});
