import { describe, expect, it } from 'vitest';
import { asPrinted, wrongLines } from './secret';

describe('a report that is typed in', () => {
  // Of a line of zeros the check is its number.
  const sound = '0000001\n0000002\n0000003';
  it('is read as it is printed, whatever is typed', () => {
    expect(asPrinted('ooo0oo1 0000-002 l')).toBe('0000001\n0000002\n1');
  });
  it('tells each wrong line, and none that is not finished', () => {
    expect(wrongLines(sound)).toEqual([]);
    expect(wrongLines('0000001\n0000003\n00')).toEqual([2]);
    expect(wrongLines('0000002\n0000001')).toEqual([1, 2]);
  });
});
