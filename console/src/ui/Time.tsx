// Moments and ages. One clock ticks for the whole page.
import { useSyncExternalStore } from 'react';
import { useLanguage } from '~/i18n';
import {
  formatDate,
  formatDateTime,
  formatNumber,
  formatSeconds,
  type Span,
  spanOf,
  spanSince,
} from './format';

const tickMilliseconds = 10_000;
let now = new Date();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = new Date();
    for (const each of listeners) each();
  }, tickMilliseconds);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export const useNow = (): Date => useSyncExternalStore(subscribe, () => now);

export function useSpanText() {
  const { t, language } = useLanguage();
  return (span: Span) =>
    t(`time.${span.unit}`, { count: span.count, number: formatNumber(span.count, language) });
}

export function Time({ at, seconds = false }: { at: string | null | undefined; seconds?: boolean }) {
  if (!at) return <span className="muted">–</span>;
  return (
    <time dateTime={at} className="time">
      {seconds ? formatSeconds(at) : formatDateTime(at)}
    </time>
  );
}

export function DateOnly({ at }: { at: string | null | undefined }) {
  if (!at) return <span className="muted">–</span>;
  return (
    <time dateTime={at} className="time">
      {formatDate(at)}
    </time>
  );
}

// "3 phút trước", with the moment itself on hover.
export function Age({ at }: { at: string | null | undefined }) {
  const { t } = useLanguage();
  const current = useNow();
  const text = useSpanText();
  if (!at) return <span className="muted">{t('time.never')}</span>;
  const span = spanSince(at, current);
  return (
    <time dateTime={at} title={formatSeconds(at)} className="time">
      {span.unit === 'seconds' ? t('time.just_now') : t('time.ago', { span: text(span) })}
    </time>
  );
}

// How long a violation has lasted, in words; short where the column's meaning is known.
export function Overdue({ since, short = false }: { since: string; short?: boolean }) {
  const { t } = useLanguage();
  const current = useNow();
  const text = useSpanText();
  const span = text(spanSince(since, current));
  const whole = t('duty.overdue', { span });
  return (
    <span className="overdue" title={t('duty.overdue_full', { span, time: formatSeconds(since) })}>
      {short ? (
        <>
          <span aria-hidden="true">{span}</span>
          <span className="visually-hidden">{whole}</span>
        </>
      ) : (
        whole
      )}
    </span>
  );
}

// What is left until `at`: "còn 3 ngày", or nothing once it has passed.
export function Remaining({ at }: { at: string | null | undefined }) {
  const { t } = useLanguage();
  const current = useNow();
  const text = useSpanText();
  const left = at ? new Date(at).getTime() - current.getTime() : 0;
  if (!at || left <= 0) return null;
  return (
    <span title={formatSeconds(at)} className="time">
      {t('time.left', { span: text(spanOf(left)) })}
    </span>
  );
}
