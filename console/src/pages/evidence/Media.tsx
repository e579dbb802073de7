// Article 5: the register of disks and discs that hold copies: who keeps each, where, what it is known by, what was read back.
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { Link } from 'react-router-dom';
import { useCustodyDays, useMedia } from '~/api/custody';
import type { Medium } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { CountFilter } from '~/ui/CountFilter';
import { csvOf } from '~/ui/csv';
import { type Column, DataTable } from '~/ui/DataTable';
import { fold, formatDate, formatDateTime, formatNumber, isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateIcon } from '~/ui/StateTag';
import { saveText } from '~/ui/saveText';
import { Time } from '~/ui/Time';
import { copyStateOf } from './copies';
import { MediumForm, RetireMedium } from './MediumDialogs';
import { MediumLabel } from './MediumLabel';

type Asked = { act: 'add'; medium: null } | { act: 'edit' | 'retire' | 'label'; medium: Medium };

export function Media() {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('q', 'state', 'open');
  const query = useMedia();
  const days = useCustodyDays();
  const [asked, setAsked] = useState<Asked | null>(null);
  const late = (days.data?.items ?? []).filter((day) => copyStateOf(day) === 'overdue').length;
  const due = (days.data?.items ?? []).filter((day) => copyStateOf(day) === 'due').length;
  const number = (value: number) => formatNumber(value, language);
  return (
    <Loaded query={query} rows={6}>
      {(media) => {
        const state = params.state === 'retired' || params.state === 'all' ? params.state : undefined;
        const wanted = fold(params.q ?? '');
        const rows = media.filter(
          (each) =>
            (state === 'all' || (each.retired_at !== null) === (state === 'retired')) &&
            fold(searchable(each)).includes(wanted),
        );
        const inUse = media.filter((each) => !each.retired_at).length;
        return (
          <>
            {late + due > 0 ? (
              <p className="will-happen kept-above">
                {late > 0 ? (
                  <>
                    <Link to="/evidence?tab=days&copy=overdue">
                      {t('copies.late', { count: late, number: number(late) })}
                    </Link>
                    {'. '}
                  </>
                ) : null}
                {due > 0 ? (
                  <>
                    <Link to="/evidence?tab=days&copy=due">
                      {t('copies.waiting', { count: due, number: number(due) })}
                    </Link>
                    {'. '}
                  </>
                ) : null}
              </p>
            ) : null}
            <p className="kept-note">
              {t('medium.how')} <code>luy custody copy --data /var/lib/luy --to /media/sao-luu</code>
            </p>
            <p className="kept-note">
              {t('medium.how_disc')}{' '}
              <code>luy custody image --data /var/lib/luy --to /srv/dia --disc dvd</code>,{' '}
              {t('medium.how_disc_back')} <code>luy custody disc /dev/sr0 --data /var/lib/luy</code>
            </p>
            <div className="filters">
              <CountFilter
                label={t('medium.which')}
                value={state}
                onChange={(next) => setParams({ state: next })}
                options={[
                  { value: undefined, label: t('medium.in_use'), count: inUse },
                  { value: 'retired', label: t('medium.retired'), count: media.length - inUse },
                  { value: 'all', label: t('filter.all'), count: media.length },
                ]}
              />
              <SearchInput
                value={params.q ?? ''}
                onChange={(q) => setParams({ q })}
                label={t('medium.search')}
              />
              <span className="filters-end">
                <Button disabled={rows.length === 0} onClick={() => save(rows, t)}>
                  {t('sheet.export_csv')}
                </Button>
                <MayButton
                  action="custody_manage"
                  type="primary"
                  onClick={() => setAsked({ act: 'add', medium: null })}
                >
                  {t('medium.add')}
                </MayButton>
              </span>
            </div>
            <DataTable
              label={t('kept_part.media')}
              columns={columns(t, language, setAsked)}
              rows={rows}
              rowKey={(row) => row.id}
              rowClass={(row) => (row.id === params.open ? 'table-picked' : undefined)}
              empty={<EmptyState why={t(media.length === 0 ? 'medium.none' : 'medium.none_found')} />}
            />
            {asked ? <Dialog asked={asked} onClose={() => setAsked(null)} /> : null}
          </>
        );
      }}
    </Loaded>
  );
}

function Dialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  switch (asked.act) {
    case 'add':
    case 'edit':
      return <MediumForm medium={asked.medium} onClose={onClose} />;
    case 'retire':
      return <RetireMedium medium={asked.medium} onClose={onClose} />;
    case 'label':
      return <Printing medium={asked.medium} onClose={onClose} />;
  }
}

