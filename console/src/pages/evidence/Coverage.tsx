// Which source sent on which day, what is missing and why: as a calendar, and the same as a table.
import { Button, Select } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'react-router-dom';
import { useCoverage, useCustodyDays, useSilences } from '~/api/custody';
import type { Silence } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { csvOf } from '~/ui/csv';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, formatDate, formatDateTime, formatNumber, isoDate, spanOf } from '~/ui/format';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { saveText } from '~/ui/saveText';
import { Time, useNow, useSpanText } from '~/ui/Time';
import { CellSign } from './CellSign';
import { CoverageGrid } from './CoverageGrid';
import {
  type AgencyLine,
  addDays,
  countsOf,
  type DayState,
  dayStates,
  daysBetween,
  isWrong,
  linesOf,
  type SourceLine,
} from './coverage';
import { classes } from './terms';

const spans = [14, 30, 60, 90] as const;
// With more sources than this, only agencies with something missing are opened at first.
const openedMax = 25;

export function Coverage() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('agency', 'class', 'span', 'until', 'show', 'view');
  const now = useNow();
  const today = isoDate(now);
  const until = /^\d{4}-\d{2}-\d{2}$/.test(params.until ?? '') ? (params.until as string) : today;
  const span = spans.find((each) => String(each) === params.span) ?? 30;
  const from = addDays(until, 1 - span);
  const query = useCoverage({ agency: params.agency, from, until });
  const silences = useSilences();
  const stored = useCustodyDays();
  const lines = useMemo(() => {
    if (!query.data) return [];
    const known = {
      items: query.data.items.filter((each) => !params.class || each.class === params.class),
      silences: silences.data ?? [],
      stored: new Map((stored.data?.items ?? []).map((each) => [each.day, each.damaged])),
      days: daysBetween(from, until),
      now,
    };
    const all = linesOf(known, compareText);
    return params.show === 'wrong' ? onlyWrong(all) : all;
  }, [query.data, silences.data, stored.data, params.class, params.show, from, until, now]);
  const table = params.view === 'table';
  return (
    <>
      <div className="filters">
        <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
        <Select
          className="filter-narrow"
          aria-label={t('cover.class')}
          value={params.class ?? ''}
          onChange={(value) => setParams({ class: value })}
          options={[
            { value: '', label: t('cover.all_classes') },
            ...classes
              .filter((each) => each !== 'audit')
              .map((each) => ({ value: each, label: t(`source_class.${each}`) })),
          ]}
        />
        <Select
          className="cover-span"
          aria-label={t('cover.span')}
          value={span}
          onChange={(value) => setParams({ span: value === 30 ? undefined : String(value) })}
          options={spans.map((each) => ({ value: each, label: t('cover.days', { number: each }) }))}
        />
        <span className="cover-move">
          <Button onClick={() => setParams({ until: addDays(until, -span) })} aria-label={t('cover.earlier')}>
            ‹
          </Button>
          <span>
            {formatDate(from)} – {formatDate(until)}
          </span>
          <Button
            disabled={until >= today}
            onClick={() => {
              const next = addDays(until, span);
              setParams({ until: next >= today ? undefined : next });
            }}
            aria-label={t('cover.later')}
          >
            ›
          </Button>
        </span>
        <fieldset className="state-filter">
          <legend className="visually-hidden">{t('cover.which')}</legend>
          <button
            type="button"
            aria-pressed={params.show !== 'wrong'}
            onClick={() => setParams({ show: undefined })}
          >
            {t('filter.all')}
          </button>
          <button
            type="button"
            aria-pressed={params.show === 'wrong'}
            onClick={() => setParams({ show: 'wrong' })}
          >
            {t('cover.only_wrong')}
          </button>
        </fieldset>
        <span className="filters-end">
          <Button onClick={() => setParams({ view: table ? undefined : 'table' })}>
            {t(table ? 'cover.as_calendar' : 'cover.as_table')}
          </Button>
          <Export lines={lines} name={`nhat-ky-tung-ngay-${from}-${until}`} />
        </span>
      </div>
      <Loaded query={query} rows={8}>
        {(data) =>
          lines.length === 0 ? (
            <EmptyState
              why={t(
                data.items.length === 0
                  ? 'cover.none'
                  : params.show
                    ? 'cover.none_wrong'
                    : 'cover.none_found',
              )}
            />
          ) : (
            <>
              <Sum lines={lines} />
              {table ? (
                <CoverageTable lines={lines} />
              ) : (
                <Calendar
                  key={params.agency ?? ''}
                  lines={lines}
                  days={daysBetween(from, until)}
                  today={today}
                />
              )}
              <Legend />
            </>
          )
        }
      </Loaded>
      <Section title={t('silence.title')}>
        <p className="kept-note">{t('silence.help')}</p>
        <Loaded query={silences} rows={3}>
          {(all) => <Silences rows={all.filter((each) => isShown(each, lines, from, until))} />}
        </Loaded>
      </Section>
    </>
  );
}

