// How full the disk of the server is, when it reaches each mark if it goes on like this, and what is done there.
import { Alert } from 'antd';
import { useDisk } from '~/api/custody';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatBytes, formatDate, formatNumber, isoDate } from '~/ui/format';
import { Loaded } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { useNow } from '~/ui/Time';
import { type DiskMark, diskLevels, type Reached, reached } from './disk';

const lookOf = { good: 'kept', watch: 'due', warning: 'due', critical: 'violated' } as const;

interface Row {
  level: DiskMark;
  percent: number;
  reached: Reached;
}

export function Disk() {
  const { t, language } = useLanguage();
  const query = useDisk();
  const today = isoDate(useNow());
  const number = (value: number) => formatNumber(value, language);
  const columns: Column<Row>[] = [
    {
      key: 'mark',
      title: t('disk.mark'),
      primary: true,
      width: 110,
      render: (row) => `${row.percent} %`,
    },
    { key: 'when', title: t('disk.when'), width: 240, render: (row) => <When at={row.reached} /> },
    { key: 'does', title: t('disk.does'), render: (row) => t(`disk_does.${row.level}`) },
  ];
  return (
    <Loaded query={query} rows={6}>
      {(disk) => {
        const look = lookOf[disk.level];
        return (
          <>
            {disk.refusing ? <Alert type="error" showIcon title={t('disk.refusing')} /> : null}
            <dl className="facts facts-row">
              <div>
                <dt>{t('disk.state')}</dt>
                <dd>
                  <span className={`state-tag state-${look}`}>
                    <StateIcon state={look} />
                    {t(`disk_level.${disk.level}`)}
                  </span>
                </dd>
              </div>
              <div>
                <dt>{t('disk.used')}</dt>
                <dd>
                  {number(disk.used_percent)} % (
                  {t('disk.of', {
                    used: formatBytes(disk.total_bytes - disk.free_bytes, language),
                    total: formatBytes(disk.total_bytes, language),
                  })}
                  )
                </dd>
              </div>
              <div>
                <dt>{t('disk.free')}</dt>
                <dd>{formatBytes(disk.free_bytes, language)}</dd>
              </div>
              <div>
                <dt>{t('disk.growth')}</dt>
                <dd>
                  {disk.days_measured < 3
                    ? t('disk.too_few', { count: disk.days_measured, number: number(disk.days_measured) })
                    : t('disk.per_day', { size: formatBytes(disk.growth_bytes_per_day, language) })}
                </dd>
              </div>
              <div>
                <dt>{t('disk.full')}</dt>
                <dd>
                  {disk.full_on && disk.days_left !== null
                    ? t('disk.on', {
                        day: formatDate(disk.full_on),
                        count: disk.days_left,
                        number: number(disk.days_left),
                      })
                    : t(disk.days_measured < 3 ? 'disk.unknown' : 'disk.not_soon')}
                </dd>
              </div>
            </dl>
            <figure className={`disk state-${look}`}>
              <div
                className="disk-bar"
                role="img"
                aria-label={t('disk.picture', { percent: number(disk.used_percent) })}
              >
                <div className="disk-used" style={{ width: `${Math.min(100, disk.used_percent)}%` }} />
                {diskLevels
                  .filter((each) => each.percent < 100)
                  .map((each) => (
                    <span key={each.level} className="disk-mark" style={{ left: `${each.percent}%` }} />
                  ))}
              </div>
              <div className="disk-scale" aria-hidden="true">
                {diskLevels
                  .filter((each) => each.percent < 100)
                  .map((each) => (
                    <span key={each.level} style={{ left: `${each.percent}%` }}>
                      {each.percent} %
                    </span>
                  ))}
              </div>
            </figure>
            <DataTable
              label={t('disk.marks')}
              columns={columns}
              rows={diskLevels.map((each) => ({ ...each, reached: reached(disk, each.percent, today) }))}
              rowKey={(row) => row.level}
              rowClass={(row) => (row.reached.state === 'passed' ? 'disk-row-passed' : undefined)}
            />
            <p className="kept-note">{t('disk.how')}</p>
          </>
        );
      }}
    </Loaded>
  );
}

function When({ at }: { at: Reached }) {
  const { t, language } = useLanguage();
  switch (at.state) {
    case 'passed':
      return <strong>{t('disk.passed')}</strong>;
    case 'on':
      return t('disk.on', {
        day: formatDate(at.day),
        count: at.days,
        number: formatNumber(at.days, language),
      });
    case 'far':
      return <span className="muted">{t('disk.not_soon')}</span>;
    default:
      return <span className="muted">{t('disk.unknown')}</span>;
  }
}
