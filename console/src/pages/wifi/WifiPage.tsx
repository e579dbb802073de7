import { useMemo, useState } from 'react';
import { Link } from 'react-router-dom';
import { useAgencies, useDevices, useMay, useWifi } from '~/api/queries';
import type { WifiNetwork } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Age, DateOnly } from '~/ui/Time';
import { AirSection } from './AirSection';
import { KeyModal } from './KeyModal';
import { type Draft, WifiModal } from './WifiModal';

export default function WifiPage() {
  const { t } = useLanguage();
  const query = useWifi();
  const may = useMay('wifi_manage');
  const [editing, setEditing] = useState<WifiNetwork | 'new' | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [keyOf, setKeyOf] = useState<WifiNetwork | null>(null);
  const columns = useColumns(may ? setEditing : undefined, setKeyOf);
  const add = (
    <MayButton action="wifi_manage" type="primary" onClick={() => setEditing('new')}>
      {t('wifi.register')}
    </MayButton>
  );
  return (
    <Page title={t('nav.wifi')} lead={t('wifi.lead')} extra={add} updatedAt={query.dataUpdatedAt}>
      <Loaded query={query} rows={5}>
        {(networks) => (
          <DataTable
            label={t('nav.wifi')}
            columns={columns}
            rows={[...networks].sort(
              (a, b) => Number(a.registered) - Number(b.registered) || compareText(a.ssid, b.ssid),
            )}
            rowKey={(row) => `${row.agency} ${row.ssid}`}
            empty={<EmptyState why={t('wifi.empty')} />}
          />
        )}
      </Loaded>
      {editing ? (
        <WifiModal
          network={editing === 'new' ? null : editing}
          draft={draft}
          onClose={() => {
            setEditing(null);
            setDraft(null);
          }}
        />
      ) : null}
      {keyOf ? (
        <KeyModal
          network={keyOf}
          onClose={() => setKeyOf(null)}
          onRecord={() => {
            setEditing(keyOf);
            setKeyOf(null);
          }}
        />
      ) : null}
      <AirSection
        onRegister={(network) => {
          setDraft({ agency: network.agency, ssid: network.ssid, bssid: network.bssid });
          setEditing(
            query.data?.find((each) => each.agency === network.agency && each.ssid === network.ssid) ?? 'new',
          );
        }}
      />
    </Page>
  );
}

function useColumns(
  onEdit: ((network: WifiNetwork) => void) | undefined,
  onKey: (network: WifiNetwork) => void,
): Column<WifiNetwork>[] {
  const { t } = useLanguage();
  const agencies = useAgencies();
  const devices = useDevices();
  const names = useMemo(
    () => new Map(agencies.data?.map((each) => [each.id, each.name]) ?? []),
    [agencies.data],
  );
  const machines = useMemo(
    () => new Map(devices.data?.map((each) => [each.id, each.name]) ?? []),
    [devices.data],
  );
  return [
    {
      key: 'ssid',
      title: t('wifi.ssid'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.ssid}</span>
          <span className="muted">{names.get(row.agency) ?? ''}</span>
        </span>
      ),
    },
    {
      key: 'registered',
      title: t('wifi.registered'),
      width: 150,
      render: (row) => (
        <span className={`state-tag state-${row.registered ? 'kept' : 'violated'}`}>
          <StateIcon state={row.registered ? 'kept' : 'violated'} />
          {row.registered ? t('wifi.is_registered') : t('wifi.not_registered')}
        </span>
      ),
    },
    {
      key: 'security',
      title: t('wifi.security'),
      render: (row) =>
        t(`wifi_security.${row.security}` as 'wifi_security.wpa2', { defaultValue: row.security }),
    },
    {
      key: 'changed',
      title: t('wifi.key_changed'),
      render: (row) =>
        row.key_changed_at ? (
          <span className="two-lines">
            <DateOnly at={row.key_changed_at} />
            <span className={row.key_proof === 'unproved' ? 'overdue' : 'muted'}>
              <ProofWords network={row} />
            </span>
          </span>
        ) : (
          <span className="two-lines">
            <span className="muted">{t('wifi.key_unknown')}</span>
            <span className={row.key_proof === 'unproved' ? 'overdue' : 'muted'}>
              <ProofWords network={row} />
            </span>
          </span>
        ),
    },
    {
      key: 'seen',
      title: t('wifi.seen'),
      render: (row) =>
        row.seen_on.length === 0 ? (
          <span className="muted">{t('wifi.not_seen')}</span>
        ) : (
          <span className="two-lines">
            <span>
              {row.seen_on.slice(0, 3).map((id) => (
                <Link key={id} to={`/devices/${id}`} className="in-list">
                  {machines.get(id) ?? id}
                </Link>
              ))}
              {row.seen_on.length > 3 ? <span className="muted">+{row.seen_on.length - 3}</span> : null}
            </span>
            <span className="muted">
              <Age at={row.last_seen} />
            </span>
          </span>
        ),
    },
    {
      key: 'place',
      title: t('wifi.place'),
      hideNarrow: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.place || '–'}</span>
          <span className="muted">{[row.owner, row.note].filter(Boolean).join(' · ')}</span>
        </span>
      ),
    },
    {
      key: 'edit',
      title: <span className="visually-hidden">{t('wifi.record')}</span>,
      align: 'right',
      width: 190,
      render: (row) => (
        <span className="hold-extra">
          {row.registered ? (
            <MayButton action="wifi_manage" size="small" onClick={() => onKey(row)}>
              {t('wifi_key.make')}
            </MayButton>
          ) : null}
          <MayButton action="wifi_manage" size="small" onClick={() => onEdit?.(row)}>
            {row.registered ? t('wifi.record_change') : t('wifi.register_this')}
          </MayButton>
        </span>
      ),
    },
  ];
}

// What the clients' fingerprints of the key say of the recorded change.
function ProofWords({ network }: { network: WifiNetwork }) {
  const { t, language } = useLanguage();
  if (network.key_proof === 'none') return <Age at={network.key_changed_at} />;
  return (
    <>
      {t(`wifi_proof.${network.key_proof}`, {
        changed: formatNumber(network.clients_changed, language),
        behind: formatNumber(network.clients_behind, language),
      })}
    </>
  );
}
