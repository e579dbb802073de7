import type { Article, Obligation, Pack } from '~/api/types';
import { compareArticles } from '~/ui/format';

export interface Chapter {
  name: string;
  articles: { article: Article; obligations: Obligation[] }[];
}

// Articles in the regulation's order ("10b" after "10"), those without a duty left out.
export function chaptersOf(pack: Pack, keep: (obligation: Obligation) => boolean = () => true): Chapter[] {
  const chapters: Chapter[] = [];
  for (const article of [...pack.articles].sort((a, b) => compareArticles(a.number, b.number))) {
    const obligations = pack.obligations.filter((each) => each.article === article.number && keep(each));
    if (obligations.length === 0) continue;
    let chapter = chapters.at(-1);
    if (chapter?.name !== article.chapter) {
      chapter = { name: article.chapter, articles: [] };
      chapters.push(chapter);
    }
    chapter.articles.push({ article, obligations });
  }
  return chapters;
}
