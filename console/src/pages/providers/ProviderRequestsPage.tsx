// Requests to companies: who has not answered comes first.
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useProviderRequests } from '~/api/providers';
import type { ProviderRequest } from '~/api/types';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { AskProvider } from './AskProvider';
import { DueOf, RequestState } from './RequestParts';
import { requestStates } from './request';
import './providers.css';

export default function ProviderRequestsPage() {
  const { t, local } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('state', 'agency', 'overdue', 'incident');
  const state = requestStates.find((each) => each === params.state);
  const overdue = params.overdue === '1';
  const query = useProviderRequests({
    agency: params.agency,
    incident: params.incident,
    ...(state ? { state } : {}),
    ...(overdue ? { overdue: 'true' } : {}),
  });
  const [asking, setAsking] = useState(false);
  const columns: Column<ProviderRequest>[] = [
    {
      key: 'number',
      title: t('provider.request'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/provider-requests/${row.id}`}>{row.number}</Link>
          <span className="muted">{local(row.kind_title)}</span>
        </span>
      ),
    },
    { key: 'provider', title: t('provider.provider'), render: (row) => row.provider },
    {
      key: 'about',
      title: t('provider.about'),
      render: (row) => [row.incident?.number, row.system?.name].filter(Boolean).join(' · ') || '–',
    },
    { key: 'agency', title: t('provider.agency'), hideNarrow: true, render: (row) => row.agency.name },
    { key: 'state', title: t('provider.state'), width: 170, render: (row) => <RequestState request={row} /> },
    { key: 'due', title: t('provider.due'), width: 150, render: (row) => <DueOf request={row} /> },
  ];
  const filtered = Boolean(state || overdue || params.agency || params.incident);
  return (
    <Page
      title={t('nav.provider_requests')}
      lead={t('provider.lead')}
      extra={
        <MayButton action="provider_ask" type="primary" onClick={() => setAsking(true)}>
          {t('provider.ask')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <CountFilter
          label={t('filter.state')}
          value={overdue ? 'overdue' : state}
          options={[
            { value: undefined, label: t('filter.all') },
            { value: 'overdue', label: t('provider.overdue'), count: query.data?.overdue },
            ...requestStates.map((each) => ({ value: each as string, label: t(`provider_state.${each}`) })),
          ]}
          onChange={(next) =>
            setParams({
              overdue: next === 'overdue' ? '1' : undefined,
              state: next === 'overdue' ? undefined : next,
            })
          }
        />
        <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
      </div>
      <Loaded query={query} rows={6}>
        {(list) => (
          <>
            <DataTable
              label={t('nav.provider_requests')}
              columns={columns}
              rows={list.items}
              rowKey={(row) => row.id}
              onOpen={(row) => navigate(`/provider-requests/${row.id}`)}
              empty={<EmptyState why={t(filtered ? 'provider.none_found' : 'provider.none')} />}
            />
            {asking ? (
              <AskProvider
                kinds={list.kinds}
                days={list.answer_days}
                incident={params.incident}
                onClose={() => setAsking(false)}
                onMade={(made) => navigate(`/provider-requests/${made.id}`)}
              />
            ) : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}
