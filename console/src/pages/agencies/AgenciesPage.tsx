// The tree of agencies as of any day, and what may be done to it: created, reorganised, taken from and written to a sheet.
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useAgenciesOn, useAgencyPlans, useExportSheet, useSuccessions } from '~/api/agencies';
import { useAgencies, useMay, useOverview } from '~/api/queries';
import type { Agency, SuccessionList } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDate, isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SheetButtons } from '~/ui/SheetButtons';
import { StateCounts } from '~/ui/StateTag';
import { addCounts, noCounts } from '~/ui/state';
import { DateOnly } from '~/ui/Time';
import { AddAgency } from './AddAgency';
import { DaySlider } from './DaySlider';
import { isDay, uncountedOn } from './days';
import { Plans } from './Plans';
import { type TreeRow, treeOf } from './tree';
import './agencies.css';

export default function AgenciesPage() {
  const { t } = useLanguage();
  const today = isoDate(new Date());
  const [params, change] = useParamsState('day');
  const day = isDay(params.day) ? params.day : today;
  const all = useAgencies();
  const query = useAgenciesOn(day);
  const successions = useSuccessions();
  const navigate = useNavigate();
  const sheet = useExportSheet();
  const planned = (useAgencyPlans().data ?? []).map((plan) => plan.day);
  const uncounted = uncountedOn(day, planned);
  const [adding, setAdding] = useState(false);
  const columns = useColumns(day === today);
  return (
    <Page
      title={t('nav.agencies')}
      lead={t('agencies.lead')}
      extra={
        <>
          <SheetButtons name="agencies" making={sheet} />
          <MayButton action="agency_manage" onClick={() => navigate('/agencies/import')}>
            {t('agencies.import')}
          </MayButton>
          <MayButton action="agency_manage" onClick={() => navigate('/agencies/reorganise')}>
            {t('agencies.reorganise')}
          </MayButton>
          <MayButton action="agency_manage" type="primary" onClick={() => setAdding(true)}>
            {t('agencies.add')}
          </MayButton>
        </>
      }
      updatedAt={query.dataUpdatedAt}
    >
      {sheet.error ? <ErrorNote error={sheet.error} /> : null}
      <DaySlider
        day={day}
        today={today}
        changes={[...new Set([...(query.data?.days ?? []), ...planned])].sort()}
        onChange={(next) => change({ day: next === today ? undefined : next })}
      />
      {day < today ? <p className="will-happen">{t('agencies.as_of', { day: formatDate(day) })}</p> : null}
      {day > today ? (
        <p className="will-happen">
          {t('agencies.ahead', { day: formatDate(day) })}
          {uncounted.length > 0
            ? ` ${t('agencies.uncounted', { days: uncounted.map((each) => formatDate(each)).join(', ') })}`
            : ''}
        </p>
      ) : null}
      <Plans />
      <WhatChanged day={day} all={all.data ?? []} successions={successions.data ?? []} />
      <Loaded query={query} rows={5}>
        {({ agencies }) => (
          <>
            <DataTable
              label={t('nav.agencies')}
              columns={columns}
              rows={treeOf(agencies)}
              rowKey={(row) => row.agency.id}
              onOpen={(row) => navigate(`/agencies/${row.agency.id}`)}
              empty={<EmptyState why={t('agencies.empty')} />}
            />
            {adding ? <AddAgency agencies={agencies} onClose={() => setAdding(false)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

// On the day of a reorganisation: who went on after whom, and by which decision.
function WhatChanged({
  day,
  all,
  successions,
}: {
  day: string;
  all: Agency[];
  successions: SuccessionList['successions'];
}) {
  const { t } = useLanguage();
  const list = successions.filter((each) => each.day === day);
  if (list.length === 0) return null;
  const name = (id: string) => all.find((each) => each.id === id)?.name ?? '–';
  return (
    <section className="agency-changes" aria-label={t('agencies.changed_on', { day: formatDate(day) })}>
      <h2>{t('agencies.changed_on', { day: formatDate(day) })}</h2>
      {list[0]?.basis ? <p className="muted">{list[0].basis}</p> : null}
      <ul>
        {list.map((each) => (
          <li key={`${each.predecessor} ${each.successor}`}>
            {t('agencies.went_on_as', { old: name(each.predecessor), new: name(each.successor) })}
          </li>
        ))}
      </ul>
    </section>
  );
}

function useColumns(now: boolean): Column<TreeRow>[] {
  const { t } = useLanguage();
  const overview = useOverview(useMay('overview_read'));
  const counts = (agency: string) =>
    (overview.data?.cells ?? [])
      .filter((cell) => cell.agency === agency)
      .reduce((sum, cell) => addCounts(sum, cell.counts), noCounts);
  const columns: Column<TreeRow>[] = [
    {
      key: 'name',
      title: t('agencies.name'),
      primary: true,
      render: (row) => (
        <span style={{ paddingInlineStart: row.depth * 20 }}>
          <Link to={`/agencies/${row.agency.id}`}>{row.agency.name}</Link>
        </span>
      ),
    },
    { key: 'code', title: t('agencies.code'), render: (row) => <code>{row.agency.code}</code> },
    {
      key: 'kind',
      title: t('agencies.kind'),
      render: (row) => (row.agency.kind ? t(`agency_kind.${row.agency.kind}`) : '–'),
    },
    {
      key: 'from',
      title: t('agencies.valid_from'),
      width: 140,
      render: (row) => <DateOnly at={row.agency.valid_from} />,
    },
    {
      key: 'to',
      title: t('agencies.valid_to'),
      width: 160,
      render: (row) => (row.agency.valid_to ? <DateOnly at={row.agency.valid_to} /> : t('agencies.still')),
    },
  ];
  if (now && overview.data) {
    columns.splice(3, 0, {
      key: 'counts',
      title: t('devices.verdicts'),
      render: (row) => (
        <Link to={`/verdicts?agency=${row.agency.id}`}>
          <StateCounts counts={counts(row.agency.id)} />
        </Link>
      ),
    });
  }
  return columns;
}
