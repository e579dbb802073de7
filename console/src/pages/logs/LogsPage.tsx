// Search in the logs: words and fields, a time range, a histogram to zoom by, rows newest first, and the live tail.
import { Button, Popover, Select, Switch } from 'antd';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useDays, useDevices, useEvents, useHistogram } from '~/api/queries';
import { stream } from '~/api/stream';
import type { DayList, LogEvent } from '~/api/types';
import { useLanguage } from '~/i18n';
import type { Field } from '~/ui/FieldTable';
import { formatDateTime, formatNumber } from '~/ui/format';
import { HelpIcon } from '~/ui/icons';
import { EmptyState, ErrorNote, Loading, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { EventList } from './EventList';
import { RangePicker } from './RangePicker';
import { SearchHelp } from './SearchHelp';
import { bucketSpan, closedSpan, loosened, ranges, spanOfSearch, withField } from './search';
import './logs.css';

const HistogramChart = lazy(() => import('./HistogramChart'));

// Lines the tail keeps on the page.
const tailMax = 500;

export default function LogsPage() {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('q', 'range', 'from', 'until', 'device', 'tail');
  const { q = '', device, tail } = params;
  // The range counts back from when the search was made, not from each redraw.
  const [asked, setAsked] = useState(() => new Date());
  const span = useMemo(
    () => spanOfSearch({ from: params.from, until: params.until, range: params.range }, asked),
    [params.from, params.until, params.range, asked],
  );
  const events = useEvents({ q, device, ...span });
  const days = useDays();
  const histogram = useHistogram({ q, device, ...closedSpan(span, asked, firstMoment(days.data?.days)) });
  const devices = useDevices();
  const live = tail === '1';
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
    const found = events.data?.pages.flatMap((page) => page.events) ?? [];
    const newest = found[0]?.seq ?? -1;
    return live ? [...tailed.filter((event) => event.seq > newest), ...found] : found;
  }, [events.data, tailed, live]);
  const last = events.data?.pages.at(-1);
  return (
    <Page title={t('nav.logs')} lead={t('logs.lead')} updatedAt={events.dataUpdatedAt}>
      <div className="filters logs-filters">
        <SearchInput value={q} onChange={search} label={t('logs.search')} submit />
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
            aria-label={t('logs.tail')}
            onChange={(on) => setParams({ tail: on ? '1' : undefined, until: on ? undefined : params.until })}
          />
          <span aria-hidden="true">{t('logs.tail')}</span>
        </span>
      </div>
      <div className="histogram">
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
      {events.error ? <ErrorNote error={events.error} onRetry={() => void events.refetch()} /> : null}
      {events.isPending ? (
        <Loading rows={10} />
      ) : rows.length === 0 && !events.error ? (
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
          onPick={pick}
          hasMore={events.hasNextPage}
          loading={events.isFetchingNextPage}
          onMore={() => void events.fetchNextPage()}
        />
      )}
      {last ? (
        <p className="table-foot">
          {t('logs.effort', {
            shown: formatNumber(rows.length, language),
            milliseconds: formatNumber(last.milliseconds, language),
            read: formatNumber(last.records_read, language),
            skipped: formatNumber(last.blocks_skipped, language),
          })}
        </p>
      ) : null}
    </Page>
  );
}

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
    /\S:\S/.test(q) ? t('logs.none_fields') : '',
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
