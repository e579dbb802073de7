// The agency's approvals in force, and taking one back.
import { Modal } from 'antd';
import { useMemo, useState } from 'react';
import { useWithdraw } from '~/api/changes';
import { useAgencies, useApprovals, useMay } from '~/api/queries';
import type { Approval } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, fold, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { DateOnly, Time } from '~/ui/Time';

export function Catalogue() {
  const { t, language } = useLanguage();
  const [{ q }, setParams] = useParamsState('q');
  const query = useApprovals();
  const may = useMay('software_approve');
  const [withdrawing, setWithdrawing] = useState<Approval | null>(null);
  const columns = useColumns(may ? setWithdrawing : undefined);
  return (
    <>
      <div className="filters">
        <SearchInput
          value={q ?? ''}
          onChange={(next) => setParams({ q: next })}
          label={t('software.search')}
        />
      </div>
      <Loaded query={query} rows={8}>
        {(approvals) => {
          const text = fold(q ?? '');
          const rows = approvals
            .filter((each) => fold(`${each.product} ${each.note} ${each.approved_by}`).includes(text))
            .sort((a, b) => compareText(a.product, b.product));
          return (
            <>
              <DataTable
                label={t('software.tab_catalogue')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.id}
                empty={<EmptyState why={q ? t('software.none_found') : t('software.catalogue_empty')} />}
              />
              {rows.length > 0 ? (
                <p className="table-foot">
                  {t('table.shown', {
                    shown: formatNumber(rows.length, language),
                    total: formatNumber(approvals.length, language),
                  })}
                </p>
              ) : null}
            </>
          );
        }}
      </Loaded>
      {withdrawing ? <Withdraw approval={withdrawing} onClose={() => setWithdrawing(null)} /> : null}
    </>
  );
}

function Withdraw({ approval, onClose }: { approval: Approval; onClose: () => void }) {
  const { t } = useLanguage();
  const withdraw = useWithdraw();
  return (
    <Modal
      open
      title={t('software.withdraw_title', { name: approval.product })}
      okText={t('software.withdraw')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={withdraw.isPending}
      onCancel={onClose}
      onOk={() => withdraw.mutate(approval.id, { onSuccess: onClose })}
    >
      {withdraw.error ? <ErrorNote error={withdraw.error} /> : null}
      <p className="will-happen">
        {t('software.withdraw_will', { name: approval.product, versions: approval.versions })}
      </p>
    </Modal>
  );
}

function useColumns(onWithdraw: ((approval: Approval) => void) | undefined): Column<Approval>[] {
  const { t } = useLanguage();
  const agencies = useAgencies();
  const names = useMemo(
    () => new Map(agencies.data?.map((each) => [each.id, each.name]) ?? []),
    [agencies.data],
  );
  return [
    {
      key: 'product',
      title: t('software.product'),
      primary: true,
      render: (row) => <code>{row.product}</code>,
    },
    {
      key: 'versions',
      title: t('software.version'),
      render: (row) => (row.versions === '*' ? t('software.any_version') : <code>{row.versions}</code>),
    },
    {
      key: 'classes',
      title: t('software.classes'),
      render: (row) =>
        row.classes.length === 0
          ? t('software.all_classes')
          : row.classes.map((name) => t(`device_class.${name}`)).join(', '),
    },
    ...(names.size > 1
      ? [
          {
            key: 'agency',
            title: t('filter.agency'),
            render: (row: Approval) => names.get(row.agency) ?? row.agency,
          },
        ]
      : []),
    {
      key: 'expires',
      title: t('software.expires'),
      width: 130,
      render: (row) => {
        const last = [row.expires_on, row.licence?.expires_on].filter(
          (day) => day !== null && day !== undefined,
        );
        const first = last.sort()[0];
        return first ? <DateOnly at={first} /> : t('software.no_end_short');
      },
    },
    {
      key: 'licence',
      title: t('control.licence'),
      hideNarrow: true,
      render: (row) =>
        row.licence ? (
          <span className="two-lines">
            <span>{t(`control.licence_kind.${row.licence.kind}`)}</span>
            <span className="muted">
              {row.licence.seats
                ? t('control.licence_seats_number', { number: row.licence.seats })
                : t('control.licence_seats_any')}
            </span>
          </span>
        ) : (
          <span className="muted">{t('control.licence_none')}</span>
        ),
    },
    {
      key: 'by',
      title: t('software.approved_by'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.approved_by}</span>
          <Time at={row.approved_at} />
        </span>
      ),
    },
    {
      key: 'note',
      title: t('software.note'),
      hideNarrow: true,
      render: (row) => row.note || <span className="muted">–</span>,
    },
    {
      key: 'withdraw',
      title: <span className="visually-hidden">{t('software.withdraw')}</span>,
      width: 110,
      align: 'right',
      render: (row) => (
        <MayButton action="software_approve" size="small" onClick={() => onWithdraw?.(row)}>
          {t('software.withdraw')}
        </MayButton>
      ),
    },
  ];
}
