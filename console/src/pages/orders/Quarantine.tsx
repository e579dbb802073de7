// Infected files that the machine's agent took away: each can be given back by one person or deleted for good by two.
import { useState } from 'react';
import type { Device, DeviceDetail, JsonObject } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatBytes } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { Section } from '~/ui/Page';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { Time } from '~/ui/Time';
import { OrderDialog } from './OrderDialog';
import type { OrderForm } from './order';

interface TakenFile {
  item: string;
  path: string;
  sha256: string;
  signature: string;
  owner: string;
  bytes: number;
  at: string;
}

// The newest fact says what is there; one from before there was a quarantine says nothing.
export function takenFiles(detail: DeviceDetail): TakenFile[] {
  const fact = detail.facts.find(({ kind }) => kind === 'antivirus');
  const list = (fact?.body as JsonObject | undefined)?.quarantine;
  return Array.isArray(list) ? (list as unknown as TakenFile[]) : [];
}

export function Quarantine({ device, files }: { device: Device; files: TakenFile[] }) {
  const { t, language } = useLanguage();
  const [wanted, setWanted] = useState<Partial<OrderForm> | null>(null);
  if (files.length === 0) return null;
  return (
    <Section title={t('quarantine.title')}>
      <p>{t('quarantine.lead')}</p>
      <ScrollRegion className="table-frame" label={t('quarantine.title')}>
        <table className="table table-small" aria-label={t('quarantine.title')}>
          <thead>
            <tr>
              <th scope="col">{t('quarantine.path')}</th>
              <th scope="col">{t('quarantine.signature')}</th>
              <th scope="col">{t('quarantine.owner')}</th>
              <th scope="col">{t('quarantine.at')}</th>
              <th scope="col">{t('quarantine.decide')}</th>
            </tr>
          </thead>
          <tbody>
            {files.map(({ item, path, sha256, signature, owner, bytes, at }) => (
              <tr key={item}>
                <td>
                  <code>{path}</code> <span className="muted">{formatBytes(bytes, language)}</span>
                </td>
                <td>{signature}</td>
                <td>{owner}</td>
                <td>
                  <Time at={at} />
                </td>
                <td>
                  <MayButton
                    action="device_order"
                    size="small"
                    onClick={() => setWanted({ type: 'restore_quarantined', item, sha256, path })}
                  >
                    {t('quarantine.restore')}
                  </MayButton>{' '}
                  <MayButton
                    action="device_order"
                    size="small"
                    danger
                    onClick={() => setWanted({ type: 'delete_quarantined', item, sha256, path })}
                  >
                    {t('quarantine.delete')}
                  </MayButton>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {wanted ? <OrderDialog devices={[device]} initial={wanted} onClose={() => setWanted(null)} /> : null}
    </Section>
  );
}
