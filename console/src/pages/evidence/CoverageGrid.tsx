// Days × sources. One stop of the Tab key; arrow keys walk over the days and lines, Enter opens the day.
import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Link } from 'react-router-dom';
import { useLanguage } from '~/i18n';
import { formatDate, formatNumber } from '~/ui/format';
import { ChevronIcon } from '~/ui/icons';
import { CellSign } from './CellSign';
import { type AgencyLine, type Cell, type SourceLine, step } from './coverage';
import './coverage.css';

interface Props {
  days: string[];
  today: string;
  lines: AgencyLine[];
  open: ReadonlySet<string>;
  onToggle: (agency: string) => void;
}

type Row =
  | { kind: 'agency'; line: AgencyLine; cells: Cell[] }
  | { kind: 'source'; line: SourceLine; cells: Cell[] };

export function CoverageGrid({ days, today, lines, open, onToggle }: Props) {
  const { t, language } = useLanguage();
  const frame = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableElement>(null);
  const rows: Row[] = lines.flatMap((line): Row[] => [
    { kind: 'agency', line, cells: line.cells },
    ...(open.has(line.id)
      ? line.sources.map((source): Row => ({ kind: 'source', line: source, cells: source.cells }))
      : []),
  ]);
  const [at, setAt] = useState<[number, number]>([0, days.length - 1]);
  const [row, column] = [Math.min(at[0], rows.length - 1), Math.min(at[1], days.length - 1)];
  // The newest day is what one comes for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another span of days is another picture.
  useEffect(() => {
    if (frame.current) frame.current.scrollLeft = frame.current.scrollWidth;
  }, [days[0], days.length]);
  const walk = (event: KeyboardEvent) => {
    const place = placeOf(event.target);
    const next = place && step(event.key, place, rows.length, days.length);
    if (!next) return;
    event.preventDefault();
    setAt(next);
    body.current?.querySelector<HTMLElement>(`[data-at="${next[0]}.${next[1]}"]`)?.focus();
  };
  const enter = (event: FocusEvent) => {
    const place = placeOf(event.target);
    if (place) setAt(place);
  };
  const months = monthsOf(days);
  return (
    <div className="cover-frame" ref={frame}>
      <table className="cover" aria-label={t('cover.grid')} ref={body} onKeyDown={walk} onFocus={enter}>
        <thead>
          <tr>
            <th scope="col" rowSpan={2} className="cover-who">
              {t('cover.source')}
            </th>
            {months.map((month) => (
              <th key={month.name} scope="colgroup" colSpan={month.days} className="cover-month">
                {month.name}
              </th>
            ))}
          </tr>
          <tr>
            {days.map((day) => (
              <th
                key={day}
                scope="col"
                className={`cover-day ${day === today ? 'cover-today' : ''} ${isSunday(day) ? 'cover-sunday' : ''}`}
              >
                <span aria-hidden="true">{Number(day.slice(8))}</span>
                <span className="visually-hidden">{formatDate(day)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((each, r) => (
            <tr key={`${each.kind} ${each.line.id}`} className={`cover-of-${each.kind}`}>
              <th scope="row" className="cover-who">
                {each.kind === 'agency' ? (
                  <button
                    type="button"
                    className="cover-agency"
                    aria-expanded={open.has(each.line.id)}
                    onClick={() => onToggle(each.line.id)}
                  >
                    <ChevronIcon />
                    <span title={each.line.name}>{each.line.name}</span>
                    <span className="count">{formatNumber(each.line.sources.length, language)}</span>
                  </button>
                ) : (
                  <span className="cover-source">
                    <Link to={`/devices/${each.line.id}`} title={each.line.name}>
                      {each.line.name}
                    </Link>
                    <span className="muted">{t(`source_class.${each.line.source.class}`)}</span>
                  </span>
                )}
              </th>
              {each.cells.map((cell, c) => (
                <DayCell
                  key={cell.day}
                  cell={cell}
                  name={each.line.name}
                  place={`${r}.${c}`}
                  reachable={r === row && c === column}
                  to={`/evidence/days/${cell.day}?${each.kind === 'agency' ? 'agency' : 'device'}=${each.line.id}`}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function DayCell({
  cell,
  name,
  place,
  reachable,
  to,
}: {
  cell: Cell;
  name: string;
  place: string;
  reachable: boolean;
  to: string;
}) {
  const words = useCellWords();
  const text = `${name}, ${words(cell)}`;
  return (
    <td className={`cover-cell cover-${cell.state}`}>
      <Link to={to} tabIndex={reachable ? 0 : -1} data-at={place} aria-label={text} title={text}>
        <CellSign state={cell.state} />
      </Link>
    </td>
  );
}

// "23/11/2026: thiếu, 1.204 bản ghi, 2 gói không đến".
export function useCellWords() {
  const { t, language } = useLanguage();
  return (cell: Cell) => {
    const parts = [`${formatDate(cell.day)}: ${t(`cover_state.${cell.state}`)}`];
    const count = (number: number) => ({ count: number, number: formatNumber(number, language) });
    if (cell.records > 0) parts.push(t('cover.records', count(cell.records)));
    if (cell.missing > 0) parts.push(t('cover.missing', count(cell.missing)));
    if (cell.dropped > 0) parts.push(t('cover.dropped', count(cell.dropped)));
    return parts.join(', ');
  };
}

function placeOf(target: EventTarget): [number, number] | null {
  const text = target instanceof HTMLElement ? target.dataset.at : undefined;
  const [row, column] = (text ?? '').split('.').map(Number);
  return row === undefined || column === undefined ? null : [row, column];
}

const isSunday = (day: string) => new Date(`${day}T00:00:00Z`).getUTCDay() === 0;

function monthsOf(days: string[]): { name: string; days: number }[] {
  const out: { name: string; days: number }[] = [];
  for (const day of days) {
    const name = `${day.slice(5, 7)}/${day.slice(0, 4)}`;
    const last = out.at(-1);
    if (last?.name === name) last.days += 1;
    else out.push({ name, days: 1 });
  }
  return out;
}
