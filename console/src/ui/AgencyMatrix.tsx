// Article × agency. A cell says its state by colour and sign, how many, since when, and whether it gets better; it leads
// to the verdicts behind it. Few agencies: wide cells with words. Many: narrow cells, the head stays in view.
import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Agency, Obligation } from '~/api/types';
import { useLanguage } from '~/i18n';
import {
  type ArticleRow,
  acrossMax,
  type Cell,
  type ChapterRows,
  denseMin,
  openAtFirst,
  trendOf,
  wideMax,
} from '~/pages/home/matrix';
import { formatDate, formatNumber } from './format';
import { ChevronIcon } from './icons';
import { ScrollRegion } from './ScrollRegion';
import { StateBar, StateCounts, StateIcon, StateTag, useCountsText } from './StateTag';
import { Overdue } from './Time';
import './matrix.css';

// As in matrix.css.
const phoneWidth = '(max-width: 760px)';

interface Props {
  chapters: ChapterRows[];
  agencies: Agency[];
  obligations: Map<string, Obligation>;
  chapterName: (number: string) => string;
}

export function AgencyMatrix({ chapters, agencies, obligations, chapterName }: Props) {
  const { t } = useLanguage();
  const [open, setOpen] = useState(() =>
    openAtFirst(chapters, agencies.length, matchMedia(phoneWidth).matches),
  );
  const wide = agencies.length <= wideMax;
  const words = useDenseWords();
  const dense = agencies.length >= denseMin ? words : null;
  const toggle = (article: string) => {
    const next = new Set(open);
    if (!next.delete(article)) next.add(article);
    setOpen(next);
  };
  const all = chapters.flatMap((chapter) => chapter.articles.map((row) => row.article.number));
  const everyOpen = all.every((article) => open.has(article));
  return (
    <ScrollRegion
      label={t('home.matrix')}
      className={`matrix-frame ${wide ? 'matrix-wide' : 'matrix-narrow'} ${dense ? 'matrix-dense' : ''} ${agencies.length > acrossMax ? 'matrix-upright' : ''}`}
    >
      <table className="matrix">
        <thead>
          <tr>
            <th scope="col" className="matrix-corner">
              <span>{t('home.article')}</span>
              <button
                type="button"
                className="link-button"
                onClick={() => setOpen(new Set(everyOpen ? [] : all))}
              >
                {everyOpen ? t('home.collapse_all') : t('home.expand_all')}
              </button>
            </th>
            {agencies.map((agency) => (
              <th
                key={agency.id}
                scope="col"
                className="matrix-agency"
                title={`${agency.name} (${agency.code})`}
              >
                <Link to={`/verdicts?agency=${agency.id}`}>
                  <span>{agency.name}</span>
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        {chapters.map((chapter) => (
          <tbody key={chapter.chapter}>
            <tr className="matrix-chapter">
              <th scope="rowgroup" colSpan={agencies.length + 1}>
                <span>{chapterName(chapter.chapter)}</span>
              </th>
            </tr>
            {chapter.articles.map((row) => (
              <ArticleRows
                key={row.article.number}
                row={row}
                agencies={agencies}
                obligations={obligations}
                wide={wide}
                dense={dense}
                open={open.has(row.article.number)}
                onToggle={() => toggle(row.article.number)}
              />
            ))}
          </tbody>
        ))}
      </table>
    </ScrollRegion>
  );
}

interface ArticleProps {
  row: ArticleRow;
  agencies: Agency[];
  obligations: Map<string, Obligation>;
  wide: boolean;
  dense: DenseWords | null;
  open: boolean;
  onToggle: () => void;
}

function ArticleRows({ row, agencies, obligations, wide, dense, open, onToggle }: ArticleProps) {
  const { local } = useLanguage();
  const { article } = row;
  return (
    <>
      <tr className="matrix-article">
        <th scope="row">
          <button type="button" aria-expanded={open} onClick={onToggle}>
            <ChevronIcon />
            <span className="matrix-number">{local(article.label)}</span>
            <span className="matrix-title">{local(article.title)}</span>
          </button>
        </th>
        {agencies.map((agency) => {
          const place = {
            cell: row.cells.get(agency.id),
            to: `/verdicts?article=${article.number}&agency=${agency.id}`,
            name: `${local(article.label)}, ${agency.name}`,
          };
          return dense ? (
            <DenseCell key={agency.id} {...place} words={dense} />
          ) : (
            <MatrixCell key={agency.id} {...place} wide={wide} summary />
          );
        })}
      </tr>
      {open
        ? row.obligations.map(({ obligation, cells }) => {
            const known = obligations.get(obligation);
            return (
              <tr key={obligation} className="matrix-obligation">
                <th scope="row">
                  <Link to={`/obligations/${obligation}`}>{known ? local(known.title) : obligation}</Link>
                  <span className="matrix-reference">{known ? local(known.reference) : ''}</span>
                </th>
                {agencies.map((agency) => {
                  const place = {
                    cell: cells.get(agency.id),
                    to: `/obligations/${obligation}${agencies.length > 1 ? `?agency=${agency.id}` : ''}`,
                    name: `${known ? local(known.title) : obligation}, ${agency.name}`,
                  };
                  return dense ? (
                    <DenseCell key={agency.id} {...place} words={dense} />
                  ) : (
                    <MatrixCell key={agency.id} {...place} wide={wide} />
                  );
                })}
              </tr>
            );
          })
        : null}
    </>
  );
}

interface DenseWords {
  name: (cell: Cell, place: string) => string;
  number: (value: number) => string;
}

function useDenseWords(): DenseWords {
  const { t, language } = useLanguage();
  const counts = useCountsText();
  return {
    name: (cell, place) => {
      const since = cell.violatedSince
        ? ` (${t('verdicts.since').toLocaleLowerCase(language)} ${formatDate(cell.violatedSince)})`
        : '';
      return `${place}: ${counts(cell.counts)}${since}`;
    },
    number: (value) => formatNumber(value, language),
  };
}

// One of thousands: no state, no subscription of its own; its words come from the matrix.
function DenseCell({
  cell,
  to,
  name,
  words,
}: {
  cell: Cell | undefined;
  to: string;
  name: string;
  words: DenseWords;
}) {
  if (!cell?.state) return <td className="matrix-cell matrix-none">–</td>;
  const { state, counts } = cell;
  const text = words.name(cell, name);
  const count = counts.violated || counts.due;
  return (
    <td className={`matrix-cell state-${state}`} data-state={state}>
      <Link to={to} title={text} aria-label={text}>
        <StateIcon state={state} />
        {count > 0 ? <span className="matrix-count">{words.number(count)}</span> : null}
      </Link>
    </td>
  );
}

function MatrixCell({
  cell,
  wide,
  summary = false,
  to,
  name,
}: {
  cell: Cell | undefined;
  wide: boolean;
  summary?: boolean;
  to: string;
  name: string;
}) {
  const { t, language } = useLanguage();
  if (!cell?.state) return <td className="matrix-cell matrix-none">–</td>;
  const { state, counts } = cell;
  if (wide) {
    return (
      <td className={`matrix-cell state-${state} ${summary ? 'matrix-sum' : ''}`} data-state={state}>
        <Link to={to}>
          <span className="visually-hidden">{`${name}: ${t(`state.${state}`)}`}</span>
          {summary ? <StateCounts counts={counts} /> : <StateTag state={state} />}
          {summary ? <StateBar counts={counts} /> : <Share cell={cell} />}
          <span className="matrix-notes">
            {cell.violatedSince ? <Overdue since={cell.violatedSince} /> : null}
            <TrendMark cell={cell} words />
          </span>
        </Link>
      </td>
    );
  }
  const count = counts.violated || counts.due;
  return (
    <td className={`matrix-cell state-${state}`} data-state={state}>
      <Link to={to} title={`${name}: ${t(`state.${state}`)}`}>
        <StateIcon state={state} label={t(`state.${state}`)} />
        {count > 0 ? <span className="matrix-count">{formatNumber(count, language)}</span> : null}
        <TrendMark cell={cell} />
        {cell.violatedSince ? <Overdue since={cell.violatedSince} short /> : null}
      </Link>
    </td>
  );
}

// "3 trên 12 đối tượng" only where there is more than one subject.
function Share({ cell }: { cell: Cell }) {
  const { t, language } = useLanguage();
  const { counts, state } = cell;
  const total = counts.kept + counts.due + counts.violated + counts.unknown;
  if (!state || total < 2 || state === 'not_applicable') return null;
  return (
    <span className="matrix-share">
      {t('home.share', { part: formatNumber(counts[state], language), total: formatNumber(total, language) })}
    </span>
  );
}

export function TrendMark({ cell, words = false }: { cell: Cell; words?: boolean }) {
  const { t, language } = useLanguage();
  const trend = trendOf(cell);
  if (!trend || trend.direction === 'same') return null;
  const text = t(`home.trend_${trend.direction}`, { number: formatNumber(trend.by, language) });
  return (
    <span className={`trend trend-${trend.direction}`} title={text}>
      <span aria-hidden="true">{trend.direction === 'worse' ? '▲' : '▼'}</span>
      {words ? text : <span className="visually-hidden">{text}</span>}
    </span>
  );
}
