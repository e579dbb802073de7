// How fast incidents are received, judged and carried through, by agency; and how many of each kind (form 05's table).
import { DatePicker, Select } from 'antd';
import dayjs from 'dayjs';
import { useMeasures, useProcess } from '~/api/incidents';
import type { IncidentMeasures, IncidentSpread } from '~/api/incidentTypes';
import { useAgencies, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber, isoDate, spanOf } from '~/ui/format';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { useSpanText } from '~/ui/Time';
import { halfYearOf } from './measures';
import './incidents.css';

type Named = IncidentMeasures['agencies'][number];

export default function MeasuresPage() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('from', 'to', 'agency');
  const usual = halfYearOf(isoDate(new Date()));
  const span = { from: params.from ?? usual.from, to: params.to ?? usual.to };
  const agencies = useAgencies(useMay('agency_read'));
  const query = useMeasures({ ...span, agency: params.agency });
  const wrong = span.from > span.to;
  return (
    <Page title={t('nav.incident_measures')} lead={t('measure.lead')} updatedAt={query.dataUpdatedAt}>
      <div className="filters">
        {(['from', 'to'] as const).map((side) => (
          <span key={side} className="measure-day">
            <label htmlFor={`measure-${side}`}>{t(`measure.${side}`)}</label>
            <DatePicker
              id={`measure-${side}`}
              format="DD/MM/YYYY"
              allowClear={false}
              value={dayjs(span[side])}
              onChange={(day) => setParams({ [side]: day?.format('YYYY-MM-DD') })}
            />
          </span>
        ))}
        {(agencies.data?.length ?? 0) > 1 ? (
          <Select
            className="filter-wide"
            aria-label={t('filter.agency')}
            value={params.agency ?? ''}
            onChange={(agency) => setParams({ agency })}
            options={[
              { value: '', label: t('filter.all_agencies') },
              ...(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name })),
            ]}
          />
        ) : null}
      </div>
      {wrong ? (
        <EmptyState why={t('measure.wrong_days')} />
      ) : (
        <Loaded query={query} rows={8}>
          {(data) => (
            <>
              <Speeds measures={data} />
              <Kinds measures={data} />
              <ByAgency measures={data} />
            </>
          )}
        </Loaded>
      )}
    </Page>
  );
}

function useSpread() {
  const { t, language } = useLanguage();
  const text = useSpanText();
  const time = (seconds: number) => text(spanOf(seconds * 1000));
  return (spread: IncidentSpread | undefined) =>
    !spread || spread.count === 0
      ? '–'
      : t('measure.spread', {
          median: time(spread.median_seconds),
          longest: time(spread.longest_seconds),
          count: formatNumber(spread.count, language),
        });
}

function Speeds({ measures }: { measures: IncidentMeasures }) {
  const { t, local } = useLanguage();
  const process = useProcess();
  const spread = useSpread();
  const rows = [
    { key: 'receipt', name: t('measure.report_to_receipt'), value: measures.report_to_receipt },
    {
      key: 'town',
      name: t('measure.report_to_town_receipt'),
      value: measures.report_to_town_receipt,
    },
    { key: 'triage', name: t('measure.receipt_to_triage'), value: measures.receipt_to_triage },
    ...(process.data?.states ?? [])
      .filter((state) => !state.end)
      .map((state) => ({ key: state.id, name: local(state.title), value: measures.in_state[state.id] })),
  ];
  return (
    <Section title={t('measure.speed')} extra={<span className="muted">{t('measure.spread_help')}</span>}>
      <dl className="facts">
        {rows.map((row) => (
          <div key={row.key} className="measure-row">
            <dt>{row.name}</dt>
            <dd>{spread(row.value)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

// Only the steps that the agency's cases went through.
function InStates({ spreads }: { spreads: Record<string, IncidentSpread> }) {
  const { local } = useLanguage();
  const process = useProcess();
  const spread = useSpread();
  const known = (process.data?.states ?? []).filter((state) => (spreads[state.id]?.count ?? 0) > 0);
  if (known.length === 0) return <span className="muted">–</span>;
  return (
    <span className="two-lines">
      {known.map((state) => (
        <span key={state.id}>
          <span className="muted">{local(state.title)}:</span> {spread(spreads[state.id])}
        </span>
      ))}
    </span>
  );
}

function Kinds({ measures }: { measures: IncidentMeasures }) {
  const { t, local, language } = useLanguage();
  type Row = IncidentMeasures['kinds'][number];
  const number = (value: number) => formatNumber(value, language);
  const sum = (key: 'count' | 'own' | 'helped') =>
    measures.kinds.reduce((total, each) => total + each[key], 0);
  const columns: Column<Row>[] = [
    { key: 'kind', title: t('incident.kind'), primary: true, render: (row) => local(row.title) },
    {
      key: 'count',
      title: t('measure.count'),
      width: 130,
      align: 'right',
      render: (row) => number(row.count),
    },
    { key: 'own', title: t('measure.own'), width: 170, align: 'right', render: (row) => number(row.own) },
    {
      key: 'helped',
      title: t('measure.helped'),
      width: 170,
      align: 'right',
      render: (row) => number(row.helped),
    },
  ];
  return (
    <Section title={t('measure.kinds')}>
      <DataTable
        label={t('measure.kinds')}
        columns={columns}
        rows={measures.kinds}
        rowKey={(row) => row.kind}
      />
      <p className="table-foot">
        {t('measure.sum', {
          count: number(sum('count')),
          own: number(sum('own')),
          helped: number(sum('helped')),
        })}
      </p>
    </Section>
  );
}

function ByAgency({ measures }: { measures: IncidentMeasures }) {
  const { t } = useLanguage();
  const spread = useSpread();
  const columns: Column<Named>[] = [
    { key: 'agency', title: t('filter.agency'), primary: true, render: (row) => row.agency.name },
    {
      key: 'receipt',
      title: t('measure.report_to_receipt'),
      render: (row) => spread(row.report_to_receipt),
    },
    {
      key: 'town',
      title: t('measure.report_to_town_receipt'),
      render: (row) => spread(row.report_to_town_receipt),
    },
    { key: 'triage', title: t('measure.receipt_to_triage'), render: (row) => spread(row.receipt_to_triage) },
    {
      key: 'states',
      title: t('measure.in_states'),
      render: (row) => <InStates spreads={row.in_state ?? {}} />,
    },
  ];
  return (
    <Section title={t('measure.by_agency')}>
      <DataTable
        label={t('measure.by_agency')}
        columns={columns}
        rows={measures.agencies}
        rowKey={(row) => row.agency.id}
        empty={<EmptyState why={t('measure.none')} />}
      />
    </Section>
  );
}
