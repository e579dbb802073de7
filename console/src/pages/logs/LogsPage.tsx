// Search in the logs in the search language: a time range, counts over time to zoom by, the most frequent values of a field,
// rows newest first, and the live tail.
import { Alert, Button, Popover, Select, Switch } from 'antd';
import { Suspense, useEffect, useMemo, useState } from 'react';
import { Link } from 'react-router-dom';
import { ApiError, unreachable } from '~/api/client';
import { useLogSearch } from '~/api/logSearch';
import { useDays, useDevices, useHistogram } from '~/api/queries';
import { stream } from '~/api/stream';
import type { DayList, LogEvent } from '~/api/types';
import { useLanguage } from '~/i18n';
import { lazyPage } from '~/i18n/parts';
import type { Field } from '~/ui/FieldTable';
import { formatDateTime, formatNumber } from '~/ui/format';
import { HelpIcon } from '~/ui/icons';
import { EmptyState, ErrorNote, Loading, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { SearchForm } from '../searches/SearchForm';
import { EventList } from './EventList';
import { QuestionFault } from './QuestionFault';
import { RangePicker } from './RangePicker';
import { SearchHelp } from './SearchHelp';
import { SearchProgress } from './SearchProgress';
import {
  bucketSpan,
  closedSpan,
  faultOf,
  loosened,
  ranges,
  spanOfSearch,
  tailTakes,
  withField,
} from './search';
import { commonFields, ValuesPanel } from './ValuesPanel';
import './logs.css';

const HistogramChart = lazyPage(() => import('./HistogramChart'));

// Lines the tail keeps on the page.
const tailMax = 500;
// The hub's own limit is in bytes; letters with diacritics take up to three.
const questionLettersMax = 4096;

export default function LogsPage() {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('q', 'range', 'from', 'until', 'device', 'tail', 'values');
  const { q = '', device, tail } = params;
  // The range counts back from when the search was made, not from each redraw.
  const [asked, setAsked] = useState(() => new Date());
  const span = useMemo(
    () => spanOfSearch({ from: params.from, until: params.until, range: params.range }, asked),
    [params.from, params.until, params.range, asked],
  );
  const found = useLogSearch({ query: q, device, ...span });
  const days = useDays();
  const whole = closedSpan(span, asked, firstMoment(days.data?.days));
  const histogram = useHistogram({ query: q, device, ...whole });
  const devices = useDevices();
  const fault = faultOf(found.error);
  const tailable = tailTakes(q);
  const live = tail === '1' && tailable;
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState(false);
  const tailed = useTail(live, q, device);
  const search = (next: string) => {
    setAsked(new Date());
    setParams({ q: next }, true);
  };
  const pick = (field: Field, exclude: boolean) => search(withField(q, field, exclude));
  const zoom = (index: number) => {
    if (histogram.data) setParams({ ...bucketSpan(histogram.data, index), range: undefined }, true);
  };
  const rows = useMemo(() => {
    const newest = found.events[0]?.seq ?? -1;
    return live ? [...tailed.filter((event) => event.seq > newest), ...found.events] : found.events;
  }, [found.events, tailed, live]);
  return (
    <Page title={t('nav.logs')} lead={t('logs.lead')} updatedAt={found.at}>
      <div className="filters logs-filters">
        <SearchInput
          value={q}
          onChange={search}
          label={t('logs.search')}
          submit
          lettersMax={questionLettersMax}
          faulty={fault !== null}
        />
        <Popover
          trigger="click"
          placement="bottomRight"
          content={<SearchHelp onTry={search} />}
          title={t('logs.help_title')}
        >
          <Button icon={<HelpIcon />} aria-label={t('logs.help_title')} />
        </Popover>
        <Select
          aria-label={t('logs.range')}
          className="filter-narrow"
          value={params.from || params.until ? 'own' : (params.range ?? '24h')}
          onChange={(next) => {
            setAsked(new Date());
            setParams(
              {
                range: next === '24h' || next === 'own' ? undefined : next,
                from: undefined,
                until: undefined,
              },
              true,
            );
          }}
          options={[
            ...ranges.map((range) => ({ value: range as string, label: t(`logs.range_${range}`) })),
            ...(params.from || params.until ? [{ value: 'own', label: t('logs.range_own') }] : []),
          ]}
        />
        <RangePicker
          from={params.from}
          until={params.until}
          onChange={(from, until) => setParams({ from, until, range: undefined }, true)}
        />
        <Select
          aria-label={t('logs.device')}
          className="filter-wide"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('logs.all_devices')}
          value={device ?? null}
          onChange={(next) => setParams({ device: next ?? undefined }, true)}
          options={devices.data?.map((each) => ({ value: each.id, label: each.name }))}
        />
        <span className="tail-switch">
          <Switch
            checked={live}
            disabled={!tailable}
            aria-label={t('logs.tail')}
            onChange={(on) => setParams({ tail: on ? '1' : undefined, until: on ? undefined : params.until })}
          />
          <span aria-hidden="true">{t('logs.tail')}</span>
        </span>
        <Button
          aria-pressed={Boolean(params.values)}
          onClick={() => setParams({ values: params.values ? undefined : commonFields[0] })}
        >
          {t('log_values.title')}
        </Button>
        <Button disabled={fault !== null} onClick={() => setSaving(true)}>
          {t('saved.save_this')}
        </Button>
      </div>
      {saved ? (
        <Alert
          type="success"
          showIcon
          closable
          role="status"
          title={t('saved.done')}
          action={<Link to="/searches">{t('nav.searches')}</Link>}
        />
      ) : null}
      {tailable || fault ? null : <p className="muted logs-note">{t('logs.tail_not')}</p>}
      {fault ? <QuestionFault question={q} fault={fault} /> : null}
      <div className="histogram" hidden={fault !== null}>
        {histogram.data ? (
          <Suspense fallback={<div className="histogram-space" />}>
            <HistogramChart data={histogram.data} onZoom={zoom} />
          </Suspense>
        ) : (
          <div className="histogram-space" />
        )}
        <p className="histogram-foot">
          <span>
            {histogram.data
              ? t(histogram.data.complete ? 'logs.histogram_total' : 'logs.histogram_part', {
                  number: formatNumber(
                    histogram.data.counts.reduce((sum, count) => sum + count, 0),
                    language,
                  ),
                  from: formatDateTime(histogram.data.from),
                  until: formatDateTime(histogram.data.until),
                })
              : ''}
          </span>
          {params.from || params.until ? (
            <Button size="small" onClick={() => setParams({ from: undefined, until: undefined }, true)}>
              {t('logs.zoom_out')}
            </Button>
          ) : null}
        </p>
      </div>
      {params.values && !fault ? (
        <ValuesPanel
          query={q}
          device={device}
          span={span}
          field={params.values}
          onField={(values) => setParams({ values })}
          onPick={pick}
        />
      ) : null}
      {found.error && !fault ? (
        <>
          {found.end ? null : rows.length > 0 ? <p className="logs-note">{t('log_search.broken')}</p> : null}
          <ErrorNote error={broken(found.error)} onRetry={found.again} />
        </>
      ) : null}
      {fault ? null : <SearchProgress search={found} {...whole} />}
      {fault ? null : found.state === 'running' && rows.length === 0 ? (
        <Loading rows={10} />
      ) : rows.length === 0 && !found.error ? (
        <NothingFound
          q={q}
          filtered={Boolean(q || device)}
          onTry={search}
          onAllTime={
            span.from || span.until
              ? () => setParams({ range: 'all', from: undefined, until: undefined }, true)
              : undefined
          }
        />
      ) : (
        <EventList
          events={rows}
          question={q}
          onPick={pick}
          hasMore={found.hasMore}
          loading={found.state === 'running'}
          onMore={found.more}
        />
      )}
      {found.end && !fault ? (
        <p className="table-foot">
          {t('logs.effort', {
            shown: formatNumber(rows.length, language),
            milliseconds: formatNumber(found.end.milliseconds, language),
            read: formatNumber(found.end.records_read, language),
            skipped: formatNumber(found.end.blocks_skipped, language),
          })}
        </p>
      ) : null}
      {saving ? (
        <SearchForm old={null} query={q} onClose={() => setSaving(false)} onSaved={() => setSaved(true)} />
      ) : null}
    </Page>
  );
}

