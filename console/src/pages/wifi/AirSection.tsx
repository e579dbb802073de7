// What is in the air around the agency's machines: strangers, weak ones, impostors; whose a network is, once known.
import { Form, Input } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useDevices } from '~/api/queries';
import type { VerdictState } from '~/api/types';
import { type AirNetwork, useAir, useMarkAir } from '~/api/wifi';
import { useLanguage } from '~/i18n';
import { useLivingAgencies } from '~/ui/AgencySelect';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Age } from '~/ui/Time';
import '../incidents/incidents.css';
import './wifi.css';

const looks: Record<AirNetwork['standing'], VerdictState> = {
  impostor: 'violated',
  weak: 'violated',
  unknown: 'due',
  registered: 'kept',
  known: 'not_applicable',
};

export function AirSection({ onRegister }: { onRegister: (network: AirNetwork) => void }) {
  const { t, language } = useLanguage();
  const query = useAir();
  const mark = useMarkAir();
  const [asked, setAsked] = useState<AirNetwork | null>(null);
  const columns = useColumns(setAsked, onRegister, (row) =>
    mark.mutate({ agency: row.agency, ssid: row.ssid, bssid: row.bssid, known: false }),
  );
  return (
    <Section title={t('air.title')}>
      <Loaded query={query} rows={4}>
        {({ networks, radios }) => (
          <>
            <p className="muted">{t('air.lead', { number: formatNumber(radios, language) })}</p>
            <DataTable
              label={t('air.title')}
              columns={columns}
              rows={networks}
              rowKey={(row) => `${row.agency} ${row.bssid} ${row.ssid}`}
              empty={<EmptyState why={t(radios > 0 ? 'air.empty' : 'air.no_radio')} />}
            />
          </>
        )}
      </Loaded>
      {asked ? <Mark network={asked} onClose={() => setAsked(null)} /> : null}
    </Section>
  );
}

function useColumns(
  onMark: (row: AirNetwork) => void,
  onRegister: (row: AirNetwork) => void,
  onForget: (row: AirNetwork) => void,
): Column<AirNetwork>[] {
  const { t, language } = useLanguage();
  const devices = useDevices();
  const machines = new Map(devices.data?.map((each) => [each.id, each.name]) ?? []);
  const agencies = new Map(useLivingAgencies().map((each) => [each.id, each.name]));
  return [
    {
      key: 'ssid',
      title: t('wifi.ssid'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.ssid || t('air.hidden')}</span>
          <span className="muted">{agencies.get(row.agency) ?? ''}</span>
        </span>
      ),
    },
    {
      key: 'standing',
      title: t('air.standing'),
      width: 210,
      render: (row) => (
        <span className="two-lines">
          <span className={`state-tag state-${looks[row.standing]}`}>
            <StateIcon state={looks[row.standing]} />
            {t(`air_standing.${row.standing}`)}
          </span>
          {row.note ? (
            <span className="muted">
              {row.note} ({row.marked_by})
            </span>
          ) : null}
        </span>
      ),
    },
    { key: 'bssid', title: 'BSSID', width: 160, render: (row) => <code>{row.bssid}</code> },
    {
      key: 'security',
      title: t('wifi.security'),
      width: 120,
      render: (row) =>
        t(`wifi_security.${row.security}` as 'wifi_security.wpa2', { defaultValue: row.security }),
    },
    {
      key: 'signal',
      title: t('air.signal'),
      width: 110,
      align: 'right',
      render: (row) => (row.signal_dbm === null ? '–' : `${formatNumber(row.signal_dbm, language)} dBm`),
    },
    {
      key: 'seen',
      title: t('air.seen_by'),
      render: (row) => (
        <span className="two-lines">
          <span>
            {row.seen_by.slice(0, 2).map((id) => (
              <Link key={id} to={`/devices/${id}`} className="in-list">
                {machines.get(id) ?? id}
              </Link>
            ))}
            {row.seen_by.length > 2 ? <span className="muted">+{row.seen_by.length - 2}</span> : null}
          </span>
          <span className="muted">
            <Age at={row.last_seen} />
          </span>
        </span>
      ),
    },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('air.acts')}</span>,
      width: 210,
      render: (row) =>
        row.standing === 'registered' || row.standing === 'weak' ? null : (
          <span className="hold-extra">
            {row.standing === 'known' ? (
              <MayButton action="wifi_manage" size="small" onClick={() => onForget(row)}>
                {t('air.forget')}
              </MayButton>
            ) : (
              <>
                <MayButton action="wifi_manage" size="small" onClick={() => onMark(row)}>
                  {t('air.mark')}
                </MayButton>
                {row.ssid ? (
                  <MayButton action="wifi_manage" size="small" onClick={() => onRegister(row)}>
                    {t('wifi.register_this')}
                  </MayButton>
                ) : null}
              </>
            )}
          </span>
        ),
    },
  ];
}

function Mark({ network, onClose }: { network: AirNetwork; onClose: () => void }) {
  const { t } = useLanguage();
  const mark = useMarkAir();
  return (
    <FormModal<{ note: string }>
      title={t('air.mark_title', { ssid: network.ssid || t('air.hidden') })}
      ok={t('air.mark')}
      will={t('air.mark_will')}
      error={mark.error}
      busy={mark.isPending}
      onFinish={({ note }) =>
        mark.mutate(
          {
            agency: network.agency,
            ssid: network.ssid,
            bssid: network.bssid,
            known: true,
            note: note.normalize('NFC').trim(),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="note"
        label={t('air.whose')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={200} />
      </Form.Item>
    </FormModal>
  );
}
