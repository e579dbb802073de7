// The file of each day: how large, closed or not, until when it is kept, on which media it lies.
import { Button } from 'antd';
import { Link } from 'react-router-dom';
import { useCustodyDays } from '~/api/custody';
import type { CustodyDay, CustodyDays } from '~/api/custodyTypes';
import { useSystem } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { CountFilter } from '~/ui/CountFilter';
import { csvOf } from '~/ui/csv';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatBytes, formatDate, formatNumber, isoDate } from '~/ui/format';
import { EmptyState, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { saveText } from '~/ui/saveText';
import { Time } from '~/ui/Time';
import { copyDueOn, copyStateOf, copyStates } from './copies';
import { DayCopies } from './DayCopies';

export function Days() {
  const { t, language } = useLanguage();
  const [{ copy }, setParams] = useParamsState('copy');
  const query = useCustodyDays();
  const system = useSystem();
  return (
    <Loaded query={query} rows={8}>
      {(list) => {
        const number = (value: number) => formatNumber(value, language);
        const rows = list.items.filter((day) => !copy || copyStateOf(day) === copy);
        const sum = (pick: (day: CustodyDay) => number) =>
          list.items.reduce((total, day) => total + pick(day), 0);
        return (
          <>
            <dl className="facts facts-row">
              <div>
                <dt>{t('evidence.days')}</dt>
                <dd>{t('cover.days', { number: number(list.items.length) })}</dd>
              </div>
              <div>
                <dt>{t('evidence.records')}</dt>
                <dd>{number(sum((day) => day.records))}</dd>
              </div>
              <div>
                <dt>{t('evidence.size')}</dt>
                <dd>
                  {formatBytes(
                    sum((day) => day.file_bytes),
                    language,
                  )}
                </dd>
              </div>
              <div>
                <dt>{t('copies.asked')}</dt>
                <dd>
                  {list.copy_within_days === null
                    ? t('copies.not_asked')
                    : t('copies.within', { number: number(list.copy_within_days) })}
                </dd>
              </div>
              <div>
                <dt>{t('evidence.checkpoint')}</dt>
                <dd>
                  <Time at={system.data?.checkpoint_at} seconds />
                </dd>
              </div>
            </dl>
            <div className="filters">
              <CountFilter
                label={t('copies.which')}
                value={copy}
                onChange={(next) => setParams({ copy: next })}
                options={[
                  { value: undefined, label: t('filter.all'), count: list.items.length },
                  ...copyStates.map((state) => ({
                    value: state,
                    label: t(`copy_state.${state}`),
                    count: list.items.filter((day) => copyStateOf(day) === state).length,
                  })),
                ]}
              />
              <span className="filters-end">
                <Button disabled={rows.length === 0} onClick={() => save(rows, list, t)}>
                  {t('sheet.export_csv')}
                </Button>
              </span>
            </div>
            <DataTable
              label={t('kept_part.days')}
              columns={columns(t, language, list)}
              rows={rows}
              rowKey={(day) => day.day}
              empty={<EmptyState why={t(copy ? 'copies.none_found' : 'evidence.empty')} />}
            />
          </>
        );
      }}
    </Loaded>
  );
}

type T = ReturnType<typeof useLanguage>['t'];

function save(rows: CustodyDay[], list: CustodyDays, t: T): void {
  const titles = [
    t('evidence.day'),
    t('evidence.state'),
    t('evidence.records'),
    t('kept.withheld'),
    t('evidence.file'),
    'SHA-256',
    t('kept.until'),
    t('copies.title'),
    t('copies.media'),
    t('copies.due'),
  ];
  const lines = rows.map((day) => [
    formatDate(day.day),
    stateWord(day, t),
    String(day.records),
    String(day.withheld),
    String(day.file_bytes),
    day.sha256,
    day.held ? t('kept.held') : day.goes_on ? formatDate(day.goes_on) : '',
    t(`copy_state.${copyStateOf(day)}`),
    day.copies.map((each) => each.medium_name).join('; '),
    formatDate(copyDueOn(day, list.copy_within_days) ?? ''),
  ]);
  saveText(`tep-nhat-ky-${isoDate(new Date())}.csv`, csvOf([titles, ...lines]), 'text/csv');
}

export const stateWord = (day: CustodyDay, t: T): string =>
  t(day.damaged ? 'evidence.damaged' : day.closed ? 'evidence.closed' : 'evidence.open');

function columns(
  t: T,
  language: ReturnType<typeof useLanguage>['language'],
  list: CustodyDays,
): Column<CustodyDay>[] {
  const largest = Math.max(1, ...list.items.map((day) => day.records));
  return [
    {
      key: 'day',
      title: t('evidence.day'),
      primary: true,
      width: 120,
      render: (day) => <Link to={`/evidence/days/${day.day}`}>{formatDate(day.day)}</Link>,
    },
    {
      key: 'state',
      title: t('evidence.state'),
      width: 150,
      render: (day) => (day.damaged ? <strong>{stateWord(day, t)}</strong> : stateWord(day, t)),
    },
    {
      key: 'count',
      title: t('evidence.records'),
      render: (day) => (
        <span className="two-lines">
          <span className="day-count">
            <span className="day-bar" aria-hidden="true">
              <span style={{ width: `${(100 * day.records) / largest}%` }} />
            </span>
            {formatNumber(day.records, language)}
          </span>
          {day.withheld > 0 ? (
            <span className="muted">
              {t('kept.withheld_count', {
                count: day.withheld,
                number: formatNumber(day.withheld, language),
              })}
            </span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'file',
      title: t('evidence.file'),
      align: 'right',
      width: 110,
      render: (day) => formatBytes(day.file_bytes, language),
    },
    {
      key: 'until',
      title: t('kept.until'),
      width: 150,
      render: (day) =>
        day.held ? <strong>{t('kept.held')}</strong> : day.goes_on ? formatDate(day.goes_on) : '–',
    },
    {
      key: 'copies',
      title: t('copies.title'),
      width: 250,
      render: (day) => <DayCopies day={day} within={list.copy_within_days} />,
    },
    {
      key: 'sha256',
      title: 'SHA-256',
      width: 220,
      render: (day) =>
        day.sha256 ? (
          <span className="day-hash">
            <code title={day.sha256}>{day.sha256.slice(0, 10)}…</code>
            <Copy text={day.sha256} />
          </span>
        ) : (
          <span className="muted">{t('evidence.not_yet')}</span>
        ),
    },
  ];
}
