// The services that the hub watches: state, answer times against their own past, how long certificates last.
import { Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useAgencies, useMay } from '~/api/queries';
import type { WatchedService } from '~/api/types';
import { useServices } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDate, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { Age, useNow } from '~/ui/Time';
import { useNames } from '~/ui/useNames';
import { Sparkline } from './Latency';
import { ServiceForm } from './ServiceForm';
import { ServiceTag, serviceStates } from './ServiceTag';
import './services.css';

export default function ServicesPage() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const agencies = useAgencies(useMay('agency_read'));
  const [params, setParams] = useParamsState('q', 'state', 'agency');
  const [adding, setAdding] = useState(false);
  const query = useServices(params);
  const columns = useColumns((agencies.data?.length ?? 0) > 1);
  const filtered = Boolean(params.q || params.state || params.agency);
  return (
    <Page
      title={t('nav.services')}
      lead={t('services.lead')}
      extra={
        <MayButton action="service_manage" type="primary" onClick={() => setAdding(true)}>
          {t('services.add')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <SearchInput value={params.q ?? ''} onChange={(q) => setParams({ q })} label={t('services.search')} />
        <Select
          className="filter-narrow"
          aria-label={t('services.state')}
          value={params.state ?? ''}
          onChange={(state) => setParams({ state })}
          options={[
            { value: '', label: t('filter.all') },
            ...serviceStates.map((each) => ({ value: each, label: t(`service_state.${each}`) })),
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
      </div>
      <Loaded query={query} rows={6}>
        {(services) => (
          <DataTable
            label={t('nav.services')}
            columns={columns}
            rows={[...services].sort(worstFirst)}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/services/${row.id}`)}
            empty={<EmptyState why={t(filtered ? 'services.none_found' : 'services.none')} />}
          />
        )}
      </Loaded>
      {adding ? <ServiceForm service={null} onClose={() => setAdding(false)} /> : null}
    </Page>
  );
}

const rank = (service: WatchedService) =>
  service.enabled ? serviceStates.indexOf(service.state) : serviceStates.length;
const worstFirst = (a: WatchedService, b: WatchedService) => rank(a) - rank(b);

// A certificate that ends within so many days is written in the colour of what is due.
const soonDays = 21;

export function CertificateLeft({ certificate }: { certificate: WatchedService['certificate'] }) {
  const { t, language } = useLanguage();
  const now = useNow();
  if (!certificate) return <span className="muted">–</span>;
  const days = Math.floor((Date.parse(certificate.expires_at) - now.getTime()) / 86_400_000);
  const look = days < 0 || certificate.problem ? 'cert-over' : days < soonDays ? 'cert-soon' : undefined;
  return (
    <span className={look} title={formatDate(certificate.expires_at)}>
      {days < 0
        ? t('services.certificate_over')
        : t('services.certificate_left', { count: days, number: formatNumber(days, language) })}
    </span>
  );
}

function useColumns(several: boolean): Column<WatchedService>[] {
  const { t, language } = useLanguage();
  const { name } = useNames();
  return [
    {
      key: 'state',
      title: t('services.state'),
      width: 190,
      render: (row) => <ServiceTag state={row.state} enabled={row.enabled} />,
    },
    {
      key: 'name',
      title: t('services.one'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/services/${row.id}`}>{row.name}</Link>
          <span className="muted service-target">
            {row.target}
            {several ? ` · ${name(row.agency)}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'latency',
      title: t('services.latency'),
      width: 130,
      align: 'right',
      render: (row) =>
        row.latency_ms === null ? (
          <span className="muted">–</span>
        ) : (
          t('services.milliseconds', { number: formatNumber(row.latency_ms, language, 0) })
        ),
    },
    {
      key: 'trend',
      title: t('services.trend'),
      width: 200,
      hideNarrow: true,
      render: (row) => <Sparkline service={row} />,
    },
    {
      key: 'certificate',
      title: t('services.certificate'),
      width: 170,
      render: (row) => <CertificateLeft certificate={row.certificate} />,
    },
    {
      key: 'last',
      title: t('services.last_probe'),
      width: 140,
      render: (row) => <Age at={row.last_probe} />,
    },
  ];
}