// A connection that broke is said as such; what the hub says, in its words.
const broken = (error: unknown) =>
  error instanceof ApiError ? error : new ApiError(0, 'console.unreachable', unreachable);

// Days of the evidence are days in Asia/Ho_Chi_Minh.
function firstMoment(days: DayList['days'] | undefined): string | undefined {
  const first = days?.map((day) => day.day).sort()[0];
  return first ? new Date(`${first}T00:00:00+07:00`).toISOString() : undefined;
}

// Says how words match, and offers the next thing to try.
function NothingFound({
  q,
  filtered,
  onTry,
  onAllTime,
}: {
  q: string;
  filtered: boolean;
  onTry: (query: string) => void;
  onAllTime: (() => void) | undefined;
}) {
  const { t } = useLanguage();
  const looser = loosened(q);
  const why = [
    t('logs.none', { context: filtered ? 'filtered' : 'plain' }),
    q ? t('logs.none_words') : '',
    /\S:[^\s<>[]/.test(q) ? t('logs.none_fields') : '',
  ];
  return (
    <EmptyState
      why={why.filter(Boolean).join(' ')}
      action={
        looser || onAllTime ? (
          <span className="empty-actions">
            {looser ? (
              <Button onClick={() => onTry(looser)}>{t('logs.try_part', { query: looser })}</Button>
            ) : null}
            {onAllTime ? <Button onClick={onAllTime}>{t('logs.try_all_time')}</Button> : null}
          </span>
        ) : undefined
      }
    />
  );
}

// New lines as the hub stores them, newest first, while the switch is on.
function useTail(on: boolean, q: string, device: string | undefined): LogEvent[] {
  const [lines, setLines] = useState<LogEvent[]>([]);
  useEffect(() => {
    setLines([]);
    if (!on) return;
    stream.setTail(device ? { q, device } : { q });
    const stop = stream.listen({
      events: (fresh) =>
        setLines((old) => {
          const known = new Set(old.map((event) => event.seq));
          return [...fresh.filter((event) => !known.has(event.seq)), ...old]
            .sort((a, b) => b.seq - a.seq)
            .slice(0, tailMax);
        }),
    });
    return () => {
      stop();
      stream.setTail(null);
    };
  }, [on, q, device]);
  return lines;
}
