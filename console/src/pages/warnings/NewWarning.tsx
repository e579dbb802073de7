// A warning, written once for all who must get it: from nothing, or out of one that came from outside.
import { Checkbox, Form, Input, Modal, Select } from 'antd';
import type { NewWarning as Wanted, Warning } from '~/api/incidentTypes';
import { useAgencies } from '~/api/queries';
import { useIssueWarning } from '~/api/reports';
import { useLanguage } from '~/i18n';
import { MomentPicker } from '~/ui/MomentPicker';
import { ErrorNote } from '~/ui/Page';

export function NewWarning({ onClose }: { onClose: (made?: Warning) => void }) {
  const issue = useIssueWarning();
  return (
    <WarningDialog
      error={issue.error}
      pending={issue.isPending}
      onIssue={(wanted) => issue.mutate(wanted, { onSuccess: onClose })}
      onClose={() => onClose()}
    />
  );
}

export function WarningDialog({
  initial,
  error,
  pending,
  onIssue,
  onClose,
}: {
  initial?: Partial<Wanted>;
  error: unknown;
  pending: boolean;
  onIssue: (wanted: Wanted) => void;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const agencies = useAgencies();
  const [form] = Form.useForm<Wanted>();
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();
  // The form begins with what is known of agencies.
  if (agencies.isLoading) return null;
  return (
    <Modal
      open
      title={t('warning.write')}
      okText={t('warning.issue')}
      cancelText={t('action.cancel')}
      confirmLoading={pending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('title')?.focus()}
      width={680}
    >
      {error ? <ErrorNote error={error} /> : null}
      <p className="will-happen">{t('warning.will')}</p>
      <Form<Wanted>
        form={form}
        layout="vertical"
        initialValues={{
          below: true,
          agencies: agencies.data?.length === 1 ? [agencies.data[0]?.id] : [],
          ...initial,
        }}
        onFinish={(values) =>
          onIssue({
            ...values,
            title: clean(values.title),
            risk: clean(values.risk),
            affected: clean(values.affected),
            actions: clean(values.actions),
            below: values.below === true,
          })
        }
      >
        <Form.Item name="title" label={t('warning.title')} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
        <Form.Item name="risk" label={t('warning.risk')} rules={needed}>
          <Input.TextArea rows={3} maxLength={16000} />
        </Form.Item>
        <Form.Item name="affected" label={t('warning.affected')}>
          <Input.TextArea rows={2} maxLength={16000} />
        </Form.Item>
        <Form.Item name="actions" label={t('warning.actions')} rules={needed}>
          <Input.TextArea rows={4} maxLength={16000} />
        </Form.Item>
        <Form.Item name="due_at" label={t('warning.due')} rules={needed}>
          <MomentPicker />
        </Form.Item>
        <Form.Item
          name="agencies"
          label={t('warning.agencies')}
          rules={[{ required: true, message: t('incident.needed') }]}
        >
          <Select
            mode="multiple"
            optionFilterProp="label"
            options={(agencies.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
          />
        </Form.Item>
        <Form.Item name="below" valuePropName="checked">
          <Checkbox>{t('warning.below')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}
