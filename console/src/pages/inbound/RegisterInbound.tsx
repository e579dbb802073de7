// A warning from outside goes into the register: who sent it, what it says, and its file.
import { DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import type { InboundWarning } from '~/api/caseworkTypes';
import { useRegisterInbound } from '~/api/inbound';
import { useLanguage } from '~/i18n';
import { FileDrop } from '~/ui/FileDrop';
import { base64Of } from '~/ui/files';
import { formatBytes } from '~/ui/format';
import { MomentPicker } from '~/ui/MomentPicker';
import { ErrorNote } from '~/ui/Page';
import { ContactChoice } from '../contacts/ContactChoice';
import '../agencies/agencies.css';
import { fileFault, inboundOf, type Typed } from './inbound';

type Values = Omit<Typed, 'dated'> & { dated?: Dayjs | null };

export function RegisterInbound({ onClose }: { onClose: (made?: InboundWarning) => void }) {
  const { t, language } = useLanguage();
  const register = useRegisterInbound();
  const [form] = Form.useForm<Values>();
  const [file, setFile] = useState<File | null>(null);
  const fault = file ? fileFault(file) : null;
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  const finish = async (values: Values) => {
    if (fault) return;
    const content = file ? { name: file.name.normalize('NFC'), content: await base64Of(file) } : null;
    register.mutate(inboundOf({ ...values, dated: values.dated?.format('YYYY-MM-DD') }, content), {
      onSuccess: onClose,
    });
  };
  return (
    <Modal
      open
      title={t('inbound.register')}
      okText={t('inbound.register')}
      cancelText={t('action.cancel')}
      confirmLoading={register.isPending}
      onCancel={() => onClose()}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('source')?.focus()}
      width={680}
    >
      {register.error ? <ErrorNote error={register.error} /> : null}
      <p className="will-happen">{t('inbound.register_will')}</p>
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={{ received_at: new Date().toISOString() }}
        onFinish={(values) => void finish(values)}
      >
        <Form.Item name="source" label={t('inbound.source')} extra={t('inbound.source_help')} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
        <div className="form-line">
          <Form.Item name="reference" label={t('inbound.reference')}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="dated" label={t('inbound.dated')}>
            <DatePicker format="DD/MM/YYYY" placeholder="dd/MM/yyyy" />
          </Form.Item>
          <Form.Item name="received_at" label={t('inbound.received')} rules={needed}>
            <MomentPicker allowClear={false} />
          </Form.Item>
        </div>
        <Form.Item name="title" label={t('warning.title')} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
        <Form.Item name="summary" label={t('inbound.summary')} rules={needed}>
          <Input.TextArea rows={5} maxLength={16000} />
        </Form.Item>
        <Form.Item name="contact" label={t('inbound.contact')}>
          <ContactChoice />
        </Form.Item>
      </Form>
      <FileDrop
        label={t('inbound.file')}
        accept=".pdf,application/pdf"
        chosen={file && !fault ? `${file.name} · ${formatBytes(file.size, language)}` : undefined}
        onFile={setFile}
      />
      {fault ? (
        <p role="alert" className="overdue">
          {t(`inbound_fault.${fault}`)}
        </p>
      ) : null}
    </Modal>
  );
}
