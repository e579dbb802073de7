// Which published vulnerabilities the machines have, by lists that were brought in; and these lists.
import { Alert, Tabs } from 'antd';
import { Link } from 'react-router-dom';
import {
  useExportVulnerabilities,
  useVulnerabilities,
  useVulnerabilityLists,
  type VulnerabilitySummary,
} from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { SheetButtons } from '~/ui/SheetButtons';
import { DateOnly, Time } from '~/ui/Time';
import { Lists } from './Lists';
import { UrgencyFilter } from './UrgencyFilter';
import { UrgencyTag, urgencies } from './UrgencyTag';

export default function VulnerabilitiesPage() {
  const { t } = useLanguage();
  const [{ tab }, setParams] = useParamsState('tab');
  return (
    <Page title={t('nav.vulnerabilities')} lead={t('vulnerabilities.lead')}>
      <Tabs
        activeKey={tab === 'lists' ? 'lists' : 'found'}
        onChange={(key) => setParams({ tab: key === 'found' ? undefined : key }, true)}
        destroyOnHidden
        items={[
          { key: 'found', label: t('vulnerabilities.tab_found'), children: <Found /> },
          { key: 'lists', label: t('vulnerabilities.tab_lists'), children: <Lists /> },
        ]}
      />
    </Page>
  );
}

function Found() {
  const { t, local, language } = useLanguage();
  const [filter, setParams] = useParamsState('agency', 'urgency', 'fixable', 'q');
  const query = useVulnerabilities(filter);
  const lists = useVulnerabilityLists();
  const sheet = useExportVulnerabilities(filter);
  const filtered = Boolean(filter.q || filter.urgency || filter.fixable || filter.agency);
  return (
    <>
      <div className="filters">
        <SearchInput
          value={filter.q ?? ''}
          onChange={(q) => setParams({ q })}
          label={t('vulnerabilities.search')}
        />
        <AgencyFilter value={filter.agency} onChange={(agency) => setParams({ agency })} />
        <UrgencyFilter value={filter.urgency} onChange={(urgency) => setParams({ urgency })} />
        <CountFilter
          label={t('vulnerabilities.fix')}
          value={filter.fixable}
          options={[
            { value: undefined, label: t('filter.all') },
            { value: 'true', label: t('vulnerabilities.with_fix') },
            { value: 'false', label: t('vulnerabilities.without_fix') },
          ]}
          onChange={(fixable) => setParams({ fixable })}
        />
        <span className="filters-end">
          <SheetButtons name="lo-hong" making={sheet} />
        </span>
      </div>
      <Loaded query={query} rows={10}>
        {(page) => (
          <>
            <dl className="facts facts-row">
              {urgencies.map((each) => (
                <div key={each}>
                  <dt>{t(`urgency.${each}`)}</dt>
                  <dd>{formatNumber(page.counts[each], language)}</dd>
                </div>
              ))}
              <div>
                <dt>{t('vulnerabilities.compared')}</dt>
                <dd>{formatNumber(page.devices, language)}</dd>
              </div>
              {(lists.data?.items ?? []).map((list) => (
                <div key={list.id}>
                  <dt>{t('vulnerabilities.list_of', { name: list.name })}</dt>
                  <dd>
                    <DateOnly at={list.dated} />
                    {list.stale ? <strong className="overdue"> {t('vulnerabilities.stale')}</strong> : null}
                  </dd>
                </div>
              ))}
            </dl>
            {page.unknown.map((each) => (
              <Alert
                key={each.reason}
                type="warning"
                showIcon
                className="stale-banner"
                title={t('vulnerabilities.not_compared', {
                  count: each.devices,
                  number: formatNumber(each.devices, language),
                  why: local(each.title),
                })}
              />
            ))}
            <DataTable
              label={t('nav.vulnerabilities')}
              columns={columnsOf(t, language)}
              rows={page.items}
              rowKey={(row) => row.cve}
              empty={
                <EmptyState
                  why={t(
                    filtered
                      ? 'vulnerabilities.none_found'
                      : page.devices === 0
                        ? 'vulnerabilities.nothing_known'
                        : 'vulnerabilities.none',
                  )}
                  action={<Link to="?tab=lists">{t('vulnerabilities.tab_lists')}</Link>}
                />
              }
            />
            {page.total > page.items.length ? (
              <p className="table-foot">
                {t('vulnerabilities.shown', {
                  shown: formatNumber(page.items.length, language),
                  total: formatNumber(page.total, language),
                })}
              </p>
            ) : null}
          </>
        )}
      </Loaded>
    </>
  );
}

type Language = ReturnType<typeof useLanguage>;

function columnsOf(t: Language['t'], language: Language['language']): Column<VulnerabilitySummary>[] {
  return [
    {
      key: 'cve',
      title: t('vulnerabilities.cve'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/vulnerabilities/${encodeURIComponent(row.cve)}`}>{row.cve}</Link>
          <span className="muted">{row.description}</span>
        </span>
      ),
    },
    {
      key: 'urgency',
      title: t('vulnerabilities.urgency'),
      width: 140,
      render: (row) => <UrgencyTag urgency={row.urgency} />,
    },
    {
      key: 'source',
      title: t('vulnerabilities.source'),
      width: 160,
      render: (row) => (
        <span className="value-list">
          {row.sources.map((each) => (
            <code key={each}>{each}</code>
          ))}
        </span>
      ),
    },
    {
      key: 'fixed',
      title: t('vulnerabilities.fix'),
      width: 200,
      render: (row) =>
        row.fixed_versions.length === 0 ? (
          <span className="muted">{t('vulnerabilities.no_fix')}</span>
        ) : (
          <span className="value-list">
            {row.fixed_versions.slice(0, 2).map((each) => (
              <code key={each}>{each}</code>
            ))}
          </span>
        ),
    },
    {
      key: 'devices',
      title: t('vulnerabilities.devices'),
      width: 100,
      align: 'right',
      render: (row) => formatNumber(row.devices, language),
    },
    { key: 'since', title: t('vulnerabilities.since'), width: 160, render: (row) => <Time at={row.since} /> },
  ];
}
