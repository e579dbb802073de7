// Orders to one machine.
import { useState } from 'react';
import { useOrders } from '~/api/orders';
import type { Device } from '~/api/types';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { Loaded, Section } from '~/ui/Page';
import { OrderDialog } from './OrderDialog';
import { OrderList } from './OrderList';

export function DeviceOrders({ device }: { device: Device }) {
  const { t } = useLanguage();
  const query = useOrders(device.id);
  const [asking, setAsking] = useState(false);
  return (
    <Section
      title={t('order.list')}
      extra={
        <MayButton action="device_order" type="primary" onClick={() => setAsking(true)}>
          {t('order.give')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={4}>
        {(orders) => <OrderList orders={orders} devices={[device]} empty={t('order.none')} />}
      </Loaded>
      {asking ? <OrderDialog devices={[device]} onClose={() => setAsking(false)} /> : null}
    </Section>
  );
}
