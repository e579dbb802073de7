import { describe, expect, it } from 'vitest';
import { safeNext } from './next';
import { passwordRules } from './passwordRules';

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
