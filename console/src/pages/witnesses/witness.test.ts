import { expect, it } from 'vitest';
import { isKey, keyKind, networksOf, sizeOf } from './witness';

const key = (first: number) =>
  `luy/0123456789abcdef+0a1b2c3d+${btoa(String.fromCharCode(first, ...new Array<number>(32).fill(251)))}`;

it('A key of a witness and that of a log are told apart, also where a "+" stands in them', () => {
  expect(isKey(key(4))).toBe(true);
  expect(keyKind(key(4))).toBe('witness');
  expect(keyKind(` ${key(1)}\n`)).toBe('log');
  expect(keyKind('luy+0a1b2c3d+%%%')).toBeNull();
  expect(isKey('luy+0a1b2c3+AQ==')).toBe(false);
  expect(isKey('khoa kiem')).toBe(false);
});

it('Networks may stand on lines or behind commas', () => {
  expect(networksOf('10.0.0.0/8, 192.168.1.0/24\n 172.16.0.0/12')).toEqual([
    '10.0.0.0/8',
    '192.168.1.0/24',
    '172.16.0.0/12',
  ]);
  expect(networksOf(undefined)).toEqual([]);
});

it('What is no checkpoint has no size', () => {
  expect(sizeOf('luy/0\n5120\nAAAA\n\n— luy/0 AAAAAAAA\n')).toBe(5120);
  expect(sizeOf('')).toBeNull();
});
