// Goal: a picture of who talked to whom in which nothing lies on top of something else, and a table no spreadsheet runs.
import { describe, expect, it } from 'vitest';
import { csvOf } from '~/ui/csv';
import { graphHeight, graphWidth, layout } from './layout';

const star = (leaves: number) => {
  const ids = Array.from({ length: leaves + 1 }, (_, index) => `n${index}`);
  return { ids, edges: ids.slice(1).map((to) => ({ from: 'n0', to })) };
};

describe('The layout', () => {
  it.each([1, 5, 40, 79])(
    'of a star with %i leaves stays in the field, apart, and is always the same',
    (leaves) => {
      const { ids, edges } = star(leaves);
      const places = layout(ids, edges);
      const all = [...places.values()];
      expect(all).toHaveLength(leaves + 1);
      for (const { x, y } of all) {
        expect(x >= 0 && x <= graphWidth && y >= 0 && y <= graphHeight).toBe(true);
      }
      let nearest = Number.POSITIVE_INFINITY;
      all.forEach((a, index) => {
        for (const b of all.slice(index + 1)) nearest = Math.min(nearest, Math.hypot(a.x - b.x, a.y - b.y));
      });
      expect(nearest).toBeGreaterThan(16);
      expect([...layout(ids, edges)]).toEqual([...places]);
    },
  );
  it('takes nothing, one end, and an end that talks to itself or to one that is not drawn', () => {
    expect(layout([], []).size).toBe(0);
    expect(layout(['a'], [{ from: 'a', to: 'a' }]).get('a')).toEqual({
      x: graphWidth / 2,
      y: graphHeight / 2,
    });
    expect(layout(['a', 'b'], [{ from: 'a', to: 'z' }]).size).toBe(2);
  });
});

describe('CSV', () => {
  it('quotes, and leaves nothing that a spreadsheet takes for a formula', () => {
    expect(csvOf([['a"b', '=1+1', '-2', 'Nguồn']])).toBe('\uFEFF"a""b","\'=1+1","\'-2","Nguồn"\r\n');
  });
});
