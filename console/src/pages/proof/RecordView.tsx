// One evidence record as people read it: where from, when, what it says, what was understood of it, and its bytes.
import { Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useDevices } from '~/api/queries';
import type { JsonObject, LogEvent } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FactView } from '~/ui/FactView';
import { FieldTable } from '~/ui/FieldTable';
import { asFact } from '~/ui/facts';
import { Time } from '~/ui/Time';
import { useAuditText } from '~/ui/useAuditText';
import { useFactName } from '~/ui/useFactName';

export function RecordView({ event }: { event: LogEvent }) {
  const { t } = useLanguage();
  const factName = useFactName();
  const auditText = useAuditText();
  const fact = asFact(event);
  const [view, setView] = useState<'read' | 'fields' | 'raw'>('read');
  const devices = useDevices();
  const known = devices.data?.find((device) => device.id === event.device);
  return (
    <div className="record">
      <dl className="facts">
        <dt>{t('record.source')}</dt>
        <dd>
          {event.device && known ? (
            <Link to={`/devices/${event.device}`}>{event.device_name}</Link>
          ) : (
            event.device_name || t('record.hub_itself')
          )}{' '}
          <span className="muted">
            <code>{event.stream}</code> · {t(`transport.${event.transport}`)}
          </span>
        </dd>
        <dt>{t('record.received')}</dt>
        <dd>
          <Time at={event.received_at} seconds />
        </dd>
        {fact ? (
          <>
            <dt>{t('record.collected')}</dt>
            <dd>
              <Time at={fact.collectedAt} seconds />
            </dd>
            <dt>{t('record.method')}</dt>
            <dd>
              <code>{fact.method}</code>
            </dd>
          </>
        ) : null}
      </dl>
      <Segmented
        size="small"
        value={view}
        onChange={setView}
        aria-label={t('record.view')}
        options={[
          { value: 'read', label: fact ? factName(fact.kind) : t('record.message') },
          { value: 'fields', label: t('record.fields') },
          { value: 'raw', label: t('record.raw') },
        ]}
      />
      {view === 'read' ? (
        fact ? (
          <FactView kind={fact.kind} body={fact.body} />
        ) : (
          <p className="message">{auditText(event) ?? messageOf(event)}</p>
        )
      ) : view === 'fields' ? (
        <FieldTable fields={event.fields as JsonObject} />
      ) : (
        <pre className="raw">{event.raw}</pre>
      )}
    </div>
  );
}

export function messageOf(event: LogEvent): string {
  const message = (event.fields as JsonObject).message;
  return typeof message === 'string' && message !== '' ? message : event.raw;
}
