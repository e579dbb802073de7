// Orders given for a case to machines of its agency.
import { useState } from 'react';
import type { CaseOrder } from '~/api/caseworkTypes';
import type { IncidentDetail } from '~/api/incidentTypes';
import { useCaseOrders } from '~/api/orders';
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

// Machines of the agency, and those that have left it since but were ordered for this case.
function known(orders: readonly CaseOrder[], devices: readonly Device[]): Pick<Device, 'id' | 'name'>[] {
  const here = new Set(devices.map((each) => each.id));
  const gone = new Map(
    orders.filter(({ device }) => !here.has(device.id)).map(({ device }) => [device.id, device]),
  );
  return [...devices, ...gone.values()];
}

function Orders({ incident, devices }: { incident: IncidentDetail; devices: readonly Device[] }) {
  const { t } = useLanguage();
  const [asking, setAsking] = useState(false);
  const query = useCaseOrders(incident.id);
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
            orders={orders.map((order) => ({ ...order, device: order.device.id }))}
            devices={known(orders, devices)}
            incident={incident}
            naming
            empty={t('order.none_in_case')}
          />
        )}
      </Loaded>
      {asking ? <OrderDialog devices={devices} incident={incident} onClose={() => setAsking(false)} /> : null}
    </Section>
  );
}
