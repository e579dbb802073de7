import { describe, expect, it } from 'vitest';
import { placeOf, shortKey } from './place';

describe('Whose records a sender’s are', () => {
  it('is a device that is there, and nothing else is said', () => {
    expect(placeOf({ whose: 'known', device: 'd1', agency: 'a1', name: 'x' })).toEqual({ device: 'd1' });
  });
  it('is a new device of an agency, its name composed and trimmed', () => {
    expect(
      placeOf({ whose: 'new', agency: 'a1', name: ' Chuyê\u0309n mạch ', class: 'server', device: 'd1' }),
    ).toEqual({ agency: 'a1', name: 'Chuyển mạch', class: 'server' });
  });
  it('is network equipment unless somebody says otherwise', () => {
    expect(placeOf({ whose: 'new', agency: 'a1', name: 'x' }).class).toBe('network');
  });
});

it('A key is shown as far as people compare, an address whole', () => {
  expect(shortKey('a'.repeat(64))).toBe(`${'a'.repeat(32)}…`);
  expect(shortKey('2001:db8:0:0:0:0:0:1')).toBe('2001:db8:0:0:0:0:0:1');
});
