// Which machine knows malware by what, the oldest and the failed first.
import { Link, useNavigate } from 'react-router-dom';
import { type SignatureDevice, useSignatureDevices } from '~/api/signatures';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { fold, formatNumber } from '~/ui/format';
import { EmptyState, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateIcon } from '~/ui/StateTag';
import { Age, DateOnly } from '~/ui/Time';
import { looks, standingOf, standings, worstFirst } from './fleet';

export function Fleet() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const [{ q, agency, state }, setParams] = useParamsState('q', 'agency', 'state');
  const query = useSignatureDevices(agency || undefined);
  const named = worstFirst(query.data?.items ?? []).filter((row) =>
    fold(`${row.device.name} ${row.agency.name}`).includes(fold(q ?? '')),
  );
  const rows = named.filter((row) => !state || standingOf(row) === state);
  const columns: Column<SignatureDevice>[] = [
    {
      key: 'device',
      title: t('devices.one'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/devices/${row.device.id}?tab=antivirus`} className="in-list">
            {row.device.name}
          </Link>
          <span className="muted">{row.agency.name}</span>
        </span>
      ),
    },
    {
      key: 'standing',
      title: t('antivirus.standing'),
      width: 260,
      render: (row) => {
        const standing = standingOf(row);
        return (
          <span className="two-lines">
            <span className={`state-tag state-${looks[standing]}`}>
              <StateIcon state={looks[standing]} />
              {t(`antivirus.standing_${standing}`)}
            </span>
            {row.why ? <span className="muted">{row.why}</span> : null}
          </span>
        );
      },
    },
    {
      key: 'date',
      title: t('antivirus.signatures_date'),
      width: 150,
      render: (row) => (
        <span className="two-lines">
          <DateOnly at={row.signatures_date} />
          {row.age_days === null ? null : (
            <span className={row.stale ? 'overdue' : 'muted'}>
              {t('antivirus.age', { count: row.age_days, number: formatNumber(row.age_days, language) })}
            </span>
          )}
        </span>
      ),
    },
    {
      key: 'clamav',
      title: 'ClamAV',
      width: 110,
      hideNarrow: true,
      render: (row) => row.clamav ?? <span className="muted">{t('antivirus.no_clamav')}</span>,
    },
    {
      key: 'from_hub',
      title: t('antivirus.from_hub'),
      width: 190,
      render: (row) =>
        row.told_at ? (
          <span className="two-lines">
            <span>
              {t('antivirus.has_of', {
                current: formatNumber(row.current, language),
                wanted: formatNumber(row.wanted, language),
              })}
            </span>
            <span className="muted">
              <Age at={row.told_at} />
            </span>
          </span>
        ) : (
          <span className="muted">{t('antivirus.not_told')}</span>
        ),
    },
  ];
  return (
    <Loaded query={query} rows={8}>
      {() => (
        <>
          <div className="filters">
            <CountFilter
              label={t('antivirus.standing')}
              value={standings.find((each) => each === state)}
              options={[
                { value: undefined, label: t('filter.all'), count: named.length },
                ...standings.map((each) => ({
                  value: each,
                  label: t(`antivirus.standing_${each}`),
                  count: named.filter((row) => standingOf(row) === each).length,
                })),
              ]}
              onChange={(next) => setParams({ state: next })}
            />
            <AgencyFilter value={agency} onChange={(next) => setParams({ agency: next })} />
            <SearchInput
              label={t('antivirus.search')}
              value={q ?? ''}
              onChange={(next) => setParams({ q: next || undefined })}
            />
          </div>
          <DataTable
            label={t('antivirus.tab_fleet')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.device.id}
            onOpen={(row) => navigate(`/devices/${row.device.id}?tab=antivirus`)}
            empty={<EmptyState why={t(q || state ? 'antivirus.none_found' : 'antivirus.no_machines')} />}
          />
        </>
      )}
    </Loaded>
  );
}
