// A machine's protection against malware: its products, the weekly scan under way, what was taken away, how it is set.
import { Alert } from 'antd';
import { useState } from 'react';
import { type DevicePolicy, useDeviceSettings } from '~/api/deviceSettings';
import type { DeviceDetail, JsonObject } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FactView } from '~/ui/FactView';
import { formatBytes, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { Age, Time } from '~/ui/Time';
import { Quarantine, takenFiles } from '../orders/Quarantine';
import { AntivirusForm } from './AntivirusForm';
import { SectionView } from './SectionView';

interface Scan {
  state: 'off' | 'idle' | 'running' | 'waiting';
  because: '' | 'window' | 'battery' | 'load' | 'clamd';
  started_at?: string | null;
  ended_at?: string | null;
  due_at?: string | null;
  files: number;
  bytes: number;
  infected: number;
  unread: number;
}

export function DeviceAntivirusTab({ detail }: { detail: DeviceDetail }) {
  const { t } = useLanguage();
  const fact = detail.facts.find(({ kind }) => kind === 'antivirus');
  const body = fact?.body as JsonObject | undefined;
  const scan = body?.scan as unknown as Scan | undefined | null;
  const products = { products: body?.products ?? [] } as JsonObject;
  return (
    <>
      <Section title={t('antivirus.products')} extra={fact ? <SealLink seq={fact.seq} /> : null}>
        {fact ? (
          <>
            <FactView kind="antivirus" body={products} />
            <p className="muted">
              {t('devices.collected')} <Age at={fact.collected_at} />
            </p>
          </>
        ) : (
          <EmptyState why={t('antivirus.not_reported')} />
        )}
      </Section>
      {scan ? <Progress scan={scan} /> : null}
      <Quarantine device={detail.device} files={takenFiles(detail)} />
      <Settings detail={detail} />
    </>
  );
}

function Progress({ scan }: { scan: Scan }) {
  const { t, language } = useLanguage();
  const active = scan.state === 'running' || scan.state === 'waiting';
  const late = scan.due_at && new Date(scan.due_at).getTime() < Date.now();
  return (
    <Section title={t('antivirus.weekly')}>
      {scan.infected > 0 ? (
        <Alert
          type="error"
          showIcon
          className="stale-banner"
          title={t('antivirus.infected_found', {
            count: scan.infected,
            number: formatNumber(scan.infected, language),
          })}
        />
      ) : null}
      <dl className="facts facts-row" aria-live="polite">
        <div>
          <dt>{t('antivirus.state')}</dt>
          <dd>
            {t(`antivirus.state_${scan.state}`)}
            {scan.state === 'waiting' && scan.because ? ` ${t(`antivirus.because_${scan.because}`)}` : ''}
          </dd>
        </div>
        <div>
          <dt>{t(active ? 'antivirus.begun' : 'antivirus.last_begun')}</dt>
          <dd>
            <Time at={scan.started_at} />
          </dd>
        </div>
        <div>
          <dt>{t(active ? 'antivirus.so_far' : 'antivirus.scanned')}</dt>
          <dd>
            {t('antivirus.files', { count: scan.files, number: formatNumber(scan.files, language) })},{' '}
            {formatBytes(scan.bytes, language)}
          </dd>
        </div>
        <div>
          <dt>{t('antivirus.unread')}</dt>
          <dd>{formatNumber(scan.unread, language)}</dd>
        </div>
        <div>
          <dt>{t('antivirus.ended')}</dt>
          <dd>
            <Time at={scan.ended_at} />
          </dd>
        </div>
        <div>
          <dt>{t('antivirus.due')}</dt>
          <dd>
            <Time at={scan.due_at} />
            {late ? <strong className="overdue"> {t('antivirus.late')}</strong> : null}
          </dd>
        </div>
      </dl>
    </Section>
  );
}

function Settings({ detail }: { detail: DeviceDetail }) {
  const { t } = useLanguage();
  const { device } = detail;
  const query = useDeviceSettings(device.id);
  const [setting, setSetting] = useState(false);
  return (
    <Section
      title={t('antivirus.settings')}
      extra={
        <MayButton action="device_policy_manage" onClick={() => setSetting(true)}>
          {t('antivirus.set_apart')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={4}>
        {({ sections, origins, policy }) => (
          <>
            <SectionView section={sections.antivirus} origin={origins.antivirus} />
            <Held policy={policy} />
            {setting ? (
              <AntivirusForm
                of={{ device: device.id }}
                name={device.name}
                section={sections.antivirus}
                own={origins.antivirus.from === 'device'}
                onClose={() => setSetting(false)}
              />
            ) : null}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Held({ policy }: { policy: DevicePolicy }) {
  const { t, local } = useLanguage();
  return (
    <p>
      {t(`antivirus.policy_${policy.state}`, {
        version: String(policy.version ?? ''),
        held: String(policy.held_version ?? '–'),
      })}{' '}
      {policy.proof !== null ? <SealLink seq={policy.proof} /> : null}
      {policy.refusal ? <span className="overdue"> {local(policy.refusal)}</span> : null}
    </p>
  );
}
