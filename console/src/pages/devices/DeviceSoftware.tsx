// What is installed, what nobody approved, what waits to be updated.
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { useDeviceSoftware } from '~/api/queries';
import type { Device, Software } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateIcon } from '~/ui/StateTag';
import { Age, DateOnly, Time } from '~/ui/Time';
import { ApproveModal } from '../software/ApproveModal';
import { BaselineModal } from '../software/BaselineModal';

export function DeviceSoftware({ device }: { device: Device }) {
  const { t, language } = useLanguage();
  const [{ q, approval }, setParams] = useParamsState('q', 'approval');
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<'approve' | 'baseline' | null>(null);
  const query = useDeviceSoftware(device.id, { q, state: approval });
  const columns = useColumns();
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
          value={approval ?? 'all'}
          onChange={(next) => setParams({ approval: next === 'all' ? undefined : String(next) })}
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
            onClick={() => setDialog('approve')}
          >
            {t('software.approve_picked', { number: formatNumber(picked.size, language) })}
          </MayButton>
          <MayButton action="software_approve" onClick={() => setDialog('baseline')}>
            {t('software.baseline')}
          </MayButton>
        </span>
      </div>
      <Loaded query={query} rows={10}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.software);
          const first = data.pages[0];
          return (
            <>
              <DataTable
                label={t('devices.tab_software')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.name}
                selected={{
                  keys: picked,
                  change: setPicked,
                  label: (row) => t('software.pick', { name: row.name }),
                }}
                empty={
                  <EmptyState why={q || approval ? t('software.none_found') : t('software.device_empty')} />
                }
              />
              {first && rows.length > 0 ? (
                <p className="table-foot">
                  {t('software.counts', {
                    shown: formatNumber(rows.length, language),
                    total: formatNumber(first.total, language),
                    unapproved: formatNumber(first.unapproved, language),
                  })}
                  {query.hasNextPage ? (
                    <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                      {t('table.more')}
                    </Button>
                  ) : null}
                </p>
              ) : null}
            </>
          );
        }}
      </Loaded>
      {dialog === 'approve' ? (
        <ApproveModal
          products={[...picked]}
          agency={device.agency}
          onClose={(done) => {
            setDialog(null);
            if (done) setPicked(new Set());
          }}
        />
      ) : null}
      {dialog === 'baseline' ? <BaselineModal device={device} onClose={() => setDialog(null)} /> : null}
    </>
  );
}

export function ApprovalTag({ approved }: { approved: boolean }) {
  const { t } = useLanguage();
  return (
    <span className={`state-tag state-${approved ? 'kept' : 'violated'}`}>
      <StateIcon state={approved ? 'kept' : 'violated'} />
      {approved ? t('software.approved') : t('software.unapproved')}
    </span>
  );
}

function useColumns(): Column<Software>[] {
  const { t } = useLanguage();
  return [
    { key: 'name', title: t('software.product'), primary: true, render: (row) => <code>{row.name}</code> },
    { key: 'version', title: t('software.version'), render: (row) => <code>{row.version}</code> },
    {
      key: 'approved',
      title: t('software.state'),
      width: 150,
      render: (row) => (
        <span className="two-lines">
          <ApprovalTag approved={row.approved} />
          {row.ended ? (
            <span className="muted">
              {t('software.ended')} <DateOnly at={row.ended} />
            </span>
          ) : null}
        </span>
      ),
    },
    {
      key: 'offered',
      title: t('software.update'),
      render: (row) =>
        row.offered ? (
          <span className="two-lines">
            <code>{row.offered}</code>
            {row.security ? <span className="security-update">{t('software.security')}</span> : null}
          </span>
        ) : (
          <span className="muted">–</span>
        ),
    },
    {
      key: 'installed',
      title: t('software.installed'),
      hideNarrow: true,
      width: 150,
      render: (row) => <Time at={row.installed_at} />,
    },
    {
      key: 'by',
      title: t('software.installed_by'),
      hideNarrow: true,
      width: 120,
      render: (row) => row.installed_by || <span className="muted">–</span>,
    },
    {
      key: 'seen',
      title: t('software.first_seen'),
      hideNarrow: true,
      width: 130,
      render: (row) => <Age at={row.first_seen} />,
    },
  ];
}
