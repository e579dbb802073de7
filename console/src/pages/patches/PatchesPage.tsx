// Security updates that wait on any machine, those beyond their limit first.
import { Link } from 'react-router-dom';
import { type PatchRow, useExportPatches, usePatches } from '~/api/vulnerability';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { SheetButtons } from '~/ui/SheetButtons';
import { Age } from '~/ui/Time';
import { useNames } from '~/ui/useNames';
import { UrgencyFilter } from '../vulnerabilities/UrgencyFilter';
import { patchStates } from './PatchStateTag';
import { usePatchColumns } from './patchColumns';

export default function PatchesPage() {
  const { t, language } = useLanguage();
  const [filter, setParams] = useParamsState('agency', 'urgency', 'state', 'q');
  const query = usePatches(filter);
  const sheet = useExportPatches(filter);
  const names = useNames();
  const common = usePatchColumns<PatchRow>((row) => row.patch);
  const columns: Column<PatchRow>[] = [
    ...common.slice(0, 1),
    {
      key: 'device',
      title: t('patches.device'),
      render: (row) => (
        <span className="two-lines">
          <Link to={`/devices/${row.device.id}?tab=patches`}>{row.device.name}</Link>
          <span className="muted">{names.name(row.agency)}</span>
        </span>
      ),
    },
    ...common.slice(1),
    {
      key: 'lists',
      title: t('patches.lists'),
      width: 130,
      hideNarrow: true,
      render: (row) => <Age at={row.lists_date} />,
    },
  ];
  const counts = query.data?.counts;
  const filtered = Boolean(filter.q || filter.urgency || filter.state || filter.agency);
  return (
    <Page title={t('nav.patches')} lead={t('patches.lead')} updatedAt={query.dataUpdatedAt}>
      <div className="filters">
        <SearchInput value={filter.q ?? ''} onChange={(q) => setParams({ q })} label={t('patches.search')} />
        <AgencyFilter value={filter.agency} onChange={(agency) => setParams({ agency })} />
        <UrgencyFilter value={filter.urgency} onChange={(urgency) => setParams({ urgency })} />
        <CountFilter
          label={t('patches.state')}
          value={filter.state}
          options={[
            { value: undefined, label: t('filter.all') },
            ...patchStates.map((each) => ({
              value: each,
              label: t(`patches.state_${each}`),
              count: counts?.[each],
            })),
          ]}
          onChange={(state) => setParams({ state })}
        />
        <span className="filters-end">
          <SheetButtons name="ban-va" making={sheet} />
        </span>
      </div>
      <Loaded query={query} rows={10}>
        {(page) => (
          <>
            <dl className="facts facts-row">
              {(['devices', 'silent_devices', 'stale_devices', 'restart_devices'] as const).map((each) => (
                <div key={each}>
                  <dt>{t(`patches.${each}`)}</dt>
                  <dd>{formatNumber(page[each], language)}</dd>
                </div>
              ))}
            </dl>
            <DataTable
              label={t('nav.patches')}
              columns={columns}
              rows={page.items}
              rowKey={(row) => `${row.device.id} ${row.patch.package}`}
              empty={<EmptyState why={t(filtered ? 'patches.none_found' : 'patches.none')} />}
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
    </Page>
  );
}
