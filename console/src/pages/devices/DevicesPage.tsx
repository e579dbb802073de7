// Machines of the agencies: who is heard from, and how each stands.
import { Button, Select } from 'antd';
import { useMemo } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import { useAgencies, useDevices, useMay } from '~/api/queries';
import type { Device } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateCounts } from '~/ui/StateTag';
import { Age } from '~/ui/Time';

export default function DevicesPage() {
  const { t, language } = useLanguage();
  const [{ q, agency, order }, setParams] = useParamsState('q', 'agency', 'order');
  const query = useDevices({ q, agency });
  const agencies = useAgencies();
  const mayEnrol = useMay('device_enrol');
  const navigate = useNavigate();
  const columns = useColumns((agencies.data?.length ?? 0) > 1);
  const enrol = mayEnrol ? (
    <Button type="primary" onClick={() => navigate('/devices/enrol')}>
      {t('devices.enrol')}
    </Button>
  ) : null;
  return (
    <Page title={t('nav.devices')} lead={t('devices.lead')} extra={enrol} updatedAt={query.dataUpdatedAt}>
      <div className="filters">
        <SearchInput
          value={q ?? ''}
          onChange={(next) => setParams({ q: next })}
          label={t('devices.search')}
        />
        {(agencies.data?.length ?? 0) > 1 ? (
          <Select
            aria-label={t('filter.agency')}
            className="filter-wide"
            allowClear
            placeholder={t('filter.all_agencies')}
            value={agency ?? null}
            onChange={(next) => setParams({ agency: next ?? undefined })}
            options={agencies.data?.map((each) => ({ value: each.id, label: each.name }))}
          />
        ) : null}
        <Select
          aria-label={t('filter.order')}
          className="filter-narrow"
          value={order ?? 'worst'}
          onChange={(next) => setParams({ order: next === 'worst' ? undefined : next })}
          options={[
            { value: 'worst', label: t('devices.order_worst') },
            { value: 'name', label: t('devices.order_name') },
            { value: 'seen', label: t('devices.order_seen') },
          ]}
        />
      </div>
      <Loaded query={query} rows={8}>
        {(devices) => (
          <>
            <DataTable
              label={t('nav.devices')}
              columns={columns}
              rows={sortDevices(devices, order)}
              rowKey={(device) => device.id}
              onOpen={(device) => navigate(`/devices/${device.id}`)}
              empty={
                q || agency ? (
                  <EmptyState why={t('devices.none_found')} />
                ) : (
                  <EmptyState why={t('devices.empty')} action={enrol} />
                )
              }
            />
            {devices.length > 0 ? (
              <p className="table-foot">
                {t('devices.count', {
                  count: devices.length,
                  number: formatNumber(devices.length, language),
                })}
              </p>
            ) : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

export function sortDevices(devices: Device[], order: string | undefined): Device[] {
  const byName = (a: Device, b: Device) => compareText(a.name, b.name);
  return [...devices].sort((a, b) => {
    if (order === 'name') return byName(a, b);
    // The longest unheard first: a machine never heard from is the most silent of all.
    if (order === 'seen') return (a.last_seen ?? '').localeCompare(b.last_seen ?? '') || byName(a, b);
    return b.counts.violated - a.counts.violated || b.counts.due - a.counts.due || byName(a, b);
  });
}

function useColumns(several: boolean): Column<Device>[] {
  const { t } = useLanguage();
  const agencies = useAgencies();
  const names = useMemo(
    () => new Map(agencies.data?.map((each) => [each.id, each.name]) ?? []),
    [agencies.data],
  );
  const columns: Column<Device>[] = [
    {
      key: 'name',
      title: t('devices.name'),
      primary: true,
      render: (device) => (
        <span className="two-lines">
          <Link to={`/devices/${device.id}`}>{device.name}</Link>
          <span className="muted">
            {[t(`device_class.${device.class}`), several ? names.get(device.agency) : '']
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
      ),
    },
    {
      key: 'counts',
      title: t('devices.verdicts'),
      render: (device) => <StateCounts counts={device.counts} />,
    },
    {
      key: 'seen',
      title: t('devices.last_seen'),
      width: 140,
      render: (device) => <Age at={device.last_seen} />,
    },
    { key: 'os', title: t('devices.os'), hideNarrow: true, render: (device) => device.os || '–' },
    {
      key: 'addresses',
      title: t('devices.addresses'),
      hideNarrow: true,
      render: (device) => (
        <span className="value-list">
          {device.addresses.slice(0, 3).map((address) => (
            <code key={address}>{address}</code>
          ))}
        </span>
      ),
    },
    {
      key: 'person',
      title: t('devices.person'),
      hideNarrow: true,
      render: (device) => (
        <span className="two-lines">
          <span>{device.person_in_charge || <span className="muted">{t('devices.not_set')}</span>}</span>
          <span className="muted">{device.place}</span>
        </span>
      ),
    },
  ];
  return columns;
}
