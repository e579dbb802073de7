import { describe, expect, it } from 'vitest';
import type { Overview, Verdict } from '~/api/types';
import { pack } from '../../../mock/pack';
import { groupOverdue, matrixOf, openAtFirst, sumCells, trendOf } from './matrix';

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

it('Overdue work is one entry for each duty, the one broken longest first', () => {
  const verdict = (obligation: string, agency: string, since: string) =>
    ({ obligation, agency, since, subject: { id: since } }) as unknown as Verdict;
  const groups = groupOverdue([verdict('x', 'a', '3'), verdict('y', 'a', '1'), verdict('x', 'b', '2')]);
  expect(groups.map((group) => group.map((each) => each.since))).toEqual([['1'], ['2', '3']]);
});
