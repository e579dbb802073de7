// Any item of a case by the fields that the pack names for its kind: entered, or changed where it may change.
import { Checkbox, Form, Input, Modal, Select } from 'antd';
import type { ReactNode } from 'react';
import { useAddPart, useChangePart } from '~/api/incidents';
import type { IncidentDetail, IncidentPart, IncidentPartField, IncidentProcess } from '~/api/incidentTypes';
import { useDevices, useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { MomentPicker } from '~/ui/MomentPicker';
import { ErrorNote } from '~/ui/Page';

export type Kind = 'entity' | 'task' | 'evidence' | 'custody' | 'hold' | 'guidance' | 'action' | 'support';
export interface PartAsked {
  kind: Kind;
  part?: IncidentPart; // To be changed; else a new one.
  fields?: readonly string[]; // Only these.
  initial?: Record<string, unknown>;
}

const entityTypes = ['device', 'account', 'address', 'domain', 'file', 'service', 'hash'] as const;
// Filled in by the hub or by a playbook, not by people.
const hidden = new Set(['playbook', 'state', 'title_en', 'detail_en', 'role']);

// What comes in later, by an act of its own.
const comesLater = (kind: Kind, field: string) =>
  field.startsWith('release') || (kind === 'support' && /^(given_|outcome$)/.test(field));

export function PartDialog({
  process,
  incident,
  asked,
  onClose,
}: {
  process: IncidentProcess;
  incident: IncidentDetail;
  asked: PartAsked;
  onClose: () => void;
}) {
  const { t, local } = useLanguage();
  const add = useAddPart(incident.id);
  const change = useChangePart(incident.id);
  const [form] = Form.useForm<Record<string, unknown>>();
  const { kind, part } = asked;
  const all = process.parts.find((each) => each.kind === kind)?.fields ?? [];
  const fields = all.filter(
    (field) =>
      !hidden.has(field.id) &&
      (asked.fields ? asked.fields.includes(field.id) : part ? field.updatable : !comesLater(kind, field.id)),
  );
  const title = t(part ? `part_change.${kind}` : `part_add.${kind}`);
  // An attachment has its name and its hash already.
  const fromFile = Boolean(Form.useWatch('attachment', form));
  const finish = (values: Record<string, unknown>) => {
    const body = Object.fromEntries(
      Object.entries(values)
        .map(
          ([key, value]) => [key, typeof value === 'string' ? value.normalize('NFC').trim() : value] as const,
        )
        .filter(([, value]) => value !== undefined && value !== null && value !== ''),
    );
    if (part) change.mutate({ part: part.id, changes: body }, { onSuccess: onClose });
    else add.mutate({ kind, body }, { onSuccess: onClose });
  };
  const error = add.error ?? change.error;
  return (
    <Modal
      open
      title={title}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={add.isPending || change.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      width={600}
    >
      {error ? <ErrorNote error={error} /> : null}
      {kind === 'hold' && !part ? <p className="will-happen">{t('incident.hold_will')}</p> : null}
      <Form<Record<string, unknown>>
        form={form}
        layout="vertical"
        initialValues={{ ...(part?.body ?? {}), ...asked.initial }}
        onFinish={finish}
      >
        {fields.map((field) => {
          const known = fromFile && kind === 'evidence' && (field.id === 'name' || field.id === 'sha256');
          if (known) return null;
          const must = field.required || (asked.fields !== undefined && !field.id.includes('seal'));
          const label = local(field.label);
          return (
            <Form.Item
              key={field.id}
              name={field.id}
              label={label.charAt(0).toLocaleUpperCase() + label.slice(1)}
              {...(field.type === 'flag' ? { valuePropName: 'checked' } : {})}
              rules={must && field.type !== 'flag' ? [{ required: true, message: t('incident.needed') }] : []}
            >
              {controlOf(kind, field, incident, t)}
            </Form.Item>
          );
        })}
      </Form>
    </Modal>
  );
}

function controlOf(
  kind: Kind,
  field: IncidentPartField,
  incident: IncidentDetail,
  t: ReturnType<typeof useLanguage>['t'],
): ReactNode {
  const choices = (wanted: string) =>
    incident.parts
      .filter((each) => each.kind === wanted)
      .map((each) => ({ value: each.id, label: String(each.body.name ?? '') }));
  if (kind === 'entity' && field.id === 'type')
    return <Select options={entityTypes.map((type) => ({ value: type, label: t(`entity.${type}`) }))} />;
  if (field.id === 'devices') return <DevicePicker />;
  switch (field.type) {
    case 'text':
      return <Input.TextArea rows={3} maxLength={16000} />;
    case 'time':
      return <MomentPicker />;
    case 'flag':
      return <Checkbox>{t('yes')}</Checkbox>;
    case 'part':
      return <Select allowClear options={choices(field.id === 'evidence' ? 'evidence' : 'attachment')} />;
    case 'texts':
      return <Select mode="tags" />;
    default:
      return <Input maxLength={400} {...(field.type === 'sha256' ? { className: 'code-input' } : {})} />;
  }
}

// Which machines a hold is about; none is the whole agency.
function DevicePicker({
  id,
  value,
  onChange,
}: {
  id?: string;
  value?: string[];
  onChange?: (devices: string[]) => void;
}) {
  const { t } = useLanguage();
  const devices = useDevices({}, useMay('device_read'));
  return (
    <Select
      {...(id ? { id } : {})}
      mode="multiple"
      value={value ?? []}
      {...(onChange ? { onChange } : {})}
      placeholder={t('incident.whole_agency')}
      optionFilterProp="label"
      options={(devices.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
    />
  );
}
