// Goal: certificates are called by their names, and one that ends is seen before it does.
import { expect, it } from 'vitest';
import { commonName, lookOf } from './trust';

it('A certificate is called by its common name', () => {
  for (const [whole, name] of [
    ['CN=Ban Cơ yếu Chính phủ,O=Ban Cơ yếu,C=VN', 'Ban Cơ yếu Chính phủ'],
    ['C=VN, O=Ban Cơ yếu, CN=Root CA', 'Root CA'],
    ['/C=VN/CN=Root CA/O=x', 'Root CA'],
    ['CN=Sở A\\, tỉnh B,C=VN', 'Sở A, tỉnh B'],
    ['O=no name', 'O=no name'],
  ] as const)
    expect(commonName(whole)).toBe(name);
});

it('A certificate is in force, about to end, or not in force', () => {
  const span = { not_before: '2020-01-01T00:00:00Z', not_after: '2030-01-01T00:00:00Z' };
  expect(lookOf(span, new Date('2026-01-01'))).toBe('kept');
  expect(lookOf(span, new Date('2029-12-01'))).toBe('due');
  expect(lookOf(span, new Date('2030-01-02'))).toBe('violated');
  expect(lookOf(span, new Date('2019-12-31'))).toBe('violated');
});
