// Article 9.1: which days are kept, how large, whether closed; each verifies alone.
import { Link } from 'react-router-dom';
import { useDays, useMay, useSystem } from '~/api/queries';
import type { DayList } from '~/api/types';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatBytes, formatDate, formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { Time } from '~/ui/Time';
import './evidence.css';

type Day = DayList['days'][number];

// What article 9.1 asks for servers.
const daysAsked = 30;

export default function EvidencePage() {
  const { t, language } = useLanguage();
  const query = useDays();
  const system = useSystem();
  const mayHolds = useMay('incident_read');
  return (
    <Page
      title={t('nav.evidence')}
      lead={t('evidence.lead')}
      extra={mayHolds ? <Link to="/holds">{t('nav.holds')}</Link> : undefined}
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={6}>
        {(list) => {
          const days = [...list.days].sort((a, b) => b.day.localeCompare(a.day));
          const sum = (pick: (day: Day) => number) => days.reduce((total, day) => total + pick(day), 0);
          const raw = sum((day) => day.raw_bytes);
          const file = sum((day) => day.file_bytes);
          return (
            <>
              <dl className="facts facts-row">
                <div>
                  <dt>{t('evidence.days')}</dt>
                  <dd>
                    {t('evidence.days_of', { number: formatNumber(days.length, language), asked: daysAsked })}
                  </dd>
                </div>
                <div>
                  <dt>{t('evidence.retention')}</dt>
                  <dd>
                    {t('evidence.retention_days', { number: formatNumber(list.retention_days, language) })}
                  </dd>
                </div>
                <div>
                  <dt>{t('evidence.records')}</dt>
                  <dd>
                    {formatNumber(
                      sum((day) => day.count),
                      language,
                    )}
                  </dd>
                </div>
                <div>
                  <dt>{t('evidence.size')}</dt>
                  <dd>
                    {formatBytes(file, language)}{' '}
                    <span className="muted">{t('evidence.of_raw', { raw: formatBytes(raw, language) })}</span>
                  </dd>
                </div>
                <div>
                  <dt>{t('evidence.checkpoint')}</dt>
                  <dd>
                    <Time at={system.data?.checkpoint_at} seconds />
                  </dd>
                </div>
              </dl>
              <DataTable
                label={t('nav.evidence')}
                columns={columns(t, language, Math.max(1, ...days.map((day) => day.count)))}
                rows={days}
                rowKey={(day) => day.day}
                empty={<EmptyState why={t('evidence.empty')} />}
              />
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function columns(
  t: ReturnType<typeof useLanguage>['t'],
  language: ReturnType<typeof useLanguage>['language'],
  largest: number,
): Column<Day>[] {
  return [
    {
      key: 'day',
      title: t('evidence.day'),
      primary: true,
      width: 130,
      render: (day) => (
        <Link to={`/logs?${new URLSearchParams(dayBounds(day.day))}`}>{formatDate(day.day)}</Link>
      ),
    },
    {
      key: 'count',
      title: t('evidence.records'),
      render: (day) => (
        <span className="day-count">
          <span className="day-bar" aria-hidden="true">
            <span style={{ width: `${(100 * day.count) / largest}%` }} />
          </span>
          {formatNumber(day.count, language)}
        </span>
      ),
    },
    {
      key: 'first',
      title: t('evidence.first'),
      align: 'right',
      hideNarrow: true,
      render: (day) => <Link to={`/proof/${day.first_seq}`}>{day.first_seq}</Link>,
    },
    {
      key: 'raw',
      title: t('evidence.raw'),
      align: 'right',
      render: (day) => formatBytes(day.raw_bytes, language),
    },
    {
      key: 'file',
      title: t('evidence.file'),
      align: 'right',
      render: (day) => formatBytes(day.file_bytes, language),
    },
    {
      key: 'closed',
      title: t('evidence.state'),
      render: (day) =>
        day.damaged ? (
          <strong>{t('evidence.damaged')}</strong>
        ) : (
          t(day.closed ? 'evidence.closed' : 'evidence.open')
        ),
    },
    {
      key: 'sha256',
      title: 'SHA-256',
      render: (day) =>
        day.sha256 ? (
          <span className="day-hash">
            <code title={day.sha256}>{day.sha256.slice(0, 12)}…</code>
            <Copy text={day.sha256} />
          </span>
        ) : (
          <span className="muted">{t('evidence.not_yet')}</span>
        ),
    },
  ];
}

// Days of the evidence are days in Asia/Ho_Chi_Minh (src/base/clock.h).
export function dayBounds(day: string): { from: string; until: string } {
  const start = Date.parse(`${day}T00:00:00+07:00`);
  return { from: new Date(start).toISOString(), until: new Date(start + 86_400_000).toISOString() };
}
