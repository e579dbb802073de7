import { describe, expect, it } from 'vitest';
import type { Overview } from '~/api/types';
import { pack } from '../../../mock/pack';
import { byNeed, matrixOf, openAtFirst, shortfalls, sumCells, trendOf } from './matrix';

const counts = { kept: 0, due: 0, violated: 0, unknown: 0, not_applicable: 0 };
const cell = (violated: number, since: string | null, weekAgo: number | null) => ({
  state: 'violated' as const,
  counts: { ...counts, violated },
  violatedSince: since,
  weekAgo,
});

describe('An article’s cell', () => {
  it('sums its obligations: worst state, oldest violation, last week’s number', () => {
    const sum = sumCells([
      { state: 'kept', counts: { ...counts, kept: 3 }, violatedSince: null, weekAgo: 1 },
      cell(2, '2026-11-02T00:00:00Z', 2),
      cell(1, '2026-11-01T00:00:00Z', 0),
    ]);
    expect(sum).toEqual({
      state: 'violated',
      counts: { ...counts, kept: 3, violated: 3 },
      violatedSince: '2026-11-01T00:00:00Z',
      weekAgo: 3,
    });
  });
  it('never guesses a trend: one unknown part makes it unknown', () => {
    expect(sumCells([cell(1, null, 1), cell(1, null, null)]).weekAgo).toBeNull();
    expect(trendOf(cell(1, null, null))).toBeNull();
  });
  it('says whether it gets worse or better, and by how many', () => {
    expect(trendOf(cell(3, null, 1))).toEqual({ direction: 'worse', by: 2 });
    expect(trendOf(cell(0, null, 1))).toEqual({ direction: 'better', by: 1 });
    expect(trendOf(cell(1, null, 1))).toEqual({ direction: 'same', by: 0 });
  });
  it('without obligations has no state', () => {
    expect(sumCells([])).toEqual({ state: null, counts, violatedSince: null, weekAgo: null });
  });
});

describe('The matrix', () => {
  const agency = { id: 'a', code: 'A', name: 'A', superior: null, valid_from: '2018-01-01', valid_to: null };
  const overview: Overview = {
    computed_at: '2026-11-22T00:00:00Z',
    agencies: [agency],
    articles: pack.articles.map((article) => ({
      article: article.number,
      title: article.title,
      obligations: pack.obligations.filter((each) => each.article === article.number).map((each) => each.id),
    })),
    cells: [
      {
        obligation: '5.2-patching',
        agency: 'a',
        state: 'violated',
        counts: { ...counts, violated: 1 },
        violated_since: '2026-11-01T00:00:00Z',
        violated_week_ago: 0,
      },
    ],
    totals: { ...counts, violated: 1 },
  };
  const chapters = matrixOf(overview, pack);
  it('follows the regulation: chapters, then articles in order, 10b after 10', () => {
    expect(chapters).toHaveLength(3);
    const numbers = chapters.flatMap((chapter) => chapter.articles.map((row) => row.article.number));
    expect(numbers).toEqual(['4', '5', '6', '7', '8', '9', '10', '10b', '11', '12', '13', '14', '15', '17']);
  });
  it('opens where something asks for attention, unless there are many agencies', () => {
    expect([...openAtFirst(chapters, 1, false)]).toEqual(['5']);
    expect([...openAtFirst(chapters, 12, false)]).toEqual([]);
    expect([...openAtFirst(chapters, 1, true)]).toEqual([]);
  });
});

describe('A town of forty agencies', () => {
  const agencies = Array.from({ length: 40 }, (_, index) => ({
    id: String(index),
    code: String(index),
    name: `Trường ${index}`,
    superior: null,
    valid_from: '2018-01-01',
    valid_to: null,
  }));
  const overview: Overview = {
    computed_at: '2026-11-22T00:00:00Z',
    agencies,
    articles: pack.articles.map((article) => ({
      article: article.number,
      title: article.title,
      obligations: pack.obligations.filter((each) => each.article === article.number).map((each) => each.id),
    })),
    cells: pack.obligations.flatMap((obligation) =>
      agencies.map((agency, index) => ({
        obligation: obligation.id,
        agency: agency.id,
        state: 'violated' as const,
        counts: {
          ...counts,
          kept: 10,
          violated: index === 7 ? 2 : index === 30 ? 1 : 0,
          due: index === 3 ? 1 : 0,
        },
        violated_since: index === 7 ? '2026-11-01T00:00:00Z' : null,
        violated_week_ago: 0,
      })),
    ),
    totals: counts,
  };
  const chapters = matrixOf(overview, pack);
  it('begins with those that fall short, then goes by name', () => {
    const order = byNeed(agencies, chapters).map((agency) => agency.id);
    expect(order.slice(0, 6)).toEqual(['7', '30', '3', '0', '1', '2']);
    expect(byNeed(agencies.slice(0, 12), chapters).map((agency) => agency.id)[0]).toBe('0');
  });
});

it('What is to be put right is one entry for each duty, the one broken longest first, counted over all agencies', () => {
  const cellOf = (obligation: string, agency: string, violated: number, since: string | null) => ({
    obligation,
    agency,
    state: 'violated' as const,
    counts: { ...counts, violated },
    violated_since: since,
    violated_week_ago: null,
  });
  const found = shortfalls([
    cellOf('x', 'a', 3, '2026-11-03T00:00:00Z'),
    cellOf('y', 'a', 1, '2026-11-01T00:00:00Z'),
    cellOf('x', 'b', 400, '2026-11-02T00:00:00Z'),
    cellOf('z', 'b', 0, null),
  ]);
  expect(found).toEqual([
    { obligation: 'y', violated: 1, agencies: ['a'], since: '2026-11-01T00:00:00Z' },
    { obligation: 'x', violated: 403, agencies: ['a', 'b'], since: '2026-11-02T00:00:00Z' },
  ]);
});
