import { describe, expect, it } from 'vitest';
import { alphabet, type Fill, keyLength, newKey, spoken, wifiCode } from './key';

describe('a new key', () => {
  it('is long, of signs that are not taken for one another, and another each time', () => {
    const keys = new Set(Array.from({ length: 200 }, () => newKey()));
    expect(keys.size).toBe(200);
    for (const key of keys) {
      expect(key).toHaveLength(keyLength);
      expect([...key].every((sign) => alphabet.includes(sign))).toBe(true);
    }
    for (const unclear of 'il1o0') expect(alphabet).not.toContain(unclear);
  });

  it('drops bytes that would favour some signs', () => {
    let round = 0;
    const fill: Fill = (bytes) => {
      bytes.fill(round === 0 ? 255 : 0);
      round += 1;
    };
    expect(newKey(fill)).toBe('a'.repeat(keyLength));
    expect(round).toBe(2);
  });

  it('is read aloud in fours and scanned as one', () => {
    expect(spoken('abcdefgh')).toBe('abcd efgh');
    expect(wifiCode('UBND; tầng "2"', 'ab:c\\d')).toBe('WIFI:T:WPA;S:UBND\\; tầng \\"2\\";P:ab\\:c\\\\d;;');
  });
});
