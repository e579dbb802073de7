// Goal: the drawing of answer times is true to them, and what changed in a text is what is marked.
import { describe, expect, it } from 'vitest';
import { marked, type Point, shapeOf, spellsOf } from './latency';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 0, minute)).toISOString();
const points: Point[] = [
  { time: at(0), ms: 50, state: 'up' },
  { time: at(1), ms: 60, state: 'up' },
  { time: at(2), ms: null, state: 'down' },
  { time: at(3), ms: 200, state: 'slow' },
  { time: at(4), ms: 40, state: 'up' },
];

describe('Answer times', () => {
  const shape = shapeOf(points, Date.parse(at(0)), Date.parse(at(4)), 100);
  it('break where there was no answer', () => {
    expect(shape.lines.map((line) => line.split(' ').length)).toEqual([2, 2]);
    expect(shape.down).toEqual([{ x: 500, width: 250 }]);
    expect(shape.failures).toBe(1);
  });
  it('stand within the field, the limit below its upper edge', () => {
    expect(shape.top).toBeGreaterThan(100);
    for (const pair of shape.lines.join(' ').split(' ')) {
      const [x = -1, y = -1] = pair.split(',').map(Number);
      expect(x >= 0 && x <= 1000 && y >= 0 && y <= 100, pair).toBe(true);
    }
    expect(shape.median).toBe(50);
    expect(shape.most).toBe(200);
  });
  it('draw nothing of nothing', () => {
    expect(shapeOf([], 0, 1, null)).toMatchObject({ lines: [], down: [], most: 0 });
  });
  it('are told as spells of one state, newest first', () => {
    expect(spellsOf(points).map((each) => [each.state, each.worst])).toEqual([
      ['up', 40],
      ['slow', 200],
      ['down', null],
      ['up', 60],
    ]);
  });
});

describe('A changed text', () => {
  it.each([
    ['Cổng thông tin điện tử', 'Cổng đã bị hack điện tử', 'Cổng ', 'thông tin', 'đã bị hack', ' điện tử'],
    ['a', 'a', 'a', '', '', ''],
    ['', 'mới', '', '', 'mới', ''],
    ['aa', 'aaa', 'aa', '', 'a', ''],
  ])('%s → %s', (before, after, head, old, now, tail) => {
    expect(marked(before, after)).toEqual({ head, before: old, after: now, tail });
  });
});