function onlyWrong(lines: AgencyLine[]): AgencyLine[] {
  return lines
    .map((line) => ({
      ...line,
      sources: line.sources.filter((source) => source.cells.some((cell) => isWrong(cell.state))),
    }))
    .filter((line) => line.sources.length > 0);
}

function isShown(silence: Silence, lines: AgencyLine[], from: string, until: string): boolean {
  const begun = isoDate(new Date(silence.began_at));
  const ended = silence.ended_at ? isoDate(new Date(silence.ended_at)) : '9999';
  return (
    begun <= until &&
    ended >= from &&
    lines.some((line) => line.sources.some((source) => source.id === silence.device.id))
  );
}

function Calendar({ lines, days, today }: { lines: AgencyLine[]; days: string[]; today: string }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => {
    const all = lines.reduce((total, line) => total + line.sources.length, 0);
    return new Set(
      lines
        .filter((line) => all <= openedMax || line.cells.some((cell) => isWrong(cell.state)))
        .map((line) => line.id),
    );
  });
  const toggle = (agency: string) => {
    const next = new Set(open);
    if (!next.delete(agency)) next.add(agency);
    setOpen(next);
  };
  return <CoverageGrid days={days} today={today} lines={lines} open={open} onToggle={toggle} />;
}

// The whole picture in a sentence, also for who does not see it.
function Sum({ lines }: { lines: AgencyLine[] }) {
  const { t, language } = useLanguage();
  const sources = lines.flatMap((line) => line.sources);
  const counts = countsOf(sources.flatMap((source) => source.cells));
  const said = dayStates.filter((state) => isWrong(state) && counts.has(state));
  const number = (count: number) => formatNumber(count, language);
  return (
    <p className="cover-sum" data-wrong={said.length > 0}>
      {t('cover.sum', {
        sources: number(sources.length),
        whole: number(counts.get('whole') ?? 0),
        wrong:
          said.length === 0
            ? t('cover.sum_good')
            : said
                .map((state) =>
                  t('cover.sum_state', {
                    number: number(counts.get(state) ?? 0),
                    state: t(`cover_state.${state}`),
                  }),
                )
                .join(', '),
      })}
    </p>
  );
}

