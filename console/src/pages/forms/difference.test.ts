// Goal: the difference of two texts makes the second out of the first, and says as little as it can.
import { describe, expect, it } from 'vitest';
import { difference, lineOf, shortened } from './difference';

const old = 'id: x\nfields:\n  - a\n  - b\nbody: []';

describe('The difference of two texts', () => {
  for (const next of [old, 'id: x\nfields:\n  - a\n  - c\n  - b\nbody: []', 'body: []', '', `${old}\nmore`]) {
    it(`gives both back: ${JSON.stringify(next.slice(-20))}`, () => {
      const lines = difference(old, next);
      const side = (kind: 'gone' | 'new') =>
        lines
          .filter((line) => line.kind === 'same' || line.kind === kind)
          .map((line) => line.text)
          .join('\n');
      expect(side('gone')).toBe(old);
      expect(side('new')).toBe(next);
      if (next === old) expect(lines.every((line) => line.kind === 'same')).toBe(true);
    });
  }
  it('numbers the lines of both sides', () => {
    expect(difference('a\nb', 'a\nc\nb')).toEqual([
      { kind: 'same', text: 'a', before: 1, after: 1 },
      { kind: 'new', text: 'c', before: null, after: 2 },
      { kind: 'same', text: 'b', before: 2, after: 3 },
    ]);
  });
  it('leaves out what is far from any change', () => {
    const many = Array.from({ length: 20 }, (_, line) => `line ${line}`);
    const changed = [...many];
    changed[10] = 'other';
    const shown = shortened(difference(many.join('\n'), changed.join('\n')), 2);
    expect(shown[0]).toBeNull();
    expect(shown.at(-1)).toBeNull();
    expect(shown.filter((line) => line !== null)).toHaveLength(6);
    expect(shortened(difference(old, old))).toEqual([null]);
  });
});

describe('A fault', () => {
  it('names its line in both languages, or none', () => {
    expect(lineOf('có khóa lạ tại bao-cao.yaml:340:1: titel')).toBe(340);
    expect(lineOf('bao-cao.yaml: dòng 12, cột 3: khóa lạ')).toBe(12);
    expect(lineOf('Line 7, column 1')).toBe(7);
    expect(lineOf('không đọc được')).toBeNull();
  });
});
