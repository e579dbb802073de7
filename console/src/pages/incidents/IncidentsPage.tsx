// All cases that one may see: by step, by agency, what is late; how much time is left; opening a new one.
import { Button, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useIncidents, useProcess } from '~/api/incidents';
import type { Incident } from '~/api/incidentTypes';
import { useAgencies, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { DateOnly } from '~/ui/Time';
import { OpenCase } from './OpenCase';
import { LateBy, TimeLeft } from './TimeLeft';
import './incidents.css';

export default function IncidentsPage() {
  const { t, local, language } = useLanguage();
  const navigate = useNavigate();
  const process = useProcess();
  const agencies = useAgencies(useMay('agency_read'));
  const [params, setParams] = useParamsState('q', 'state', 'agency', 'overdue', 'open');
  const open = params.open ?? (params.state ? undefined : 'true');
  const query = useIncidents({ ...params, open: open === 'all' ? undefined : open });
  const [opening, setOpening] = useState(false);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const counts = query.data?.pages[0]?.counts ?? {};
  const several = (agencies.data?.length ?? 0) > 1;
  const filtered = Boolean(params.q || params.state || params.agency || params.overdue);
  return (
    <Page
      title={t('nav.incidents')}
      lead={t('incident.lead')}
      extra={
        <MayButton action="incident_handle" type="primary" onClick={() => setOpening(true)}>
          {t('incident.open')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <fieldset className="state-filter">
          <legend className="visually-hidden">{t('filter.state')}</legend>
          <button
            type="button"
            aria-pressed={!params.state && open === 'true'}
            onClick={() => setParams({ state: undefined, open: undefined })}
          >
            {t('incident.all_open')}
          </button>
          {(process.data?.states ?? []).map((state) => (
            <button
              key={state.id}
              type="button"
              aria-pressed={params.state === state.id}
              onClick={() =>
                setParams({ state: params.state === state.id ? undefined : state.id, open: undefined })
              }
            >
              {local(state.title)}
              <span className="count">{formatNumber(counts[state.id] ?? 0, language)}</span>
            </button>
          ))}
          <button
            type="button"
            aria-pressed={params.open === 'all'}
            onClick={() => setParams({ state: undefined, open: 'all' })}
          >
            {t('filter.all')}
          </button>
        </fieldset>
      </div>
      <div className="filters">
        <SearchInput value={params.q ?? ''} onChange={(q) => setParams({ q })} label={t('incident.search')} />
        {several ? (
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
        <button
          type="button"
          className="toggle"
          aria-pressed={params.overdue === 'true'}
          onClick={() => setParams({ overdue: params.overdue ? undefined : 'true' })}
        >
          {t('incident.only_overdue')}
        </button>
      </div>
      <Loaded query={query} rows={8}>
        {(data) => (
          <>
            <DataTable
              label={t('nav.incidents')}
              columns={columnsOf({ t, local, several })}
              rows={rows}
              rowKey={(row) => row.id}
              onOpen={(row) => navigate(`/incidents/${row.id}`)}
              empty={<EmptyState why={t(filtered ? 'incident.none_found' : 'incident.empty')} />}
            />
            {rows.length > 0 ? (
              <p className="table-foot">
                {t('table.shown', {
                  shown: formatNumber(rows.length, language),
                  total: formatNumber(data.pages[0]?.total ?? rows.length, language),
                })}
                {query.hasNextPage ? (
                  <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('table.more')}
                  </Button>
                ) : null}
              </p>
            ) : null}
          </>
        )}
      </Loaded>
      {opening ? (
        <OpenCase
          onClose={(made) => {
            setOpening(false);
            if (made) navigate(`/incidents/${made.id}`);
          }}
        />
      ) : null}
    </Page>
  );
}

type Texts = Pick<ReturnType<typeof useLanguage>, 't' | 'local'> & { several: boolean };

function columnsOf({ t, local, several }: Texts): Column<Incident>[] {
  return [
    { key: 'number', title: t('incident.number'), width: 130, render: (row) => <code>{row.number}</code> },
    {
      key: 'title',
      title: t('incident.what'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/incidents/${row.id}`}>{row.title}</Link>
          <span className="muted incident-whom">
            {several ? <span>{row.agency.name}</span> : null}
            <span>{local(row.kind_title)}</span>
            {row.severity ? <span>{local(row.severity.title)}</span> : null}
          </span>
        </span>
      ),
    },
    { key: 'state', title: t('incident.step'), width: 240, render: (row) => local(row.state_title) },
    {
      key: 'due',
      title: t('incident.time_left'),
      width: 170,
      render: (row) =>
        row.overdue ? (
          <LateBy />
        ) : row.next_due ? (
          <TimeLeft at={row.next_due} />
        ) : (
          <span className="muted">–</span>
        ),
    },
    {
      key: 'discovered',
      title: t('incident.discovered'),
      width: 130,
      hideNarrow: true,
      render: (row) => <DateOnly at={row.moments.discovered ?? row.opened_at} />,
    },
  ];
}
