// Orders with what became of them; those that wait for a second person come first.
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useCancelOrder } from '~/api/orders';
import { useActs } from '~/api/people';
import { useMay } from '~/api/queries';
import type { Act, Device, JsonObject, Order, OrderType } from '~/api/types';
import { useLanguage } from '~/i18n';
import { EmptyState, ErrorNote } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { StateIcon } from '~/ui/StateTag';
import { Remaining, Time } from '~/ui/Time';
import { usePersonName } from '~/ui/usePersonName';
import { OrderDialog, type OrderedCase } from './OrderDialog';
import { stateOf, undoing } from './order';
import { useOrderWords } from './useOrderWords';
import './orders.css';

// What has to be known of a machine to name it; an order to undo another needs the whole of it.
export type OrderedDevice = Pick<Device, 'id' | 'name'> & Partial<Device>;

interface Props {
  orders: readonly Order[];
  devices: readonly OrderedDevice[];
  incident?: OrderedCase | undefined; // Only those of this case.
  naming?: boolean; // Of several machines: say which.
  empty: string;
}

export function OrderList({ orders, devices, incident, naming = false, empty }: Props) {
  const waiting = useWaitingOrders(devices, incident);
  if (orders.length === 0 && waiting.length === 0) return <EmptyState why={empty} />;
  return (
    <ul className="worklist">
      {waiting.map((act) => (
        <WaitingOrder key={act.id} act={act} />
      ))}
      {orders.map((order) => (
        <OrderLine
          key={order.id}
          order={order}
          device={devices.find((each) => each.id === order.device)}
          naming={naming}
        />
      ))}
    </ul>
  );
}

const isWhole = (device: OrderedDevice): device is Device => device.agency !== undefined;

function useWaitingOrders(devices: readonly OrderedDevice[], incident: OrderedCase | undefined): Act[] {
  const acts = useActs();
  const objects = new Set(devices.map((each) => `device:${each.id}`));
  return (acts.data?.acts ?? []).filter(
    (act) =>
      act.kind === 'device_contain' &&
      act.state === 'waiting' &&
      objects.has(act.object) &&
      (!incident || (act.after as JsonObject).case === incident.id),
  );
}

function WaitingOrder({ act }: { act: Act }) {
  const { t } = useLanguage();
  const words = useOrderWords();
  const wanted = act.after as JsonObject;
  return (
    <li data-order-act={act.id}>
      <span className="order-head">
        <span className="worklist-title">{words(String(wanted.type) as OrderType, wanted)}</span>
        <span className="state-tag state-due">
          <StateIcon state="due" />
          {t('order_state.second')}
        </span>
      </span>
      <span className="worklist-why">{String(wanted.reason ?? '')}</span>
      <span className="worklist-meta">
        {typeof wanted.device === 'string' ? <span>{wanted.device}</span> : null}
        <Time at={act.proposed_at} />
        <Remaining at={act.ends_at} />
        <Link to={`/acts?open=${act.id}`}>{t('waiting.see')}</Link>
      </span>
    </li>
  );
}

function OrderLine({
  order,
  device,
  naming,
}: {
  order: Order;
  device: OrderedDevice | undefined;
  naming: boolean;
}) {
  const { t, local } = useLanguage();
  const words = useOrderWords();
  const mayProve = useMay('evidence_prove');
  const mayOrder = useMay('device_order');
  const cancel = useCancelOrder();
  const person = usePersonName();
  const [back, setBack] = useState(false);
  const undo = device && isWhole(device) ? undoing(order) : null;
  const state = stateOf[order.state];
  return (
    <li data-order={order.id} data-state={order.state}>
      <span className="order-head">
        <span className="worklist-title">{words(order.type, order.parameters as JsonObject)}</span>
        <span className={`state-tag state-${state}`}>
          <StateIcon state={state} />
          {t(`order_state.${order.state}`)}
        </span>
      </span>
      {cancel.error ? <ErrorNote error={cancel.error} /> : null}
      <span className="worklist-why wrap">{order.reason}</span>
      {order.result ? <span className="worklist-why wrap">{local(order.result)}</span> : null}
      <span className="worklist-meta">
        {naming && device ? <Link to={`/devices/${device.id}?tab=orders`}>{device.name}</Link> : null}
        <span>
          {t(order.agreed_by ? 'order.by_two' : 'order.by', {
            name: person(order.asked_by),
            other: person(order.agreed_by ?? ''),
          })}
        </span>
        <Time at={order.issued_at} />
        {order.case && !naming ? <CaseOf id={order.case} number={order.case_number ?? ''} /> : null}
        {order.state === 'waiting' ? (
          <span>
            {t('order.begins_before')} <Time at={order.expires_at} />
          </span>
        ) : null}
        {order.settled_at ? (
          <span>
            {t('order.settled')} <Time at={order.settled_at} seconds />
          </span>
        ) : null}
        {order.proof !== null && mayProve ? <SealLink seq={order.proof} label={t('order.proof')} /> : null}
      </span>
      {order.result?.details ? <Details details={order.result.details as JsonObject} /> : null}
      {mayOrder && (order.state === 'waiting' || (undo && device)) ? (
        <span className="worklist-actions">
          {order.state === 'waiting' ? (
            <Button
              size="small"
              loading={cancel.isPending}
              onClick={() => cancel.mutate({ device: order.device, order: order.id })}
            >
              {t('order.cancel')}
            </Button>
          ) : null}
          {undo && device ? (
            <Button size="small" onClick={() => setBack(true)}>
              {t(`order_type.${undo.type ?? 'release_network'}`)}
            </Button>
          ) : null}
        </span>
      ) : null}
      {back && undo && device && isWhole(device) ? (
        <OrderDialog
          devices={[device]}
          initial={undo}
          incident={order.case ? { id: order.case, number: order.case_number ?? '' } : undefined}
          onClose={() => setBack(false)}
        />
      ) : null}
    </li>
  );
}

function CaseOf({ id, number }: { id: string; number: string }) {
  const { t } = useLanguage();
  const may = useMay('incident_read');
  const text = t('order.of_case', { number }).trim();
  return may ? <Link to={`/incidents/${id}?tab=orders`}>{text}</Link> : <span>{text}</span>;
}

function Details({ details }: { details: JsonObject }) {
  const { t } = useLanguage();
  const hash = details.document_sha256;
  if (typeof hash !== 'string') return null;
  return (
    <span className="order-hash">
      {t('order.document')} <code>{hash}</code>
    </span>
  );
}
