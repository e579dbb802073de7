// The detection rules: which there are, which are on, which no source can feed, which were refused and why; and what they
// cover of ATT&CK.
import { Button, Select, Tabs } from 'antd';
import { Link, useNavigate } from 'react-router-dom';
import { useRules } from '~/api/findings';
import type { RefusedRule, Rule, RuleOrigin } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { SeverityTag, severities } from '~/ui/SeverityTag';
import { Age } from '~/ui/Time';
import { Coverage } from './Coverage';
import './rules.css';

const origins: readonly RuleOrigin[] = ['own', 'imported', 'local'];
const tabs = ['loaded', 'refused', 'attack'] as const;

const isRefused = (rule: Rule | RefusedRule): rule is RefusedRule => 'code' in rule;

export default function RulesPage() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [{ tab }, setParams] = useParamsState('tab');
  const active = tabs.find((each) => each === tab) ?? 'loaded';
  return (
    <Page
      title={t('nav.rules')}
      lead={t('rules.lead')}
      extra={
        <>
          <MayButton action="rule_run" onClick={() => navigate('/rules/runs')}>
            {t('runs.tab')}
          </MayButton>
          <MayButton action="rule_manage" onClick={() => navigate('/rules/import')}>
            {t('rule_import.title')}
          </MayButton>
          <MayButton action="rule_manage" type="primary" onClick={() => navigate('/rules/new')}>
            {t('rules.new')}
          </MayButton>
        </>
      }
    >
      <Tabs
        activeKey={active}
        onChange={(next) => setParams({ tab: next === 'loaded' ? undefined : next }, true)}
        items={[
          { key: 'loaded', label: t('rules.tab_loaded'), children: <Loadeds /> },
          { key: 'refused', label: t('rules.tab_refused'), children: <Refused /> },
          { key: 'attack', label: t('rules.tab_attack'), children: <Coverage /> },
        ]}
        destroyOnHidden
      />
    </Page>
  );
}

function Loadeds() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('q', 'origin', 'level', 'enabled', 'fed', 'technique');
  const query = useRules({ ...params, q: params.q ?? '' });
  const columns = useColumns();
  return (
    <>
      <div className="filters">
        <SearchInput value={params.q ?? ''} onChange={(q) => setParams({ q })} label={t('rules.search')} />
        <Select
          className="filter-narrow"
          aria-label={t('rules.origin')}
          value={params.origin ?? ''}
          onChange={(origin) => setParams({ origin })}
          options={[
            { value: '', label: t('rules.all_origins') },
            ...origins.map((each) => ({ value: each, label: t(`rule_origin.${each}`) })),
          ]}
        />
        <Select
          className="filter-narrow"
          aria-label={t('findings.severity')}
          value={params.level ?? ''}
          onChange={(level) => setParams({ level })}
          options={[
            { value: '', label: t('findings.all_severities') },
            ...severities.map((each) => ({ value: each, label: t(`severity.${each}`) })),
          ]}
        />
        <Select
          className="filter-narrow"
          aria-label={t('rules.armed')}
          value={
            params.enabled === 'false'
              ? 'off'
              : params.fed === 'never'
                ? 'unfed'
                : params.fed === 'possible'
                  ? 'silent'
                  : ''
          }
          onChange={(value) =>
            setParams({
              enabled: value === 'off' ? 'false' : undefined,
              fed: value === 'unfed' ? 'never' : value === 'silent' ? 'possible' : undefined,
            })
          }
          options={[
            { value: '', label: t('rules.any_state') },
            { value: 'off', label: t('rules.off') },
            { value: 'unfed', label: t('rules.unfed') },
            { value: 'silent', label: t('rules.silent') },
          ]}
        />
      </div>
      {params.technique ? (
        <p className="narrowed">
          {t('rules.of_technique', { id: params.technique })}{' '}
          <Button size="small" onClick={() => setParams({ technique: undefined })}>
            {t('findings.widen')}
          </Button>
        </p>
      ) : null}
      <Loaded query={query} rows={10}>
        {(data) => {
          const rows = data.pages.flatMap((page) => page.items).filter((each) => !isRefused(each)) as Rule[];
          return (
            <>
              <DataTable
                label={t('nav.rules')}
                columns={columns}
                rows={rows}
                rowKey={(row) => row.id}
                onOpen={(row) => navigate(`/rules/${encodeURIComponent(row.id)}`)}
                rowClass={(row) => (row.enabled ? undefined : 'rule-off')}
                empty={<EmptyState why={t('rules.none_found')} />}
              />
              <Foot query={query} shown={rows.length} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

function Foot({ query, shown }: { query: ReturnType<typeof useRules>; shown: number }) {
  const { t, language } = useLanguage();
  if (shown === 0) return null;
  return (
    <p className="table-foot">
      {t('table.shown', {
        shown: formatNumber(shown, language),
        total: formatNumber(query.data?.pages[0]?.total ?? shown, language),
      })}
      {query.hasNextPage ? (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('table.more')}
        </Button>
      ) : null}
    </p>
  );
}

function Refused() {
  const { t, language } = useLanguage();
  const query = useRules({ state: 'refused' });
  const columns: Column<RefusedRule>[] = [
    { key: 'title', title: t('rules.one'), primary: true, render: (row) => row.title.vi || row.id },
    {
      key: 'why',
      title: t('rules.why'),
      render: (row) => (
        <span className="two-lines">
          {language === 'en' ? row.en : row.vi}
          <span className="muted">{row.code}</span>
        </span>
      ),
    },
    { key: 'file', title: t('rules.file'), render: (row) => <code>{`${row.file}:${row.line}`}</code> },
  ];
  return (
    <Loaded query={query} rows={4}>
      {(data) => {
        const rows = data.pages.flatMap((page) => page.items).filter(isRefused);
        return (
          <>
            <DataTable
              label={t('rules.tab_refused')}
              columns={columns}
              rows={rows}
              rowKey={(row) => `${row.file} ${row.line} ${row.id}`}
              empty={<EmptyState why={t('rules.none_refused')} />}
            />
            <Foot query={query} shown={rows.length} />
          </>
        );
      }}
    </Loaded>
  );
}

function useColumns(): Column<Rule>[] {
  const { t, local, language } = useLanguage();
  return [
    {
      key: 'title',
      title: t('rules.one'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/rules/${encodeURIComponent(row.id)}`}>{local(row.title)}</Link>
          <span className="muted">
            {t(`rule_origin.${row.origin}`)}
            {row.attack.length > 0 ? ` · ${row.attack.map((each) => each.id).join(', ')}` : ''}
          </span>
        </span>
      ),
    },
    {
      key: 'level',
      title: t('findings.severity'),
      width: 150,
      render: (row) => <SeverityTag severity={row.level} />,
    },
    {
      key: 'armed',
      title: t('rules.armed'),
      width: 210,
      render: (row) =>
        !row.enabled ? (
          t('rules.off')
        ) : row.fed === 'seen' ? (
          t('rules.on')
        ) : (
          <span className="muted">{t(row.fed === 'never' ? 'rules.unfed' : 'rules.silent')}</span>
        ),
    },
    {
      key: 'exceptions',
      title: t('rules.exceptions'),
      width: 90,
      align: 'right',
      hideNarrow: true,
      render: (row) => formatNumber(row.exceptions, language),
    },
    {
      key: 'hits',
      title: t('rules.hits'),
      width: 120,
      align: 'right',
      render: (row) => formatNumber(row.hits_30d, language),
    },
    { key: 'last', title: t('rules.last_hit'), width: 150, render: (row) => <Age at={row.last_hit} /> },
  ];
}
