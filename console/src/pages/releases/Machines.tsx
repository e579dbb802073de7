// Which version each machine runs, which goes to it, and what became of its last update.
import { Link, useNavigate } from 'react-router-dom';
import { type AgentReleaseDevice, useReleaseDevices } from '~/api/releases';
import { useLanguage } from '~/i18n';
import { AgencyFilter } from '~/ui/AgencySelect';
import { type Column, DataTable } from '~/ui/DataTable';
import { EmptyState, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Age } from '~/ui/Time';

const bad = ['rolled_back', 'refused', 'failed', 'not_fetched'];

export function Machines() {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const [{ agency }, setParams] = useParamsState('agency');
  const query = useReleaseDevices(agency || undefined);
  const columns: Column<AgentReleaseDevice>[] = [
    {
      key: 'device',
      title: t('devices.one'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/devices/${row.device.id}`} className="in-list">
            {row.device.name}
          </Link>
          <span className="muted">{row.agency.name}</span>
        </span>
      ),
    },
    {
      key: 'version',
      title: t('release.version'),
      width: 170,
      render: (row) => <code>{row.version ?? '–'}</code>,
    },
    {
      key: 'wanted',
      title: t('release.wanted'),
      width: 170,
      render: (row) => (row.wanted && !row.current ? <code>{row.wanted}</code> : '–'),
    },
    {
      key: 'result',
      title: t('release.result'),
      render: (row) =>
        row.result ? (
          <span className="two-lines">
            <span className={bad.includes(row.result) ? 'overdue' : undefined}>
              {t(`release.result_${row.result}`)} {row.from && row.to ? `${row.from} → ${row.to}` : ''}
            </span>
            <span className="muted">
              <Age at={row.told_at} /> {row.why ? ` · ${row.why}` : ''}
            </span>
          </span>
        ) : (
          <span className="muted">–</span>
        ),
    },
  ];
  return (
    <>
      <div className="filters">
        <AgencyFilter value={agency} onChange={(next) => setParams({ agency: next })} />
      </div>
      <Loaded query={query} rows={6}>
        {({ items }) => (
          <DataTable
            label={t('release.tab_machines')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.device.id}
            onOpen={(row) => navigate(`/devices/${row.device.id}`)}
            empty={<EmptyState why={t('antivirus.no_machines')} />}
          />
        )}
      </Loaded>
    </>
  );
}
