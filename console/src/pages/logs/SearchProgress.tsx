// How far a search got, a way to stop it, and what was left out when it ended early.
import { Alert, Button } from 'antd';
import { Link } from 'react-router-dom';
import type { LogSearch } from '~/api/logSearch';
import { useLanguage } from '~/i18n';
import { formatDate, formatDateTime, formatNumber } from '~/ui/format';
import { doneShare } from './search';

interface Props {
  search: LogSearch & { hasMore: boolean; more: () => void; again: () => void; cancel: () => void };
  from: string; // The far end of what is searched, for the bar.
  until: string;
}

export function SearchProgress({ search, from, until }: Props) {
  const { t, language } = useLanguage();
  const { state, progress, end, events } = search;
  const reached = progress?.reached ?? null;
  if (state === 'running') {
    if (!progress) return null; // Over before anybody could wait for it.
    const said = {
      hits: formatNumber(Math.max(progress.hits, events.length), language),
      read: formatNumber(progress.records_read, language),
    };
    return (
      <div className="log-progress">
        <span role="status">
          {reached
            ? t('log_search.running_to', { ...said, time: formatDateTime(reached) })
            : t('log_search.running', said)}
        </span>
        <progress
          aria-label={t('log_search.progress')}
          max={1}
          {...(reached ? { value: doneShare(reached, from, until) } : {})}
        />
        <Button size="small" onClick={search.cancel}>
          {t('log_search.stop')}
        </Button>
      </div>
    );
  }
  if (state === 'cancelled')
    return (
      <Alert
        type="info"
        showIcon
        role="status"
        title={
          reached ? t('log_search.stopped_at', { time: formatDateTime(reached) }) : t('log_search.stopped')
        }
        action={<Button onClick={search.again}>{t('log_search.again')}</Button>}
      />
    );
  const lost = end?.damaged.reduce((sum, each) => sum + each.count, 0) ?? 0;
  return (
    <>
      {end?.reason === 'time' ? (
        <Alert
          type="warning"
          showIcon
          role="status"
          title={t('log_search.out_of_time')}
          action={<Button onClick={search.more}>{t('log_search.go_on')}</Button>}
        />
      ) : null}
      {lost > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={t('log_search.damaged_days', {
            number: formatNumber(lost, language),
            days: [...new Set(end?.damaged.map((each) => formatDate(each.day)))].join(', '),
          })}
          action={<Link to="/evidence">{t('logs.damaged_see')}</Link>}
        />
      ) : null}
    </>
  );
}
