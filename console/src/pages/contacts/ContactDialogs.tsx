// Writing a contact, checking it, retiring it. Checking is an act of its own: nobody checks by writing.
import { Checkbox, Form, Input, Modal, Select } from 'antd';
import type { Contact, ContactFields, ContactList } from '~/api/caseworkTypes';
import { useKeepContact, useRetireContact, useVerifyContact } from '~/api/contacts';
import { useLanguage } from '~/i18n';
import { MomentPicker } from '~/ui/MomentPicker';
import { ErrorNote } from '~/ui/Page';
import { cleaned, losesVerification } from './contact';

export function ContactForm({
  contact,
  kinds,
  onClose,
}: {
  contact: Contact | null;
  kinds: ContactList['kinds'];
  onClose: () => void;
}) {
  const { t, local } = useLanguage();
  const keep = useKeepContact(contact?.id ?? null);
  const [form] = Form.useForm<ContactFields>();
  const typed = Form.useWatch([], form) as Partial<ContactFields> | undefined;
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <Modal
      open
      title={t(contact ? 'contact.edit_title' : 'contact.add')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={keep.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('body')?.focus()}
      width={640}
    >
      {keep.error ? <ErrorNote error={keep.error} /> : null}
      {contact && typed && losesVerification(contact, typed) ? (
        <p className="will-happen" role="status">
          {t('contact.loses')}
        </p>
      ) : null}
      <Form<ContactFields>
        form={form}
        layout="vertical"
        initialValues={contact ? cleaned(contact) : { kind: kinds[0]?.id }}
        onFinish={(values) => keep.mutate(cleaned(values), { onSuccess: onClose })}
      >
        <Form.Item name="body" label={t('contact.body')} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
        <Form.Item name="kind" label={t('contact.kind')} rules={needed}>
          <Select options={kinds.map((each) => ({ value: each.id, label: local(each.title) }))} />
        </Form.Item>
        <div className="form-line">
          <Form.Item name="person" label={t('contact.person')}>
            <Input maxLength={200} />
          </Form.Item>
          <Form.Item name="position" label={t('contact.position')}>
            <Input maxLength={200} />
          </Form.Item>
        </div>
        <div className="form-line">
          <Form.Item name="phone" label={t('contact.phone')}>
            <Input maxLength={60} inputMode="tel" />
          </Form.Item>
          <Form.Item name="email" label={t('contact.email')}>
            <Input maxLength={200} inputMode="email" />
          </Form.Item>
        </div>
        <Form.Item name="channel" label={t('contact.channel')} extra={t('contact.channel_help')}>
          <Input maxLength={400} />
        </Form.Item>
        <Form.Item name="around_the_clock" valuePropName="checked">
          <Checkbox>{t('contact.around_the_clock')}</Checkbox>
        </Form.Item>
        <Form.Item name="note" label={t('contact.note')}>
          <Input.TextArea rows={2} maxLength={4000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function VerifyContact({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useLanguage();
  const verify = useVerifyContact(contact.id);
  const [form] = Form.useForm<{ how: string; at: string }>();
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <Modal
      open
      title={t('contact.verify_title', { name: contact.body })}
      okText={t('contact.verify')}
      cancelText={t('action.cancel')}
      confirmLoading={verify.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('how')?.focus()}
    >
      {verify.error ? <ErrorNote error={verify.error} /> : null}
      <p className="will-happen">{t('contact.verify_will')}</p>
      <dl className="facts">
        <dt>{t('contact.person')}</dt>
        <dd>{contact.person || '–'}</dd>
        <dt>{t('contact.reach')}</dt>
        <dd>{[contact.phone, contact.email].filter(Boolean).join(' · ') || '–'}</dd>
        <dt>{t('contact.channel')}</dt>
        <dd>{contact.channel || '–'}</dd>
      </dl>
      <Form
        form={form}
        layout="vertical"
        initialValues={{ how: '', at: new Date().toISOString() }}
        onFinish={({ how, at }) =>
          verify.mutate({ how: how.normalize('NFC').trim(), at }, { onSuccess: onClose })
        }
      >
        <Form.Item name="how" label={t('contact.how')} extra={t('contact.how_help')} rules={needed}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Form.Item name="at" label={t('incident.when')} rules={needed}>
          <MomentPicker allowClear={false} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

export function RetireContact({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useLanguage();
  const retire = useRetireContact(contact.id);
  return (
    <Modal
      open
      title={t('contact.retire_title', { name: contact.body })}
      okText={t('contact.retire')}
      cancelText={t('action.cancel')}
      confirmLoading={retire.isPending}
      onCancel={onClose}
      onOk={() => retire.mutate(undefined, { onSuccess: onClose })}
    >
      {retire.error ? <ErrorNote error={retire.error} /> : null}
      <p>{t('contact.retire_will')}</p>
    </Modal>
  );
}
