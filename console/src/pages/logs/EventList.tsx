// Log lines, newest first; only those in view are drawn. A row opens to its fields, its bytes, its proof.
import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router-dom';
import type { JsonObject, LogEvent } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Field, FieldTable } from '~/ui/FieldTable';
import { asFact } from '~/ui/facts';
import { formatSeconds } from '~/ui/format';
import { ChevronIcon } from '~/ui/icons';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { SealLink } from '~/ui/Seal';
import { useAuditText } from '~/ui/useAuditText';
import { useFactName } from '~/ui/useFactName';
import { messageOf } from '../proof/RecordView';

const rowHeight = 34;

interface Props {
  events: LogEvent[];
  question?: string; // That they answer.
  onPick: (field: Field, exclude: boolean) => void;
  hasMore: boolean;
  loading: boolean;
  onMore: () => void;
}

export function EventList({ events, question, onPick, hasMore, loading, onMore }: Props) {
  const { t } = useLanguage();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 15,
    getItemKey: (index) => events[index]?.seq ?? index,
  });
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loading && lastSeen >= events.length - 10 && events.length > 0 && lastSeen > 0) onMore();
  }, [lastSeen, events.length, hasMore, loading, onMore]);
  const toggle = (seq: number) => {
    const next = new Set(open);
    if (!next.delete(seq)) next.add(seq);
    setOpen(next);
  };
  return (
    <div className="events" data-question={question}>
      <div className="event event-head" aria-hidden="true">
        <span />
        <span>{t('logs.time')}</span>
        <span>{t('logs.device')}</span>
        <span>{t('logs.stream')}</span>
        <span>{t('logs.message')}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard. */}
      <section className="events-scroll" ref={scroller} tabIndex={0} aria-label={t('logs.results')}>
        <ol style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const event = events[item.index] as LogEvent;
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                style={{ transform: `translateY(${item.start}px)` }}
                aria-setsize={events.length}
                aria-posinset={item.index + 1}
              >
                <EventRow
                  event={event}
                  open={open.has(event.seq)}
                  onToggle={() => toggle(event.seq)}
                  onPick={onPick}
                />
              </li>
            );
          })}
        </ol>
      </section>
      {hasMore ? (
        <Button block loading={loading} onClick={onMore} className="events-more">
          {t('logs.older')}
        </Button>
      ) : null}
    </div>
  );
}

interface RowProps {
  event: LogEvent;
  open: boolean;
  onToggle: () => void;
  onPick: Props['onPick'];
}

function EventRow({ event, open, onToggle, onPick }: RowProps) {
  const { t } = useLanguage();
  const factName = useFactName();
  const auditText = useAuditText();
  const fact = asFact(event);
  const told = fact ? t('logs.fact', { name: factName(fact.kind) }) : auditText(event);
  return (
    <div className={open ? 'event-row event-open' : 'event-row'}>
      <button type="button" className="event" aria-expanded={open} onClick={onToggle}>
        <ChevronIcon />
        <time dateTime={event.received_at}>{formatSeconds(event.received_at)}</time>
        <span className="event-device">{event.device_name || t('record.hub_itself')}</span>
        <span className="event-stream">{event.stream}</span>
        <span className="event-message">{told ? <em>{told}</em> : messageOf(event)}</span>
      </button>
      {open ? (
        <div className="event-detail">
          <p className="event-links">
            <SealLink seq={event.seq} label={t('logs.proof', { seq: event.seq })} />
            {event.device ? <Link to={`/devices/${event.device}`}>{event.device_name}</Link> : null}
            <span className="muted">{t(`transport.${event.transport}`)}</span>
          </p>
          <ScrollRegion label={t('logs.message')} className="raw-frame">
            <pre className="raw">{event.raw}</pre>
          </ScrollRegion>
          <FieldTable fields={event.fields as JsonObject} onPick={onPick} />
        </div>
      ) : null}
    </div>
  );
}
