// Ordering a machine's agent: what each order does, to which machine, for how long and how it is undone, before it is given.
import { Button, Checkbox, Form, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { useId, useState } from 'react';
import { Link } from 'react-router-dom';
import type { Incident } from '~/api/incidentTypes';
import { useIssueOrder } from '~/api/orders';
import { useActs } from '~/api/people';
import { useMay } from '~/api/queries';
import type { Device, OrderType } from '~/api/types';
import { useLanguage } from '~/i18n';
import { spanOf } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';
import { Age, useSpanText } from '~/ui/Time';
import {
  blockingSeconds,
  containing,
  givingBack,
  isAddress,
  isOfQuarantine,
  isolationDefault,
  isolationSeconds,
  looking,
  type OrderForm,
  takesTwo,
  wantedOf,
} from './order';
import './orders.css';

// The case that an order is given for.
export type OrderedCase = Pick<Incident, 'id' | 'number'>;

interface Props {
  devices: readonly Device[]; // One: it is that one.
  incident?: OrderedCase | undefined;
  initial?: Partial<OrderForm> | undefined;
  onClose: () => void;
}

export function OrderDialog({ devices, incident, initial, onClose }: Props) {
  const { t } = useLanguage();
  const issue = useIssueOrder();
  const acts = useActs();
  const mayContain = useMay('device_contain');
  const [form] = Form.useForm<OrderForm & { device: string }>();
  const [device, setDevice] = useState<Device | undefined>(devices.length === 1 ? devices[0] : undefined);
  const [type, setType] = useState<OrderType>(initial?.type ?? 'collect_volatile');
  const two = takesTwo(type);
  // How long means something else for each order: what was chosen for one must not be sent with another.
  const choose = (chosen: OrderType) => {
    form.setFieldValue('seconds', null);
    setType(chosen);
  };
  // Until a second person holds the right, what takes two happens at once.
  const waits = two && acts.data?.holds !== false;
  const finish = ({ device: chosen, ...values }: OrderForm & { device?: string }) => {
    const id = device?.id ?? chosen;
    if (!id) return;
    issue.mutate(
      {
        device: id,
        // Which file is not typed by anybody.
        body: wantedOf(
          { item: initial?.item ?? '', sha256: initial?.sha256 ?? '', ...values, type },
          incident?.id,
        ),
      },
      { onSuccess: (made) => (made.act ? undefined : onClose()) },
    );
  };
  if (issue.data?.act)
    return (
      <Modal
        open
        title={t('order.waits_title')}
        onCancel={onClose}
        footer={<Button onClick={onClose}>{t('action.close')}</Button>}
      >
        <p className="will-happen">{t('order.waits')}</p>
        <p>
          <Link to={`/acts?open=${issue.data.act}`}>{t('waiting.see')}</Link>
        </p>
      </Modal>
    );
  return (
    <Modal
      open
      title={device ? t('order.to_device', { name: device.name }) : t('order.give')}
      okText={t(waits ? 'order.propose' : 'order.give')}
      cancelText={t('action.cancel')}
      confirmLoading={issue.isPending}
      okButtonProps={{ danger: two }}
      onCancel={onClose}
      onOk={() => form.submit()}
      width={680}
    >
      {issue.error ? <ErrorNote error={issue.error} /> : null}
      <Form<OrderForm & { device: string }>
        form={form}
        layout="vertical"
        initialValues={{ seconds: null, dns: [], dhcp: true, reason: '', ...initial }}
        onFinish={finish}
      >
        {devices.length > 1 ? (
          <Form.Item
            name="device"
            label={t('devices.one')}
            rules={[{ required: true, message: t('order.needed') }]}
          >
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              onChange={(id: string) => setDevice(devices.find((each) => each.id === id))}
              options={devices.map((each) => ({ value: each.id, label: each.name }))}
            />
          </Form.Item>
        ) : null}
        {device ? <Whom device={device} /> : null}
        {isOfQuarantine(type) ? (
          <p>
            <strong>{t(`order_type.${type}`)}</strong> <code>{initial?.path}</code>
          </p>
        ) : (
          <TypeChoice value={type} onChange={choose} mayContain={mayContain} />
        )}
        <div className="will-happen order-will">
          <p>{t(`order_does.${type}`)}</p>
          <p>
            <strong>{t('order.undo')}</strong> {t(`order_undo.${type}`)}
          </p>
          <p>
            <strong>{t('order.who')}</strong>{' '}
            {t(two ? (waits ? 'order.two' : 'order.two_not_yet') : 'order.one')}
          </p>
        </div>
        <Parameters type={type} />
        <Form.Item
          name="reason"
          label={t('order.reason')}
          extra={incident ? t('order.for_case', { number: incident.number }) : t('order.reason_help')}
          rules={[{ required: true, whitespace: true, min: 3, message: t('order.reason_needed') }]}
        >
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

// To whom: the machine, its person in charge, and whether it can hear us now.
function Whom({ device }: { device: Device }) {
  const { t } = useLanguage();
  return (
    <dl className="facts order-whom">
      <dt>{t('order.whom')}</dt>
      <dd>
        {device.name} · {t(`device_class.${device.class}`)}
        {device.addresses.length > 0 ? ` · ${device.addresses.join(', ')}` : ''}
      </dd>
      <dt>{t('devices.person')}</dt>
      <dd>{device.person_in_charge || <span className="muted">{t('devices.not_set')}</span>}</dd>
      <dt>{t('devices.last_seen')}</dt>
      <dd>
        <Age at={device.last_seen} /> <span className="muted">{t('order.lifetime')}</span>
      </dd>
    </dl>
  );
}

function TypeChoice({
  value,
  onChange,
  mayContain,
}: {
  value: OrderType;
  onChange: (type: OrderType) => void;
  mayContain: boolean;
}) {
  const { t } = useLanguage();
  const groups = [
    { key: 'looking', types: looking },
    { key: 'containing', types: containing },
    { key: 'giving_back', types: givingBack },
  ] as const;
  const id = useId();
  return (
    <div className="order-types">
      {groups.map(({ key, types }) => (
        <fieldset key={key}>
          <legend>{t(`order_group.${key}`)}</legend>
          <Radio.Group
            name={id}
            aria-label={t(`order_group.${key}`)}
            value={value}
            disabled={key === 'containing' && !mayContain}
            onChange={(event) => onChange(event.target.value as OrderType)}
            options={types.map((type) => ({ value: type, label: t(`order_type.${type}`) }))}
          />
          {key === 'containing' && !mayContain ? <p className="muted">{t('order.may_not_contain')}</p> : null}
        </fieldset>
      ))}
    </div>
  );
}

function Parameters({ type }: { type: OrderType }) {
  const { t } = useLanguage();
  const needed = [{ required: true, message: t('order.needed') }];
  const address = {
    validator: (_: unknown, text: string | undefined) =>
      isAddress((text ?? '').trim())
        ? Promise.resolve()
        : Promise.reject(new Error(t('order.address_needed'))),
  };
  if (type === 'isolate_network')
    return (
      <>
        <Form.Item name="seconds" label={t('order.how_long')}>
          <Duration choices={isolationSeconds} standard={isolationDefault} />
        </Form.Item>
        <Form.Item name="dns" label={t('order.dns')} extra={t('order.dns_help')}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', ',']} maxCount={8} />
        </Form.Item>
        <Form.Item name="dhcp" valuePropName="checked">
          <Checkbox>{t('order.dhcp')}</Checkbox>
        </Form.Item>
      </>
    );
  if (type === 'block_address' || type === 'unblock_address')
    return (
      <>
        <Form.Item name="address" label={t('order.address')} rules={[address]} required>
          <Input maxLength={45} className="code-input" inputMode="url" autoComplete="off" />
        </Form.Item>
        {type === 'block_address' ? (
          <Form.Item name="seconds" label={t('order.how_long')}>
            <Duration choices={blockingSeconds} />
          </Form.Item>
        ) : null}
      </>
    );
  if (type === 'stop_process')
    return (
      <>
        <p className="muted">{t('order.process_help')}</p>
        <div className="order-process">
          <Form.Item name="pid" label={t('order.pid')} rules={needed}>
            <InputNumber min={2} max={4194304} precision={0} controls={false} />
          </Form.Item>
          <Form.Item name="start_ticks" label={t('order.start_ticks')} rules={needed}>
            <InputNumber min={0} precision={0} controls={false} />
          </Form.Item>
        </div>
        <Form.Item name="path" label={t('order.path')} rules={needed}>
          <Input maxLength={4096} className="code-input" placeholder="/usr/bin/…" autoComplete="off" />
        </Form.Item>
      </>
    );
  return null;
}

// Seconds; null is for good, or the standard where there is one.
function Duration({
  id,
  value,
  onChange,
  choices,
  standard,
}: {
  id?: string;
  value?: number | null;
  onChange?: (seconds: number | null) => void;
  choices: readonly number[];
  standard?: number;
}) {
  const { t } = useLanguage();
  const text = useSpanText();
  const known = value && choices.includes(value) ? value : (standard ?? 0);
  return (
    <Select
      {...(id ? { id } : {})}
      value={known}
      onChange={(seconds: number) => onChange?.(seconds === 0 ? null : seconds)}
      options={[
        ...(standard ? [] : [{ value: 0, label: t('order.for_good') }]),
        ...choices.map((seconds) => ({ value: seconds, label: text(spanOf(seconds * 1000)) })),
      ]}
    />
  );
}
