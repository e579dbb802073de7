// The runs of rules over kept records, newest first.
import { Button } from 'antd';
import { Link, useNavigate } from 'react-router-dom';
import { useRuns } from '~/api/runs';
import type { RuleRun } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDateTime, formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { useRunTitle } from './useRunTitle';

export default function RunsPage() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const query = useRuns();
  const columns = useColumns();
  return (
    <Page
      title={t('runs.tab')}
      lead={t('runs.lead')}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/rules">{t('nav.rules')}</Link>
        </nav>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={6}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items);
          return (
            <>
              <DataTable
                label={t('runs.tab')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.id}
                onOpen={(row) => navigate(`/rules/runs/${row.id}`)}
                empty={<EmptyState why={t('runs.none')} />}
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
          );
        }}
      </Loaded>
    </Page>
  );
}

function useColumns(): Column<RuleRun>[] {
  const { t, language } = useLanguage();
  const title = useRunTitle();
  return [
    {
      key: 'rules',
      title: t('runs.rules'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/rules/runs/${row.id}`}>{title(row)}</Link>
          <span className="muted">
            {t(row.keep ? 'runs.hunt' : 'runs.bench')} · {row.by}
            {row.agency ? ` · ${row.agency.name}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'span',
      title: t('runs.span'),
      width: 290,
      hideNarrow: true,
      render: (row) => `${formatDateTime(row.from)} – ${formatDateTime(row.to)}`,
    },
    {
      key: 'state',
      title: t('runs.state'),
      width: 150,
      render: (row) =>
        row.state === 'running' && row.total > 0
          ? `${t('run_state.running')} ${formatNumber(Math.floor((row.scanned / row.total) * 100), language)} %`
          : t(`run_state.${row.state}`),
    },
    {
      key: 'hits',
      title: t('runs.hits'),
      width: 110,
      align: 'right',
      render: (row) => formatNumber(row.hits, language),
    },
    { key: 'asked', title: t('runs.asked'), width: 150, render: (row) => <Time at={row.asked_at} /> },
  ];
}
