// Entering networks of the address plan and links, taking them out, and recording a notice to the province.
import { Checkbox, DatePicker, Form, Input, InputNumber, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import {
  type Line,
  lineKinds,
  type NewLine,
  type Subnet,
  useEndLine,
  useRecordNotice,
  useRemoveSubnet,
  useSaveLine,
  useSaveSubnet,
} from '~/api/network';
import { useLanguage } from '~/i18n';
import { AgencySelect } from '~/ui/AgencySelect';
import { FormModal } from '~/ui/FormModal';
import { exitsOf } from './queue';

const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();

function useNeeded() {
  const { t } = useLanguage();
  return [{ required: true, message: t('incident.needed') }];
}

interface SubnetValues {
  agency: string;
  range: string;
  purpose: string;
  gateway: string;
  vlan: number | null;
  dedicated: boolean;
  agreed_with: string;
  agreed_on: Dayjs | null;
  document: string;
  note: string;
}

export function SubnetForm({ subnet, onClose }: { subnet: Subnet | null; onClose: () => void }) {
  const { t } = useLanguage();
  const save = useSaveSubnet(subnet);
  const needed = useNeeded();
  return (
    <FormModal<SubnetValues>
      title={t(subnet ? 'net_plan.edit' : 'net_plan.add')}
      ok={t('net_plan.save')}
      will={t('net_plan.will')}
      error={save.error}
      busy={save.isPending}
      initial={subnet ? { ...subnet, agreed_on: subnet.agreed_on ? dayjs(subnet.agreed_on) : null } : {}}
      onFinish={(values) =>
        save.mutate(
          {
            agency: subnet?.agency ?? values.agency,
            range: clean(values.range),
            purpose: clean(values.purpose),
            gateway: clean(values.gateway),
            vlan: values.vlan ?? null,
            dedicated: values.dedicated ?? false,
            agreed_with: clean(values.agreed_with),
            agreed_on: values.agreed_on?.format('YYYY-MM-DD') ?? null,
            document: clean(values.document),
            note: clean(values.note),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      {subnet ? null : (
        <Form.Item name="agency" label={t('net_plan.agency')} rules={needed}>
          <AgencySelect />
        </Form.Item>
      )}
      <Form.Item name="range" label={t('net_plan.range')} extra={t('net_plan.range_help')} rules={needed}>
        <Input maxLength={60} />
      </Form.Item>
      <Form.Item name="purpose" label={t('net_plan.purpose')} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="gateway" label={t('net_plan.gateway')}>
        <Input maxLength={45} />
      </Form.Item>
      <Form.Item name="vlan" label="VLAN">
        <InputNumber min={1} max={4094} precision={0} />
      </Form.Item>
      <Form.Item name="dedicated" valuePropName="checked">
        <Checkbox>{t('net_plan.dedicated')}</Checkbox>
      </Form.Item>
      <Form.Item name="agreed_with" label={t('net_plan.agreed_with')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="agreed_on" label={t('net_plan.agreed_on')}>
        <DatePicker format="DD/MM/YYYY" disabledDate={(day) => day.isAfter(dayjs(), 'day')} />
      </Form.Item>
      <Form.Item name="document" label={t('net_plan.document')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="note" label={t('net_plan.note')}>
        <Input.TextArea maxLength={1000} rows={2} />
      </Form.Item>
    </FormModal>
  );
}

type LineValues = Omit<NewLine, 'mbps' | 'exits'> & { mbps: number | null; exits: string };

export function LineForm({ line, onClose }: { line: Line | null; onClose: () => void }) {
  const { t } = useLanguage();
  const save = useSaveLine(line);
  const needed = useNeeded();
  return (
    <FormModal<LineValues>
      title={t(line ? 'line.edit' : 'line.add')}
      ok={t('net_plan.save')}
      will={t('line.will')}
      error={save.error}
      busy={save.isPending}
      initial={line ? { ...line, exits: line.exits.join('\n') } : { kind: 'internet' }}
      onFinish={(values) =>
        save.mutate(
          {
            agency: line?.agency ?? values.agency,
            kind: values.kind,
            name: clean(values.name),
            provider: clean(values.provider),
            mbps: values.mbps ?? 0,
            exits: exitsOf(values.exits ?? ''),
            router: clean(values.router),
            terms: clean(values.terms),
            note: clean(values.note),
          },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      {line ? null : (
        <Form.Item name="agency" label={t('net_plan.agency')} rules={needed}>
          <AgencySelect />
        </Form.Item>
      )}
      <Form.Item name="kind" label={t('line.kind')} rules={needed}>
        <Select options={lineKinds.map((each) => ({ value: each, label: t(`line_kind.${each}`) }))} />
      </Form.Item>
      <Form.Item name="name" label={t('line.name')} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="provider" label={t('line.provider')}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="mbps" label={t('line.mbps')}>
        <InputNumber min={0} max={1000000} precision={0} />
      </Form.Item>
      <Form.Item name="exits" label={t('line.exits')} extra={t('line.exits_help')}>
        <Input.TextArea rows={2} />
      </Form.Item>
      <Form.Item name="router" label={t('line.router')} extra={t('line.router_help')}>
        <Input.TextArea maxLength={1000} rows={2} />
      </Form.Item>
      <Form.Item name="terms" label={t('line.terms')}>
        <Input.TextArea maxLength={1000} rows={2} />
      </Form.Item>
      <Form.Item name="note" label={t('net_plan.note')}>
        <Input.TextArea maxLength={1000} rows={2} />
      </Form.Item>
    </FormModal>
  );
}

function ReasonForm({
  title,
  act,
  onClose,
}: {
  title: string;
  act: {
    mutate: (reason: string, then: { onSuccess: () => void }) => void;
    error: unknown;
    isPending: boolean;
  };
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const needed = useNeeded();
  return (
    <FormModal<{ reason: string }>
      title={title}
      ok={t('net_plan.take_out')}
      danger
      error={act.error}
      busy={act.isPending}
      onFinish={({ reason }) => act.mutate(clean(reason), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Form.Item name="reason" label={t('net_plan.reason')} rules={needed}>
        <Input maxLength={1000} />
      </Form.Item>
    </FormModal>
  );
}

export function RemoveSubnet({ subnet, onClose }: { subnet: Subnet; onClose: () => void }) {
  const { t } = useLanguage();
  return (
    <ReasonForm
      title={t('net_plan.remove', { range: subnet.range })}
      act={useRemoveSubnet(subnet.id)}
      onClose={onClose}
    />
  );
}

export function EndLine({ line, onClose }: { line: Line; onClose: () => void }) {
  const { t } = useLanguage();
  return (
    <ReasonForm title={t('line.end', { name: line.name })} act={useEndLine(line.id)} onClose={onClose} />
  );
}

export function NoticeForm({ line, onClose }: { line: Line; onClose: () => void }) {
  const { t } = useLanguage();
  const record = useRecordNotice(line.id);
  const needed = useNeeded();
  return (
    <FormModal<{ noticed_on: Dayjs; document: string }>
      title={t('line.notice', { name: line.name })}
      ok={t('line.record_notice')}
      will={t('line.notice_will')}
      error={record.error}
      busy={record.isPending}
      onFinish={({ noticed_on, document }) =>
        record.mutate(
          { noticed_on: noticed_on.format('YYYY-MM-DD'), document: clean(document) },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item name="noticed_on" label={t('line.noticed_on')} rules={needed}>
        <DatePicker format="DD/MM/YYYY" disabledDate={(day) => day.isAfter(dayjs(), 'day')} />
      </Form.Item>
      <Form.Item name="document" label={t('net_plan.document')} rules={needed}>
        <Input maxLength={100} />
      </Form.Item>
    </FormModal>
  );
}