// The browser's own window for the printer shows the label; when it is gone, so is this.
function Printing({ medium, onClose }: { medium: Medium; onClose: () => void }) {
  useEffect(() => {
    const timer = setTimeout(() => {
      window.print();
      onClose();
    });
    return () => clearTimeout(timer);
  }, [onClose]);
  return <MediumLabel medium={medium} />;
}

const identityOf = (each: Medium) => [each.serial, each.uuid, each.label].filter(Boolean).join(' · ');
const searchable = (each: Medium) =>
  [each.name, each.serial, each.uuid, each.label, each.custodian, each.place].join(' ');

type T = ReturnType<typeof useLanguage>['t'];
type Language = ReturnType<typeof useLanguage>['language'];

function save(rows: Medium[], t: T): void {
  const titles = [
    t('medium.name'),
    t('medium.kind'),
    t('medium.serial'),
    t('medium.uuid'),
    t('medium.label'),
    t('medium.custodian'),
    t('medium.place'),
    t('medium.days'),
    t('medium.newest_day'),
    t('medium.last_copy'),
    t('medium.last_check'),
    t('medium.check'),
    t('medium.retired'),
  ];
  const time = (at: string | null) => (at ? formatDateTime(at) : '');
  const lines = rows.map((each) => [
    each.name,
    t(`medium_kind.${each.kind}`),
    each.serial,
    each.uuid,
    each.label,
    each.custodian,
    each.place,
    String(each.days),
    each.newest_day ? formatDate(each.newest_day) : '',
    time(each.last_copy_at),
    time(each.last_check_at),
    each.last_check_at ? each.check_fault || t('medium.check_good') : '',
    each.retired_at ? `${time(each.retired_at)} ${each.retire_reason}` : '',
  ]);
  saveText(`thiet-bi-luu-${isoDate(new Date())}.csv`, csvOf([titles, ...lines]), 'text/csv');
}

function columns(t: T, language: Language, onAsk: (asked: Asked) => void): Column<Medium>[] {
  return [
    {
      key: 'name',
      title: t('medium.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines" data-medium={row.id}>
          <span>{row.name}</span>
          <span className="muted wrap">
            {t(`medium_kind.${row.kind}`)} · {identityOf(row)}
          </span>
          {row.retired_at ? (
            <span className="muted">
              {t('medium.retired')} <Time at={row.retired_at} />: {row.retire_reason}
            </span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'custodian',
      title: t('medium.custodian'),
      width: 200,
      render: (row) => (
        <span className="two-lines">
          <span>{row.custodian}</span>
          <span className="muted wrap">{row.place}</span>
        </span>
      ),
    },
    {
      key: 'days',
      title: t('medium.holds'),
      width: 180,
      render: (row) => (
        <span className="two-lines">
          <span>{t('cover.days', { number: formatNumber(row.days, language) })}</span>
          {row.newest_day ? (
            <span className="muted">{t('medium.until', { day: formatDate(row.newest_day) })}</span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'checked',
      title: t('medium.last_check'),
      width: 200,
      render: (row) => <Checked medium={row} />,
    },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('medium.acts')}</span>,
      width: 230,
      render: (row) => (
        <span className="kept-actions">
          <Button size="small" onClick={() => onAsk({ act: 'label', medium: row })}>
            {t('medium.print_label')}
          </Button>
          {row.retired_at ? null : (
            <>
              <MayButton
                action="custody_manage"
                size="small"
                onClick={() => onAsk({ act: 'edit', medium: row })}
              >
                {t('medium.edit')}
              </MayButton>
              <MayButton
                action="custody_manage"
                size="small"
                onClick={() => onAsk({ act: 'retire', medium: row })}
              >
                {t('medium.retire')}
              </MayButton>
            </>
          )}
        </span>
      ),
    },
  ];
}

// The newest reading of what lies on it: that of a check, or that at copying, which reads everything back, too.
function Checked({ medium }: { medium: Medium }) {
  const { t } = useLanguage();
  const at = medium.last_check_at ?? medium.last_copy_at;
  if (!at) return <span className="muted">{t('medium.nothing_yet')}</span>;
  const bad = medium.check_fault !== '';
  return (
    <span className="two-lines">
      <span className={`state-tag state-${bad ? 'violated' : 'kept'}`}>
        <StateIcon state={bad ? 'violated' : 'kept'} />
        {t(bad ? 'medium.check_bad' : 'medium.check_good')}
      </span>
      <span className="muted">
        <Time at={at} /> {bad ? medium.check_fault : null}
      </span>
    </span>
  );
}
