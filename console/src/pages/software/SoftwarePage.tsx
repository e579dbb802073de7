// Article 5: which software may run. What is seen and not approved comes first.
import { Button, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { Link } from 'react-router-dom';
import { useProducts } from '~/api/queries';
import type { Product } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { Age } from '~/ui/Time';
import { ApprovalTag } from '../devices/DeviceSoftware';
import { ApproveModal } from './ApproveModal';
import { Catalogue } from './Catalogue';
import { Gates } from './Gates';
import { WrongTable } from './WrongTable';
import './software.css';

const tabs = ['products', 'wrong', 'catalogue', 'gates'] as const;
const label = {
  products: 'software.tab_products',
  wrong: 'control.tab_wrong',
  catalogue: 'software.tab_catalogue',
  gates: 'control.tab_gates',
} as const;

export default function SoftwarePage() {
  const { t } = useLanguage();
  const [{ tab }] = useParamsState('tab');
  const active = tabs.find((name) => name === tab) ?? 'products';
  return (
    <Page title={t('nav.software')} lead={t('software.lead')}>
      <nav className="page-tabs" aria-label={t('control.parts')}>
        {tabs.map((name) => (
          <Link
            key={name}
            to={`/software${name === 'products' ? '' : `?tab=${name}`}`}
            preventScrollReset
            aria-current={name === active ? 'page' : undefined}
          >
            {t(label[name])}
          </Link>
        ))}
      </nav>
      {active === 'products' ? <Products /> : null}
      {active === 'wrong' ? <WrongTable /> : null}
      {active === 'catalogue' ? <Catalogue /> : null}
      {active === 'gates' ? <Gates /> : null}
    </Page>
  );
}

const approvedAll = (product: Product) => product.approved_devices >= product.devices;

// Unapproved first, those on most machines first among them.
export function sortProducts(products: Product[]): Product[] {
  const open = (product: Product) => product.devices - product.approved_devices;
  return [...products].sort(
    (a, b) =>
      Number(approvedAll(a)) - Number(approvedAll(b)) || open(b) - open(a) || compareText(a.name, b.name),
  );
}

function Products() {
  const { t, language } = useLanguage();
  const [{ q, state }, setParams] = useParamsState('q', 'state');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [approving, setApproving] = useState(false);
  const query = useProducts({ q, state });
  const columns = useColumns();
  const rows = useMemo(
    () => sortProducts(query.data?.pages.flatMap((page) => page.products) ?? []),
    [query.data],
  );
  return (
    <>
      <div className="filters">
        <SearchInput
          value={q ?? ''}
          onChange={(next) => setParams({ q: next })}
          label={t('software.search')}
        />
        <Segmented
          aria-label={t('software.state')}
          value={state ?? 'all'}
          onChange={(next) => setParams({ state: next === 'all' ? undefined : String(next) })}
          options={[
            { value: 'all', label: t('filter.all') },
            { value: 'unapproved', label: t('software.unapproved') },
            { value: 'approved', label: t('software.approved') },
          ]}
        />
        <span className="filters-end">
          <MayButton
            action="software_approve"
            type="primary"
            disabled={picked.size === 0}
            onClick={() => setApproving(true)}
          >
            {t('software.approve_picked', { number: formatNumber(picked.size, language) })}
          </MayButton>
        </span>
      </div>
      <Loaded query={query} rows={10}>
        {(data) => (
          <>
            <DataTable
              label={t('software.tab_products')}
              columns={columns}
              rows={rows}
              rowKey={(row) => row.name}
              selected={{
                keys: picked,
                change: setPicked,
                label: (row) => t('software.pick', { name: row.name }),
              }}
              empty={<EmptyState why={q || state ? t('software.none_found') : t('software.empty')} />}
            />
            {rows.length > 0 ? (
              <p className="table-foot">
                {t('software.counts', {
                  shown: formatNumber(rows.length, language),
                  total: formatNumber(data.pages[0]?.total ?? rows.length, language),
                  unapproved: formatNumber(data.pages[0]?.unapproved ?? 0, language),
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
      {approving ? (
        <ApproveModal
          products={[...picked]}
          onClose={(done) => {
            setApproving(false);
            if (done) setPicked(new Set());
          }}
        />
      ) : null}
    </>
  );
}

const versionsShown = 2;

function useColumns(): Column<Product>[] {
  const { t, language } = useLanguage();
  return [
    { key: 'name', title: t('software.product'), primary: true, render: (row) => <code>{row.name}</code> },
    {
      key: 'versions',
      title: t('software.version'),
      render: (row) => (
        <span className="value-list" title={row.versions.join('\n')}>
          {row.versions.slice(0, versionsShown).map((version) => (
            <code key={version}>{version}</code>
          ))}
          {row.versions.length > versionsShown ? (
            <span className="muted">+{row.versions.length - versionsShown}</span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'state',
      title: t('software.state'),
      width: 150,
      render: (row) => <ApprovalTag approved={approvedAll(row)} />,
    },
    {
      key: 'devices',
      title: t('software.devices'),
      align: 'right',
      width: 150,
      render: (row) =>
        approvedAll(row)
          ? formatNumber(row.devices, language)
          : t('software.part', {
              part: formatNumber(row.devices - row.approved_devices, language),
              total: formatNumber(row.devices, language),
            }),
    },
    {
      key: 'seen',
      title: t('software.first_seen'),
      width: 140,
      hideNarrow: true,
      render: (row) => <Age at={row.first_seen} />,
    },
  ];
}
