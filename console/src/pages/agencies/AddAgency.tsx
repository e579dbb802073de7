import { Form, Input, Modal, Select } from 'antd';
import { useCreateAgency } from '~/api/agencies';
import type { Agency, NewAgency } from '~/api/types';
import { useLanguage } from '~/i18n';
import { ErrorNote } from '~/ui/Page';
import { kinds } from './kinds';

export function AddAgency({ agencies, onClose }: { agencies: Agency[]; onClose: () => void }) {
  const { t } = useLanguage();
  const create = useCreateAgency();
  const [form] = Form.useForm<NewAgency>();
  return (
    <Modal
      open
      title={t('agencies.add')}
      okText={t('action.create')}
      cancelText={t('action.cancel')}
      confirmLoading={create.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {create.error ? <ErrorNote error={create.error} /> : null}
      <Form<NewAgency>
        form={form}
        layout="vertical"
        initialValues={{ superior: agencies[0]?.id, kind: 'unit' }}
        onFinish={(values) =>
          create.mutate(
            { ...values, code: values.code.trim(), name: values.name.normalize('NFC').trim() },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="name"
          label={t('agencies.name')}
          rules={[{ required: true, whitespace: true, message: t('agencies.name_needed') }]}
        >
          <Input maxLength={200} placeholder={t('agencies.name_placeholder')} />
        </Form.Item>
        <Form.Item
          name="code"
          label={t('agencies.code')}
          extra={t('agencies.code_help')}
          rules={[{ required: true, whitespace: true, message: t('agencies.code_needed') }]}
        >
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="kind" label={t('agencies.kind')}>
          <Select options={kinds.map((kind) => ({ value: kind, label: t(`agency_kind.${kind}`) }))} />
        </Form.Item>
        <Form.Item name="superior" label={t('agencies.superior')} rules={[{ required: true }]}>
          <Select options={agencies.map((each) => ({ value: each.id, label: each.name }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
