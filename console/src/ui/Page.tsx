// The frame of every page: title, a sentence, actions, how old the data is; stale data is greyed and dated.
import { Alert, Button } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { ApiError } from '~/api/client';
import { useStreamStatus } from '~/api/stream';
import { useLanguage } from '~/i18n';
import { formatClock, spanSince } from './format';
import { withWords } from './plainDetails';
import { useNow, useSpanText } from './Time';

// Without the live stream, data older than this is called old.
const staleMilliseconds = 90_000;

interface PageProps {
  title: string;
  lead?: ReactNode;
  extra?: ReactNode;
  above?: ReactNode; // Breadcrumb.
  updatedAt?: number | undefined; // When the data shown was read; 0 or absent: not shown.
  children: ReactNode;
}

export function Page({ title, lead, extra, above, updatedAt, children }: PageProps) {
  const { t } = useLanguage();
  const live = useStreamStatus();
  const now = useNow();
  const stale = Boolean(updatedAt) && live !== 'open' && now.getTime() - (updatedAt ?? 0) > staleMilliseconds;
  useEffect(() => {
    document.title = `${title} · Lũy`;
  }, [title]);
  return (
    <div className={stale ? 'page page-stale' : 'page'}>
      <header className="page-head">
        <div className="page-title">
          {above}
          <h1 tabIndex={-1}>{title}</h1>
          {lead ? <p className="page-lead">{lead}</p> : null}
        </div>
        <div className="page-extra">
          {extra}
          {updatedAt ? <DataAge at={updatedAt} stale={stale} /> : null}
        </div>
      </header>
      {stale ? (
        <Alert type="warning" showIcon title={t('page.stale_banner')} className="stale-banner" />
      ) : null}
      <div className="page-body">{children}</div>
    </div>
  );
}

function DataAge({ at, stale }: { at: number; stale: boolean }) {
  const { t } = useLanguage();
  const now = useNow();
  const text = useSpanText();
  const moment = new Date(at);
  return (
    <span className={stale ? 'data-age data-age-stale' : 'data-age'}>
      {stale
        ? t('page.stale', { span: text(spanSince(moment, now)) })
        : t('page.updated', { time: formatClock(moment) })}
    </span>
  );
}

export function useErrorText() {
  const { t, local } = useLanguage();
  return (error: unknown) =>
    error instanceof ApiError ? withWords(local(error.text), t) : t('page.unexpected');
}

export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useLanguage();
  const text = useErrorText();
  return (
    <Alert
      type="error"
      showIcon
      title={text(error)}
      role="alert"
      action={onRetry ? <Button onClick={onRetry}>{t('action.retry')}</Button> : undefined}
    />
  );
}

// Says in a sentence why there is nothing, and what to do.
export function EmptyState({ why, action }: { why: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 48 32" width="48" height="32" aria-hidden="true">
        <path d="M4 28V10h7v5h6v-5h14v5h6v-5h7v18z" className="empty-line" />
      </svg>
      <p>{why}</p>
      {action}
    </div>
  );
}

// Grey bars in the shape of what is coming.
export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useLanguage();
  return (
    <div className="skeleton" role="status" aria-label={t('page.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={String(row)} style={{ width: `${92 - ((row * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

interface Loadable<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

// Data when there is any, even with an error above it; else the error; else grey bars.
export function Loaded<T>({
  query,
  rows,
  children,
}: {
  query: Loadable<T>;
  rows?: number;
  children: (data: T) => ReactNode;
}) {
  const retry = () => void query.refetch();
  if (query.data === undefined)
    return query.error ? <ErrorNote error={query.error} onRetry={retry} /> : <Loading rows={rows} />;
  return (
    <>
      {query.error ? <ErrorNote error={query.error} onRetry={retry} /> : null}
      {children(query.data)}
    </>
  );
}

export function Section({
  title,
  extra,
  children,
  id,
}: {
  title: string;
  extra?: ReactNode;
  children: ReactNode;
  id?: string;
}) {
  return (
    <section className="section" aria-label={title} id={id}>
      <div className="section-head">
        <h2>{title}</h2>
        {extra}
      </div>
      {children}
    </section>
  );
}
