// Indicators of attacks: what is looked for, from which list, until when; importing lists and forgetting them.
import { Button, Select, Tabs } from 'antd';
import { useState } from 'react';
import type { IndicatorPage, IndicatorType } from '~/api/types';
import { useIndicatorLists, useIndicators } from '~/api/watch';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { DateOnly } from '~/ui/Time';
import { IndicatorImport } from './IndicatorImport';
import { IndicatorLists } from './IndicatorLists';

type Indicator = IndicatorPage['items'][number];
const types: readonly IndicatorType[] = ['address', 'domain', 'url', 'hash', 'email'];

export default function IndicatorsPage() {
  const { t } = useLanguage();
  const [{ tab }, setParams] = useParamsState('tab');
  const [importing, setImporting] = useState(false);
  return (
    <Page
      title={t('nav.indicators')}
      lead={t('indicators.lead')}
      extra={
        <MayButton action="indicator_manage" type="primary" onClick={() => setImporting(true)}>
          {t('indicators.import')}
        </MayButton>
      }
    >
      <Tabs
        activeKey={tab === 'lists' ? 'lists' : 'search'}
        onChange={(next) => setParams({ tab: next === 'lists' ? next : undefined }, true)}
        destroyOnHidden
        items={[
          { key: 'search', label: t('indicators.tab_search'), children: <Found /> },
          { key: 'lists', label: t('indicators.tab_lists'), children: <IndicatorLists /> },
        ]}
      />
      {importing ? (
        <IndicatorImport
          onClose={(imported) => {
            setImporting(false);
            if (imported) setParams({ tab: 'lists' });
          }}
        />
      ) : null}
    </Page>
  );
}

function Found() {
  const { t, language } = useLanguage();
  const lists = useIndicatorLists();
  const [params, setParams] = useParamsState('q', 'type', 'list');
  const query = useIndicators(params);
  const columns = useColumns();
  const filtered = Boolean(params.q || params.type || params.list);
  return (
    <>
      <div className="filters">
        <SearchInput
          value={params.q ?? ''}
          onChange={(q) => setParams({ q })}
          label={t('indicators.search')}
        />
        <Select
          className="filter-narrow"
          aria-label={t('indicators.type')}
          value={params.type ?? ''}
          onChange={(type) => setParams({ type })}
          options={[
            { value: '', label: t('indicators.all_types') },
            ...types.map((each) => ({ value: each, label: t(`indicator_type.${each}`) })),
          ]}
        />
        <Select
          className="filter-wide"
          aria-label={t('indicators.list')}
          value={params.list ?? ''}
          onChange={(list) => setParams({ list })}
          options={[
            { value: '', label: t('indicators.all_lists') },
            ...(lists.data ?? []).map((each) => ({ value: each.id, label: each.name })),
          ]}
        />
      </div>
      <Loaded query={query} rows={8}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          return (
            <>
              <DataTable
                label={t('nav.indicators')}
                columns={columns}
                rows={rows}
                rowKey={(row) => `${row.list.id} ${row.type} ${row.value}`}
                empty={<EmptyState why={t(filtered ? 'indicators.none_found' : 'indicators.none')} />}
              />
              {query.hasNextPage ? (
                <p className="table-foot">
                  {formatNumber(rows.length, language)}
                  <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('table.more')}
                  </Button>
                </p>
              ) : null}
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function useColumns(): Column<Indicator>[] {
  const { t } = useLanguage();
  return [
    {
      key: 'type',
      title: t('indicators.type'),
      width: 150,
      render: (row) => t(`indicator_type.${row.type}`),
    },
    {
      key: 'value',
      title: t('indicators.value'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <code className="code-input">{row.value}</code>
          {row.also.length > 0 ? (
            <span className="muted">
              {t('indicators.also', { value: row.also.map((each) => each.value).join(', ') })}
            </span>
          ) : null}
        </span>
      ),
    },
    { key: 'list', title: t('indicators.list'), render: (row) => row.list.name },
    { key: 'note', title: t('indicators.note'), hideNarrow: true, render: (row) => row.note },
    {
      key: 'valid',
      title: t('indicators.valid'),
      width: 160,
      render: (row) =>
        row.expired ? (
          <span className="muted">{t('indicators.expired')}</span>
        ) : row.valid_until ? (
          <DateOnly at={row.valid_until} />
        ) : (
          <span className="muted">{t('indicators.no_end')}</span>
        ),
    },
  ];
}
