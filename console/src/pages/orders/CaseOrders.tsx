// Orders given for a case to machines of its agency.
import { useMemo, useState } from 'react';
import type { IncidentDetail } from '~/api/incidentTypes';
import { useOrdersOfCase } from '~/api/orders';
import { useDevices, useMay } from '~/api/queries';
import type { Device } from '~/api/types';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { OrderDialog } from './OrderDialog';
import { OrderList } from './OrderList';

export function CaseOrders({ incident }: { incident: IncidentDetail }) {
  const { t } = useLanguage();
  const may = useMay('device_read');
  const devices = useDevices({ agency: incident.agency.id }, may);
  if (!may) return <EmptyState why={t('order.may_not_see')} />;
  return (
    <Loaded query={devices} rows={4}>
      {(list) => <Orders incident={incident} devices={list} />}
    </Loaded>
  );
}

function Orders({ incident, devices }: { incident: IncidentDetail; devices: readonly Device[] }) {
  const { t } = useLanguage();
  const [asking, setAsking] = useState(false);
  const ids = useMemo(() => devices.map((each) => each.id), [devices]);
  const query = useOrdersOfCase(ids, incident.number);
  const whyNot = incident.over
    ? t('incident.is_over')
    : devices.length === 0
      ? t('order.no_devices', { agency: incident.agency.name })
      : null;
  return (
    <Section
      title={t('order.list')}
      extra={
        <MayButton action="device_order" size="small" whyNot={whyNot} onClick={() => setAsking(true)}>
          {t('order.give')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={4}>
        {(orders) => (
          <OrderList
            orders={orders}
            devices={devices}
            incident={incident.number}
            naming
            empty={t('order.none_in_case')}
          />
        )}
      </Loaded>
      {asking ? (
        <OrderDialog devices={devices} incident={incident.number} onClose={() => setAsking(false)} />
      ) : null}
    </Section>
  );
}
