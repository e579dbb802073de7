// The regulation's own order as the way through it: chapter, article, obligation; the present one open.
import { useMemo } from 'react';
import { NavLink } from 'react-router-dom';
import { useOverview } from '~/api/queries';
import type { Pack } from '~/api/types';
import { useLanguage } from '~/i18n';
import { StateIcon } from '~/ui/StateTag';
import { addCounts, noCounts, worstState } from '~/ui/state';
import { useChapterName } from '~/ui/useChapterName';
import { chaptersOf } from './chapters';

export function Spine({ pack, current }: { pack: Pack; current?: string }) {
  const { t, local } = useLanguage();
  const overview = useOverview();
  const chapterName = useChapterName(pack.chapters);
  const chapters = useMemo(() => chaptersOf(pack), [pack]);
  const counts = useMemo(() => countsByObligation(overview.data?.cells ?? []), [overview.data]);
  const openArticle = pack.obligations.find((each) => each.id === current)?.article;
  return (
    <nav className="spine" aria-label={t('obligation.spine')}>
      {chapters.map((chapter) => (
        <div key={chapter.name}>
          <p className="spine-chapter">{chapterName(chapter.name)}</p>
          {chapter.articles.map(({ article, obligations }) => (
            <details key={article.number} open={article.number === openArticle}>
              <summary>
                <span className="spine-number">{local(article.label)}</span> {local(article.title)}
              </summary>
              <ul>
                {obligations.map((obligation) => {
                  const state = worstState(counts.get(obligation.id) ?? noCounts);
                  return (
                    <li key={obligation.id}>
                      <NavLink to={`/obligations/${obligation.id}`}>
                        {state ? <StateIcon state={state} label={t(`state.${state}`)} /> : null}
                        {local(obligation.title)}
                      </NavLink>
                    </li>
                  );
                })}
              </ul>
            </details>
          ))}
        </div>
      ))}
    </nav>
  );
}

export function countsByObligation(cells: { obligation: string; counts: typeof noCounts }[]) {
  const sums = new Map<string, typeof noCounts>();
  for (const cell of cells)
    sums.set(cell.obligation, addCounts(sums.get(cell.obligation) ?? noCounts, cell.counts));
  return sums;
}