const legend: DayState[] = ['whole', 'gap', 'part', 'silent', 'damaged', 'none', 'absent'];
function Legend() {
  const { t } = useLanguage();
  return (
    <ul className="cover-legend" aria-label={t('cover.legend')}>
      {legend.map((state) => (
        <li key={state}>
          <span className={`cover-cell cover-${state}`}>
            <CellSign state={state} />
          </span>
          <span>
            <strong>{t(`cover_state.${state}`)}</strong> {t(`cover_help.${state}`)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function CoverageTable({ lines }: { lines: AgencyLine[] }) {
  const { t, language } = useLanguage();
  const rows = lines.flatMap((line) => line.sources);
  const states: DayState[] = ['whole', 'gap', 'part', 'silent', 'damaged', 'none'];
  const columns: Column<SourceLine>[] = [
    {
      key: 'source',
      title: t('cover.source'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/devices/${row.id}`}>{row.name}</Link>
          <span className="muted">
            {t(`source_class.${row.source.class}`)} · {row.agency.name}
          </span>
        </span>
      ),
    },
    ...states.map(
      (state): Column<SourceLine> => ({
        key: state,
        title: t(`cover_state.${state}`),
        align: 'right',
        render: (row) => {
          const count = row.cells.filter((cell) => cell.state === state).length;
          return count === 0 ? (
            <span className="muted">–</span>
          ) : (
            t('cover.days', { number: formatNumber(count, language) })
          );
        },
      }),
    ),
    {
      key: 'days',
      title: t('cover.wrong_days'),
      render: (row) => {
        const wrong = row.cells.filter((cell) => isWrong(cell.state));
        if (wrong.length === 0) return <span className="muted">–</span>;
        return (
          <span className="cover-wrong-days">
            {wrong.slice(-5).map((cell) => (
              <Link key={cell.day} to={`/evidence/days/${cell.day}?device=${row.id}`}>
                {formatDate(cell.day).slice(0, 5)}
              </Link>
            ))}
            {wrong.length > 5 ? (
              <span className="muted">+{formatNumber(wrong.length - 5, language)}</span>
            ) : null}
          </span>
        );
      },
    },
    {
      key: 'silent',
      title: t('cover.silent_since'),
      render: (row) => <Time at={row.source.silent_since} />,
    },
  ];
  return <DataTable label={t('cover.grid')} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}

export function Silences({ rows }: { rows: Silence[] }) {
  const { t } = useLanguage();
  const span = useSpanText();
  const columns: Column<Silence>[] = [
    {
      key: 'source',
      title: t('cover.source'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/devices/${row.device.id}`}>{row.device.name}</Link>
          <span className="muted">{row.agency.name}</span>
        </span>
      ),
    },
    { key: 'began', title: t('silence.began'), width: 170, render: (row) => <Time at={row.began_at} /> },
    {
      key: 'ended',
      title: t('silence.ended'),
      width: 190,
      render: (row) => (row.ended_at ? <Time at={row.ended_at} /> : <strong>{t('silence.goes_on')}</strong>),
    },
    {
      key: 'lasted',
      title: t('silence.lasted'),
      width: 140,
      render: (row) =>
        span(spanOf((row.ended_at ? Date.parse(row.ended_at) : Date.now()) - Date.parse(row.began_at))),
    },
    {
      key: 'records',
      title: t('silence.records'),
      width: 190,
      render: (row) => (
        <span className="cover-wrong-days">
          {[row.began_seq, row.ended_seq].map((seq) =>
            seq === null ? null : (
              <Link key={seq} to={`/proof/${seq}`}>
                {seq}
              </Link>
            ),
          )}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('silence.title')}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.device.id} ${row.began_at}`}
      empty={<EmptyState why={t('silence.none')} />}
    />
  );
}

function Export({ lines, name }: { lines: AgencyLine[]; name: string }) {
  const { t } = useLanguage();
  const save = () => {
    const head = ['cover.source', 'filter.agency', 'cover.class', 'evidence.day', 'evidence.state'] as const;
    const rows = lines.flatMap((line) =>
      line.sources.flatMap((source) =>
        source.cells.map((cell) => {
          const entry = source.source.days.find((each) => each.day === cell.day);
          return [
            source.name,
            source.agency.name,
            t(`source_class.${source.source.class}`),
            formatDate(cell.day),
            t(`cover_state.${cell.state}`),
            String(cell.records),
            String(cell.missing),
            String(cell.dropped),
            entry ? formatDateTime(entry.first) : '',
            entry ? formatDateTime(entry.last) : '',
          ];
        }),
      ),
    );
    const titles = [
      ...head.map((key) => t(key)),
      t('evidence.records'),
      t('cover.missing_batches'),
      t('cover.dropped_records'),
      t('cover.first'),
      t('cover.last'),
    ];
    saveText(`${name}.csv`, csvOf([titles, ...rows]), 'text/csv');
  };
  return (
    <Button disabled={lines.length === 0} onClick={save}>
      {t('sheet.export_csv')}
    </Button>
  );
}
