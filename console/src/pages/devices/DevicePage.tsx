// One machine: what it states about itself, its software, its verdicts, what changed.
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useDevice, useMay, useVerdicts } from '~/api/queries';
import type { Device, DeviceDetail, JsonObject } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FactView } from '~/ui/FactView';
import { factOrder } from '~/ui/facts';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SealLink } from '~/ui/Seal';
import { StateFilter } from '~/ui/StateFilter';
import { Age, Time } from '~/ui/Time';
import { useFactName } from '~/ui/useFactName';
import { DeviceAntivirusTab } from '../antivirus/DeviceAntivirusTab';
import { DeviceBackups } from '../backups/DeviceBackups';
import { DeviceOrders } from '../orders/DeviceOrders';
import { DevicePatchesTab } from '../patches/DevicePatchesTab';
import { VerdictTable } from '../verdicts/VerdictTable';
import { DeviceEdit } from './DeviceEdit';
import { DeviceGate } from './DeviceGate';
import { DeviceSoftware } from './DeviceSoftware';
import { DeviceTimeline } from './DeviceTimeline';
import { Removal } from './Removal';
import './devices.css';

const tabs = [
  'facts',
  'verdicts',
  'software',
  'patches',
  'antivirus',
  'backups',
  'timeline',
  'orders',
] as const;
type TabName = (typeof tabs)[number];

const content: Record<TabName, (detail: DeviceDetail) => React.ReactNode> = {
  facts: (detail) => <Facts detail={detail} />,
  verdicts: ({ device }) => <Verdicts device={device} />,
  software: ({ device }) => (
    <>
      <DeviceSoftware device={device} />
      <DeviceGate device={device} />
    </>
  ),
  patches: ({ device }) => <DevicePatchesTab device={device} />,
  antivirus: (detail) => <DeviceAntivirusTab detail={detail} />,
  backups: ({ device }) => <DeviceBackups device={device} />,
  timeline: ({ device }) => <DeviceTimeline device={device.id} />,
  orders: ({ device }) => (
    <>
      <DeviceOrders device={device} />
      <Removal device={device} />
    </>
  ),
};

export default function DevicePage() {
  const { t } = useLanguage();
  const { device: id = '' } = useParams();
  const [{ tab }] = useParamsState('tab');
  const [editing, setEditing] = useState(false);
  const query = useDevice(id);
  const device = query.data?.device;
  const active: TabName = tabs.find((name) => name === tab) ?? 'facts';
  return (
    <Page
      title={device?.name ?? t('devices.one')}
      lead={device ? <Lead device={device} /> : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/devices">{t('nav.devices')}</Link>
        </nav>
      }
      extra={
        device ? (
          <MayButton action="device_manage" onClick={() => setEditing(true)}>
            {t('devices.edit')}
          </MayButton>
        ) : null
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={10}>
        {(detail) => (
          <>
            <Known device={detail.device} />
            <nav className="page-tabs" aria-label={t('devices.parts')}>
              {tabs.map((name) => (
                <Link
                  key={name}
                  to={`/devices/${id}${name === 'facts' ? '' : `?tab=${name}`}`}
                  preventScrollReset
                  aria-current={name === active ? 'page' : undefined}
                >
                  {t(`devices.tab_${name}`)}
                </Link>
              ))}
            </nav>
            {content[active](detail)}
            {editing ? <DeviceEdit device={detail.device} onClose={() => setEditing(false)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Lead({ device }: { device: Device }) {
  const { t } = useLanguage();
  return (
    <>
      {t(`device_class.${device.class}`)} · {device.os || t('devices.os_unknown')} · {t('devices.last_seen')}:{' '}
      <Age at={device.last_seen} />
    </>
  );
}

function Known({ device }: { device: Device }) {
  const { t } = useLanguage();
  const maySearch = useMay('evidence_search');
  const none = <span className="muted">{t('devices.not_set')}</span>;
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('devices.person')}</dt>
        <dd>{device.person_in_charge || none}</dd>
      </div>
      <div>
        <dt>{t('devices.place')}</dt>
        <dd>{device.place || none}</dd>
      </div>
      <div>
        <dt>{t('devices.addresses')}</dt>
        <dd>
          <span className="value-list">
            {device.addresses.length === 0
              ? none
              : device.addresses.map((address) => <code key={address}>{address}</code>)}
          </span>
        </dd>
      </div>
      <div>
        <dt>{t('devices.enrolled')}</dt>
        <dd>
          <Time at={device.enrolled_at} />
        </dd>
      </div>
      <div>
        <dt>{t('devices.agent')}</dt>
        <dd>
          <code>{device.agent_version || '–'}</code>
        </dd>
      </div>
      <div>
        <dt>{t('nav.logs')}</dt>
        <dd>
          <Link to={`/logs?device=${device.id}`}>{t('devices.see_logs')}</Link>
        </dd>
      </div>
      {maySearch ? (
        <div>
          <dt>{t('links.trace')}</dt>
          <dd>
            <Link to={`/links?device=${device.id}`}>{t('links.graph')}</Link>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function Facts({ detail }: { detail: DeviceDetail }) {
  const { t } = useLanguage();
  const factName = useFactName();
  if (detail.facts.length === 0) return <EmptyState why={t('devices.no_facts')} />;
  const place = (kind: string) => (factOrder.includes(kind) ? factOrder.indexOf(kind) : factOrder.length);
  const facts = [...detail.facts].sort((a, b) => place(a.kind) - place(b.kind));
  return (
    <div className="fact-cards">
      {facts.map((fact) => (
        <section key={fact.kind} className="fact-card" aria-label={factName(fact.kind)}>
          <header>
            <h2>{factName(fact.kind)}</h2>
            <SealLink seq={fact.seq} />
          </header>
          {fact.kind === 'packages' ? (
            <p>
              <Link to="?tab=software">{t('devices.see_software')}</Link>
            </p>
          ) : (
            <FactView kind={fact.kind} body={fact.body as JsonObject} short />
          )}
          <footer>
            <span>
              {t('devices.collected')} <Age at={fact.collected_at} />
            </span>
            <span>
              {t('devices.changed')} <Age at={fact.changed_at} />
            </span>
            <code>{fact.method}</code>
          </footer>
        </section>
      ))}
    </div>
  );
}

function Verdicts({ device }: { device: Device }) {
  const { t } = useLanguage();
  const [{ state }, setParams] = useParamsState('state');
  const query = useVerdicts({ subject: device.id, state });
  return (
    <>
      <div className="filters">
        <StateFilter value={state} counts={device.counts} onChange={(next) => setParams({ state: next })} />
      </div>
      <VerdictTable
        query={query}
        showObligation
        empty={state ? t('verdicts.empty_filtered') : t('devices.no_verdicts')}
      />
    </>
  );
}
