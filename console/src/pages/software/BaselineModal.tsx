// Approves everything installed on one machine now: only after somebody looked at the list, and says so in the note.
import { Checkbox, DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useApproveBaseline } from '~/api/changes';
import { useDeviceSoftware } from '~/api/queries';
import type { Device } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';

interface Values {
  note: string;
  expires_on: Dayjs | null;
}

export function BaselineModal({ device, onClose }: { device: Device; onClose: () => void }) {
  const { t, language } = useLanguage();
  const approve = useApproveBaseline();
  const software = useDeviceSoftware(device.id, { state: 'unapproved' });
  const [reviewed, setReviewed] = useState(false);
  const [form] = Form.useForm<Values>();
  const count = software.data?.pages[0]?.unapproved;
  return (
    <Modal
      open
      title={t('software.baseline_title', { name: device.name })}
      okText={t('software.baseline_do')}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !reviewed }}
      confirmLoading={approve.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {approve.error ? <ErrorNote error={approve.error} /> : null}
      <p>{t('software.baseline_help')}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ note: '', expires_on: null }}
        onFinish={(values) =>
          approve.mutate(
            {
              device: device.id,
              note: values.note.normalize('NFC').trim(),
              expires_on: values.expires_on?.format('YYYY-MM-DD') ?? null,
            },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="note"
          label={t('software.baseline_note')}
          rules={[{ required: true, whitespace: true, message: t('software.baseline_note_needed') }]}
        >
          <Input.TextArea rows={2} maxLength={1000} placeholder={t('software.baseline_note_placeholder')} />
        </Form.Item>
        <Form.Item name="expires_on" label={t('software.expires')} extra={t('software.expires_help')}>
          <DatePicker format="DD/MM/YYYY" />
        </Form.Item>
      </Form>
      <p className="will-happen">
        {count === undefined
          ? t('page.loading')
          : t('software.baseline_will', { count, number: formatNumber(count, language), name: device.name })}
      </p>
      <Checkbox checked={reviewed} onChange={(event) => setReviewed(event.target.checked)}>
        {t('software.baseline_reviewed')}
      </Checkbox>
    </Modal>
  );
}
