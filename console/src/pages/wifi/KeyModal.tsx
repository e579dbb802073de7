// A new key for a network: made here, put on the access point by hand, printed for the room. Closing the window forgets
// it; the hub learns only the day, and that clients show another fingerprint.
import { Button, Modal } from 'antd';
import { useState } from 'react';
import type { WifiNetwork } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatDate } from '~/ui/format';
import { PrintSheet } from '~/ui/PrintSheet';
import { QrCode } from '~/ui/QrCode';
import { newKey, spoken, wifiCode } from './key';
import './wifi.css';

export function KeyModal({
  network,
  onRecord,
  onClose,
}: {
  network: WifiNetwork;
  onRecord: () => void;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const [key, setKey] = useState(newKey);
  const code = wifiCode(network.ssid, key);
  const label = t('wifi_key.scan', { ssid: network.ssid });
  return (
    <Modal
      open
      title={t('wifi_key.title', { ssid: network.ssid })}
      onCancel={onClose}
      footer={[
        <Button key="again" onClick={() => setKey(newKey())}>
          {t('wifi_key.again')}
        </Button>,
        <Button key="print" onClick={() => window.print()}>
          {t('wifi_key.print')}
        </Button>,
        <Button key="record" type="primary" onClick={onRecord}>
          {t('wifi_key.record')}
        </Button>,
      ]}
    >
      <p className="will-happen">{t('wifi_key.will')}</p>
      <div className="wifi-key">
        <QrCode text={code} label={label} size={200} />
        <div>
          <p className="muted">{t('wifi.ssid')}</p>
          <p>{network.ssid}</p>
          <p className="muted">{t('wifi_key.key')}</p>
          <p>
            <code className="wifi-key-text">{spoken(key)}</code>
          </p>
          <p className="muted">{t('wifi_key.no_blanks')}</p>
        </div>
      </div>
      <ol className="wifi-key-steps">
        <li>{t('wifi_key.step_set')}</li>
        <li>{t('wifi_key.step_print')}</li>
        <li>{t('wifi_key.step_record')}</li>
      </ol>
      <PrintSheet title={t('wifi_key.poster', { ssid: network.ssid })}>
        <div className="wifi-poster">
          <QrCode text={code} label={label} size={420} />
          <p>{t('wifi_key.poster_scan')}</p>
          <p>{t('wifi_key.poster_type')}</p>
          <code>{spoken(key)}</code>
          {network.place ? <p>{network.place}</p> : null}
          <p>{t('wifi_key.poster_until', { day: formatDate(new Date().toISOString()) })}</p>
        </div>
      </PrintSheet>
    </Modal>
  );
}
