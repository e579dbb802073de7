// The lists that indicators came in: source, age, end, how many, and what of them cannot be used and why.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { IndicatorList } from '~/api/types';
import { useIndicatorLists, useRemoveIndicatorList } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Loaded } from '~/ui/Page';
import { DateOnly, Time } from '~/ui/Time';

export function IndicatorLists() {
  const { t, language } = useLanguage();
  const query = useIndicatorLists();
  const [removing, setRemoving] = useState<IndicatorList | null>(null);
  const [refused, setRefused] = useState<IndicatorList | null>(null);
  const columns: Column<IndicatorList>[] = [
    {
      key: 'name',
      title: t('indicators.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/indicators?list=${row.id}`}>{row.name}</Link>
          <span className="muted">
            {row.format.toUpperCase()} · {row.source === 'upload' ? t('indicators.upload') : row.source}
          </span>
        </span>
      ),
    },
    {
      key: 'added',
      title: t('indicators.added'),
      width: 210,
      render: (row) => (
        <span className="two-lines">
          <Time at={row.added_at} />
          <span className="muted">{row.added_by}</span>
        </span>
      ),
    },
    {
      key: 'expires',
      title: t('indicators.valid'),
      width: 150,
      render: (row) =>
        row.expires_at ? (
          <DateOnly at={row.expires_at} />
        ) : (
          <span className="muted">{t('indicators.no_end')}</span>
        ),
    },
    {
      key: 'count',
      title: t('indicators.count'),
      width: 120,
      align: 'right',
      render: (row) => formatNumber(row.count, language),
    },
    {
      key: 'refused',
      title: t('indicators.refused'),
      width: 160,
      align: 'right',
      render: (row) =>
        row.refused_count > 0 ? (
          <Button size="small" onClick={() => setRefused(row)}>
            {formatNumber(row.refused_count, language)}
          </Button>
        ) : (
          '0'
        ),
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('indicators.remove')}</span>,
      width: 150,
      align: 'right',
      render: (row) => (
        <MayButton action="indicator_manage" size="small" onClick={() => setRemoving(row)}>
          {t('indicators.remove')}
        </MayButton>
      ),
    },
  ];
  return (
    <Loaded query={query} rows={4}>
      {(lists) => (
        <>
          <DataTable
            label={t('indicators.tab_lists')}
            columns={columns}
            rows={lists}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t('indicators.no_lists')} />}
          />
          {removing ? <Remove list={removing} onClose={() => setRemoving(null)} /> : null}
          {refused ? (
            <Modal
              open
              width={720}
              title={t('indicators.refused_of', { name: refused.name })}
              footer={<Button onClick={() => setRefused(null)}>{t('action.close')}</Button>}
              onCancel={() => setRefused(null)}
            >
              <RefusedLines list={refused} />
            </Modal>
          ) : null}
        </>
      )}
    </Loaded>
  );
}

export function RefusedLines({ list }: { list: IndicatorList }) {
  const { t, local, language } = useLanguage();
  return (
    <>
      <DataTable
        label={t('indicators.refused')}
        rows={list.refused}
        rowKey={(row) => `${row.what} ${row.en}`}
        columns={[
          {
            key: 'what',
            title: t('indicators.what'),
            primary: true,
            render: (row) => <code className="code-input">{row.what}</code>,
          },
          { key: 'why', title: t('indicators.why'), render: (row) => local(row) },
        ]}
      />
      {list.refused_count > list.refused.length ? (
        <p className="table-foot">
          {t('indicators.refused_part', {
            shown: formatNumber(list.refused.length, language),
            number: formatNumber(list.refused_count, language),
          })}
        </p>
      ) : null}
    </>
  );
}

function Remove({ list, onClose }: { list: IndicatorList; onClose: () => void }) {
  const { t } = useLanguage();
  const remove = useRemoveIndicatorList();
  return (
    <Modal
      open
      title={t('indicators.remove')}
      okText={t('indicators.remove')}
      okButtonProps={{ danger: true }}
      cancelText={t('action.cancel')}
      confirmLoading={remove.isPending}
      onCancel={onClose}
      onOk={() => remove.mutate(list.id, { onSuccess: onClose })}
    >
      {remove.error ? <ErrorNote error={remove.error} /> : null}
      <p className="will-happen">{t('indicators.remove_ask', { name: list.name })}</p>
    </Modal>
  );
}
