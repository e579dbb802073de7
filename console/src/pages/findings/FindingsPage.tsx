// The queue of findings: what nobody has looked at yet, gravest or most urgent first; worked through by keyboard.
import { Button, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useFindings } from '~/api/findings';
import { useAgencies, useMay } from '~/api/queries';
import type { Finding } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { EntityLink } from '~/ui/EntityLink';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { SeverityTag, severities } from '~/ui/SeverityTag';
import { Age, Overdue, Remaining } from '~/ui/Time';
import { type Asked, acts, TriageButtons, TriageModal } from './Triage';
import { focusedRow, useQueueKeys } from './useQueueKeys';
import { chosen, findingKinds, findingStates } from './words';
import './findings.css';

const sorts = ['due', 'severity', 'last'] as const;

export default function FindingsPage() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const agencies = useAgencies(useMay('agency_read'));
  const mayTriage = useMay('finding_triage');
  const [params, setParams] = useParamsState(
    'q',
    'state',
    'severity',
    'kind',
    'agency',
    'overdue',
    'sort',
    'rule',
    'device',
    'entity',
  );
  const state = params.state === 'all' ? undefined : (params.state ?? 'new');
  const query = useFindings({ ...params, q: params.q ?? '', state, sort: params.sort ?? 'due' });
  const [ticked, setTicked] = useState<Set<string>>(new Set());
  const [asked, setAsked] = useState<Asked | null>(null);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  useQueueKeys((key) => {
    const act = acts.find((each) => each.key === key);
    if (!act || !mayTriage) return false;
    const row = focusedRow();
    const findings = chosen(ticked, row ? rows[Number(row.dataset.index)]?.id : undefined);
    if (findings.length > 0) setAsked({ findings, state: act.state });
    return true;
  });
  const counts = query.data?.pages[0]?.counts;
  const columns = useColumns((agencies.data?.length ?? 0) > 1);
  const filtered = Object.entries(params).some(([name, value]) => name !== 'sort' && value);
  return (
    <Page
      title={t('nav.findings')}
      lead={t('findings.lead')}
      extra={mayTriage ? <span className="muted findings-keys">{t('findings.keys')}</span> : null}
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <fieldset className="state-filter">
          <legend className="visually-hidden">{t('filter.state')}</legend>
          {findingStates.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={state === each}
              onClick={() => setParams({ state: each === 'new' ? undefined : each })}
            >
              {t(`finding_state.${each}`)}
              {counts ? (
                <span className="count">{formatNumber(counts.by_state[each] ?? 0, language)}</span>
              ) : null}
            </button>
          ))}
          <button type="button" aria-pressed={!state} onClick={() => setParams({ state: 'all' })}>
            {t('filter.all')}
          </button>
        </fieldset>
        <button
          type="button"
          className="toggle"
          aria-pressed={params.overdue === 'true'}
          onClick={() => setParams({ overdue: params.overdue ? undefined : 'true' })}
        >
          {t('findings.only_overdue')}
          {counts ? <span className="count">{formatNumber(counts.overdue, language)}</span> : null}
        </button>
      </div>
      <div className="filters">
        <SearchInput value={params.q ?? ''} onChange={(q) => setParams({ q })} label={t('findings.search')} />
        <Select
          className="filter-narrow"
          aria-label={t('findings.severity')}
          value={params.severity ?? ''}
          onChange={(severity) => setParams({ severity })}
          options={[
            { value: '', label: t('findings.all_severities') },
            ...severities.map((each) => ({ value: each, label: t(`severity.${each}`) })),
          ]}
        />
        <Select
          className="filter-narrow"
          aria-label={t('findings.kind')}
          value={params.kind ?? ''}
          onChange={(kind) => setParams({ kind })}
          options={[
            { value: '', label: t('findings.all_kinds') },
            ...findingKinds.map((each) => ({ value: each, label: t(`finding_kind.${each}`) })),
          ]}
        />
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
        <Select
          className="filter-narrow"
          aria-label={t('filter.order')}
          value={sorts.find((each) => each === params.sort) ?? 'due'}
          onChange={(sort) => setParams({ sort: sort === 'due' ? undefined : sort })}
          options={sorts.map((each) => ({ value: each, label: t(`finding_sort.${each}`) }))}
        />
      </div>
      {params.rule || params.device || params.entity ? (
        <p className="narrowed">
          {t('findings.narrowed')}{' '}
          <Button
            size="small"
            onClick={() => setParams({ rule: undefined, device: undefined, entity: undefined })}
          >
            {t('findings.widen')}
          </Button>
        </p>
      ) : null}
      {ticked.size > 0 ? (
        <div className="bulk">
          <span>
            {t('findings.ticked', { count: ticked.size, number: formatNumber(ticked.size, language) })}
          </span>
          <TriageButtons findings={[...ticked]} onAsk={setAsked} />
        </div>
      ) : null}
      <Loaded query={query} rows={8}>
        {(data) => (
          <>
            <DataTable
              label={t('nav.findings')}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.id}
              onOpen={(row) => navigate(`/findings/${row.id}`)}
              {...(mayTriage
                ? {
                    selected: {
                      keys: ticked,
                      change: setTicked,
                      label: (row: Finding) => t('findings.tick', { title: row.title.vi }),
                    },
                  }
                : {})}
              empty={<EmptyState why={t(filtered ? 'findings.none_found' : 'findings.empty')} />}
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
      {asked ? (
        <TriageModal
          asked={asked}
          onClose={(done) => {
            setAsked(null);
            if (done) setTicked(new Set());
          }}
        />
      ) : null}
    </Page>
  );
}

function useColumns(several: boolean): Column<Finding>[] {
  const { t, local, language } = useLanguage();
  const columns: Column<Finding>[] = [
    {
      key: 'severity',
      title: t('findings.severity'),
      width: 150,
      render: (row) => <SeverityTag severity={row.severity} />,
    },
    {
      key: 'title',
      title: t('findings.what'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/findings/${row.id}`}>{local(row.title)}</Link>
          <span className="muted finding-whom">
            {row.device ? (
              <EntityLink entity={{ type: 'device', value: row.device.id, name: row.device.name }} />
            ) : null}
            {several ? <span>{row.agency.name}</span> : null}
            {row.entities
              .filter((each) => each.type !== 'device')
              .slice(0, 3)
              .map((each) => (
                <EntityLink key={`${each.type} ${each.value}`} entity={each} />
              ))}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('verdicts.state'),
      width: 150,
      hideNarrow: true,
      render: (row) => t(`finding_state.${row.state}`),
    },
    {
      key: 'due',
      title: t('findings.due'),
      width: 160,
      render: (row) =>
        row.overdue && row.due_at ? (
          <Overdue since={row.due_at} />
        ) : row.due_at && row.state === 'new' ? (
          <Remaining at={row.due_at} />
        ) : (
          <span className="muted">–</span>
        ),
    },
    {
      key: 'count',
      title: t('findings.count'),
      width: 90,
      align: 'right',
      render: (row) => formatNumber(row.count, language),
    },
    { key: 'last', title: t('findings.last'), width: 150, render: (row) => <Age at={row.last_seen} /> },
  ];
  return columns;
}
