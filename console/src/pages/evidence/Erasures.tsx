// Content of single records that two people decided to erase: why, on which ground, what became of it. Proofs stay.
import { Button } from 'antd';
import { Link } from 'react-router-dom';
import { useErasures } from '~/api/custody';
import type { Erasure } from '~/api/custodyTypes';
import { useLanguage } from '~/i18n';
import { CountFilter } from '~/ui/CountFilter';
import { csvOf } from '~/ui/csv';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDate, formatDateTime, formatNumber, isoDate } from '~/ui/format';
import { EmptyState, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { StateIcon } from '~/ui/StateTag';
import { saveText } from '~/ui/saveText';
import { Time } from '~/ui/Time';

const states = ['waiting', 'done', 'copies'] as const;
type Shown = (typeof states)[number];
const isOf = (each: Erasure, state: Shown) =>
  state === 'copies' ? each.copies_left > 0 : each.state === state;

export function Erasures() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('state');
  const query = useErasures();
  const state = states.find((each) => each === params.state);
  return (
    <Loaded query={query} rows={5}>
      {(all) => {
        const rows = all.filter((each) => !state || isOf(each, state));
        return (
          <>
            <p className="kept-note">{t('erasure.how')}</p>
            <div className="filters">
              <CountFilter
                label={t('filter.state')}
                value={state}
                onChange={(next) => setParams({ state: next })}
                options={[
                  { value: undefined, label: t('filter.all'), count: all.length },
                  ...states.map((each) => ({
                    value: each,
                    label: t(`erasure_state.${each}`),
                    count: all.filter((one) => isOf(one, each)).length,
                  })),
                ]}
              />
              <span className="filters-end">
                <Button disabled={rows.length === 0} onClick={() => save(rows, t)}>
                  {t('sheet.export_csv')}
                </Button>
              </span>
            </div>
            <List rows={rows} filtered={state !== undefined} />
          </>
        );
      }}
    </Loaded>
  );
}

function save(rows: Erasure[], t: ReturnType<typeof useLanguage>['t']): void {
  const titles = [
    t('filter.agency'),
    t('erasure.reason'),
    t('erasure.basis'),
    t('evidence.records'),
    t('evidence.day'),
    t('term.by'),
    t('erasure.decided'),
    t('evidence.state'),
    t('erasure.done_at'),
  ];
  const lines = rows.map((each) => [
    each.agency.name,
    each.reason,
    each.legal_basis,
    String(each.records),
    each.days.map(formatDate).join('; '),
    each.decided_by.join('; '),
    formatDateTime(each.decided_at),
    t(`erasure_state.${each.state}`),
    each.done_at ? formatDateTime(each.done_at) : '',
  ]);
  saveText(`xoa-noi-dung-${isoDate(new Date())}.csv`, csvOf([titles, ...lines]), 'text/csv');
}

function List({ rows, filtered }: { rows: Erasure[]; filtered: boolean }) {
  const { t, language } = useLanguage();
  const number = (value: number) => formatNumber(value, language);
  const columns: Column<Erasure>[] = [
    {
      key: 'reason',
      title: t('erasure.reason'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span className="wrap">{row.reason}</span>
          <span className="muted wrap">{row.legal_basis}</span>
        </span>
      ),
    },
    {
      key: 'records',
      title: t('erasure.what'),
      width: 210,
      render: (row) => (
        <span className="two-lines">
          <span>{t('cover.records', { count: row.records, number: number(row.records) })}</span>
          <span className="muted">{row.agency.name}</span>
          <span className="cover-wrong-days">
            {row.days.map((day) => (
              <Link key={day} to={`/evidence/days/${day}`}>
                {formatDate(day)}
              </Link>
            ))}
          </span>
        </span>
      ),
    },
    {
      key: 'by',
      title: t('term.by'),
      width: 210,
      render: (row) => (
        <span className="two-lines">
          <span>{row.decided_by.join(', ')}</span>
          <span className="muted">
            <Time at={row.decided_at} />
          </span>
        </span>
      ),
    },
    { key: 'state', title: t('evidence.state'), width: 240, render: (row) => <State erasure={row} /> },
    {
      key: 'notes',
      title: t('erasure.notes'),
      width: 130,
      render: (row) => (
        <span className="cover-wrong-days">
          {row.note_seqs.length === 0
            ? '–'
            : row.note_seqs.map((seq) => (
                <Link key={seq} to={`/proof/${seq}`}>
                  {seq}
                </Link>
              ))}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('kept_part.erasures')}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<EmptyState why={t(filtered ? 'erasure.none_found' : 'erasure.none')} />}
    />
  );
}

function State({ erasure }: { erasure: Erasure }) {
  const { t, language } = useLanguage();
  const done = erasure.state === 'done';
  const look = done ? 'kept' : 'due';
  return (
    <span className="two-lines">
      <span className={`state-tag state-${look}`} data-state={erasure.state}>
        <StateIcon state={look} />
        {t(`erasure_state.${erasure.state}`)}
      </span>
      {done ? (
        <span className="muted">
          <Time at={erasure.done_at} />
        </span>
      ) : null}
      {erasure.problem ? <span className="wrap">{erasure.problem}</span> : null}
      {erasure.copies_left > 0 ? (
        <span>
          {t('erasure.copies_left', {
            count: erasure.copies_left,
            number: formatNumber(erasure.copies_left, language),
          })}
        </span>
      ) : null}
    </span>
  );
}
