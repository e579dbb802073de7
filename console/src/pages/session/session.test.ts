import { describe, expect, it } from 'vitest';
import { keyOf, portalFault, safeNext } from './next';
import { passwordRules } from './passwordRules';
import { isPortal } from './portal';

it.each([
  ['/proof/12', '/proof/12'],
  ['/logs?q=a', '/logs?q=a'],
  [null, '/'],
  ['', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?next=/x', '/'],
])('After signing in, %j leads to %s', (next, path) => {
  expect(safeNext(next)).toBe(path);
});

it.each([
  ['directory.identity_unlinked', 'unlinked'],
  ['identity_unlinked', 'unlinked'],
  ['directory.account_disabled', 'disabled'],
  ['directory.id_token_refused', 'refused'],
  ['source.unreachable', 'unreachable'],
  ['<b>whatever', 'other'],
  ['', null],
  [null, null],
])('Coming back with %j is told as %s', (error, fault) => {
  expect(portalFault(error)).toBe(fault);
});

it('A key to tie is shown only if it can be one', () => {
  expect(keyOf('8f14e45f-ceea')).toBe('8f14e45f-ceea');
  expect(keyOf('call 0900 000 000 now')).toBe('');
  expect(keyOf(null)).toBe('');
});

it.each([
  ['https://sso.thanhhoa.gov.vn/authorize?state=1', true],
  ['http://127.0.0.1:9000/authorize', true],
  ['http://sso.thanhhoa.gov.vn/authorize', false],
  ['https://sso@evil.example/', false],
  ['javascript:alert(1)', false],
  ['data:text/html,a', false],
  ['/sign-in', false],
  ['', false],
])('%j is an address of a portal to go on to: %s', (address, good) => {
  expect(isPortal(address)).toBe(good);
});

describe('The rules of a password', () => {
  const person = { username: 'quantri', current: 'mot-lan-4448-dung' };
  const broken = (password: string) =>
    passwordRules(password, person)
      .filter((rule) => !rule.met)
      .map((rule) => rule.key);
  it.each([
    ['trâu chậm uống nước đục', []],
    ['ngắn quá', ['length']],
    ['aaaaaaaaaaaaaa', ['not_simple']],
    ['Quantri-2026-bimson', ['not_name']],
    ['mot-lan-4448-dung', ['not_old']],
  ])('%s breaks %j', (password, rules) => {
    expect(broken(password)).toEqual(rules);
  });
  it('count letters, not bytes', () => {
    expect(broken('ăâđêôơưỳỵỷỹừ')).toEqual([]);
  });
});
