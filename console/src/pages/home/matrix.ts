// The matrix's rows: chapters hold articles, articles hold obligations; an article's cell sums its obligations' cells.
import type { Agency, Article, Counts, Overview, OverviewCell, Pack, VerdictState } from '~/api/types';
import { compareArticles, compareText } from '~/ui/format';
import { addCounts, noCounts, worstState } from '~/ui/state';

export interface Cell {
  state: VerdictState | null; // null: nothing is judged here.
  counts: Counts;
  violatedSince: string | null;
  weekAgo: number | null;
}
export interface ObligationRow {
  obligation: string;
  cells: Map<string, Cell>;
}
export interface ArticleRow {
  article: Article;
  obligations: ObligationRow[];
  cells: Map<string, Cell>;
}
export interface ChapterRows {
  chapter: string;
  articles: ArticleRow[];
}

const earliest = (a: string | null, b: string | null) => (a === null ? b : b === null || a < b ? a : b);

export function sumCells(cells: Cell[]): Cell {
  const counts = cells.reduce((sum, cell) => addCounts(sum, cell.counts), noCounts);
  return {
    state: worstState(counts),
    counts,
    violatedSince: cells.reduce<string | null>((oldest, cell) => earliest(oldest, cell.violatedSince), null),
    // One unknown part makes the sum unknown: a trend is never guessed.
    weekAgo: cells.reduce<number | null>(
      (sum, cell) => (sum === null || cell.weekAgo === null ? null : sum + cell.weekAgo),
      cells.length ? 0 : null,
    ),
  };
}

const cellOf = (cell: OverviewCell): Cell => ({
  state: worstState(cell.counts),
  counts: cell.counts,
  violatedSince: cell.violated_since,
  weekAgo: cell.violated_week_ago,
});

export function matrixOf(overview: Overview, pack: Pack): ChapterRows[] {
  const cells = new Map<string, Map<string, Cell>>();
  for (const cell of overview.cells) {
    const row = cells.get(cell.obligation) ?? new Map<string, Cell>();
    row.set(cell.agency, cellOf(cell));
    cells.set(cell.obligation, row);
  }
  const obligationsOf = new Map(overview.articles.map((entry) => [entry.article, entry.obligations]));
  const articles = [...pack.articles]
    .filter((article) => obligationsOf.has(article.number))
    .sort((a, b) => compareArticles(a.number, b.number));
  const chapters: ChapterRows[] = [];
  for (const article of articles) {
    const obligations = (obligationsOf.get(article.number) ?? []).map((obligation) => ({
      obligation,
      cells: cells.get(obligation) ?? new Map<string, Cell>(),
    }));
    const sums = new Map(
      overview.agencies.map((agency) => [
        agency.id,
        sumCells(obligations.flatMap((row) => row.cells.get(agency.id) ?? [])),
      ]),
    );
    let chapter = chapters.at(-1);
    if (chapter?.chapter !== article.chapter) {
      chapter = { chapter: article.chapter, articles: [] };
      chapters.push(chapter);
    }
    chapter.articles.push({ article, obligations, cells: sums });
  }
  return chapters;
}

export type Trend = { direction: 'worse' | 'better' | 'same'; by: number };

export function trendOf(cell: Cell): Trend | null {
  if (cell.weekAgo === null) return null;
  const change = cell.counts.violated - cell.weekAgo;
  return { direction: change > 0 ? 'worse' : change < 0 ? 'better' : 'same', by: Math.abs(change) };
}

// Up to this many agencies a cell has room for words, and up to this many a name can be read across.
export const wideMax = 3;
export const acrossMax = 6;

// From so many agencies on a cell has room for a sign and a number only.
export const denseMin = 13;

// Many agencies do not fit a screen, so those that fall short stand first: most violations, then most duties due soon.
export function byNeed(agencies: Agency[], chapters: ChapterRows[]): Agency[] {
  if (agencies.length < denseMin) return agencies;
  const sums = new Map(
    agencies.map((agency) => [
      agency.id,
      sumCells(
        chapters.flatMap((chapter) => chapter.articles.flatMap((row) => row.cells.get(agency.id) ?? [])),
      ).counts,
    ]),
  );
  const need = (agency: Agency, state: 'violated' | 'due') => sums.get(agency.id)?.[state] ?? 0;
  return [...agencies].sort(
    (a, b) =>
      need(b, 'violated') - need(a, 'violated') ||
      need(b, 'due') - need(a, 'due') ||
      compareText(a.name, b.name),
  );
}

// Articles where something asks for attention are open when the page opens, if there is room.
export function openAtFirst(chapters: ChapterRows[], agencies: number, phone: boolean): Set<string> {
  if (agencies > wideMax || phone) return new Set();
  return new Set(
    chapters
      .flatMap((chapter) => chapter.articles)
      .filter((row) => [...row.cells.values()].some((cell) => cell.counts.violated + cell.counts.due > 0))
      .map((row) => row.article.number),
  );
}

export interface Shortfall {
  obligation: string;
  violated: number; // Subjects.
  agencies: string[];
  since: string | null; // The oldest violation, when known.
}

// One entry for each duty that is broken, the one broken longest first; counted by the hub, not from a page of verdicts.
export function shortfalls(cells: OverviewCell[]): Shortfall[] {
  const found = new Map<string, Shortfall>();
  for (const cell of cells) {
    if (cell.counts.violated === 0) continue;
    const before = found.get(cell.obligation);
    found.set(cell.obligation, {
      obligation: cell.obligation,
      violated: (before?.violated ?? 0) + cell.counts.violated,
      agencies: [...(before?.agencies ?? []), cell.agency],
      since: earliest(before?.since ?? null, cell.violated_since),
    });
  }
  const time = (entry: Shortfall) => entry.since ?? '9';
  return [...found.values()].sort((a, b) =>
    time(a) < time(b) ? -1 : time(a) > time(b) ? 1 : b.violated - a.violated,
  );
}

// How many more violations there are than a week ago; null while a week ago is not known.
export function weekChange(cells: OverviewCell[]): number | null {
  let change = 0;
  for (const cell of cells) {
    if (cell.violated_week_ago === null) return null;
    change += cell.counts.violated - cell.violated_week_ago;
  }
  return change;
}
