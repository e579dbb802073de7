// What happens to a paper once it has its number: signatures, the agency's seal, sending.
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { PaperDetail } from '~/api/incidentTypes';
import { type PaperPlace, useDeliverPaper, useSealPaper, useSignedPaper } from '~/api/papers';
import type { LocalText } from '~/api/types';
import { useLanguage } from '~/i18n';
import { base64Of } from '~/ui/files';
import { MayButton } from '~/ui/MayButton';
import { MomentPicker } from '~/ui/MomentPicker';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { ContactChoice } from '../contacts/ContactChoice';
import { useRoleNames } from './useRoleNames';

export function Signatures({ place, paper }: { place: PaperPlace; paper: PaperDetail }) {
  const { t, local } = useLanguage();
  const roles = useRoleNames();
  const take = useSignedPaper(place);
  const upload = async (file: File | undefined) => {
    if (file) take.mutate(await base64Of(file));
  };
  return (
    <Section title={t('paper.signers')}>
      {take.error ? <ErrorNote error={take.error} /> : null}
      {paper.signers.length > 0 ? (
        <ul className="worklist">
          {paper.signers.map((signer) => (
            <li key={`${signer.name} ${signer.at}`}>
              <span className="worklist-title">
                <StateIcon state={signer.account === null ? 'not_applicable' : 'kept'} /> {signer.name}
              </span>
              <span className="worklist-meta">
                <span>
                  {signer.account === null
                    ? t('paper.stranger')
                    : signer.roles.length > 0
                      ? roles(signer.roles)
                      : t('paper.no_role')}
                </span>
                <Time at={signer.at} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {paper.awaiting.length > 0 ? (
        <p className="will-happen">{t('paper.must_sign', { whom: paper.awaiting.map(local).join(', ') })}</p>
      ) : null}
      <p className="muted">{t('paper.sign_help')}</p>
      <label className="file-input">
        <span>{t('paper.take_signed')}</span>
        <input
          type="file"
          accept=".pdf,application/pdf"
          disabled={take.isPending}
          onChange={(event) => {
            void upload(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </label>
    </Section>
  );
}

// The agency's digital seal, on a token at the hub; once, after everybody has signed.
export function Seal({ place, problem }: { place: PaperPlace; problem: LocalText | null }) {
  const { t, local } = useLanguage();
  const seal = useSealPaper(place);
  return (
    <Section title={t('paper.seal')}>
      {seal.error ? <ErrorNote error={seal.error} /> : null}
      <p className="will-happen">{t('paper.seal_will')}</p>
      <div className="paper-buttons">
        <MayButton
          action="incident_handle"
          loading={seal.isPending}
          whyNot={problem ? local(problem) : seal.isSuccess ? t('paper.sealed') : null}
          onClick={() => seal.mutate()}
        >
          {t('paper.put_seal')}
        </MayButton>
      </div>
      {seal.isSuccess ? <p role="status">{t('paper.sealed')}</p> : null}
    </Section>
  );
}

interface SendProps {
  place: PaperPlace;
  paper: PaperDetail;
  recipient: string;
}

export function Deliveries(props: SendProps) {
  const { t } = useLanguage();
  const { paper } = props;
  const [sending, setSending] = useState(false);
  return (
    <Section
      title={t('paper.sent')}
      extra={
        <MayButton action="incident_handle" size="small" onClick={() => setSending(true)}>
          {t('paper.deliver')}
        </MayButton>
      }
    >
      {paper.deliveries.length === 0 ? (
        <EmptyState why={t('paper.not_sent')} />
      ) : (
        <ul className="worklist">
          {paper.deliveries.map((each) => (
            <li key={`${each.to} ${each.at}`}>
              <span className="worklist-title">{each.to}</span>
              <span className="worklist-meta">
                <span>{each.channel}</span>
                <Time at={each.at} />
                {each.contact ? (
                  <span className={`truth state-${each.verified ? 'kept' : 'due'}`}>
                    <StateIcon state={each.verified ? 'kept' : 'due'} />
                    {t(each.verified ? 'paper.by_verified' : 'paper.by_unverified')}
                  </span>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {sending ? <Deliver {...props} onClose={() => setSending(false)} /> : null}
    </Section>
  );
}

interface Sent {
  contact?: string;
  to: string;
  channel: string;
  at: string;
}

function Deliver({ place, recipient, onClose }: SendProps & { onClose: () => void }) {
  const { t } = useLanguage();
  const deliver = useDeliverPaper(place);
  const [form] = Form.useForm<Sent>();
  const contact = Form.useWatch('contact', form);
  const needed = [{ required: true, whitespace: true, message: t('incident.needed') }];
  return (
    <Modal
      open
      title={t('paper.deliver')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={deliver.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {deliver.error ? <ErrorNote error={deliver.error} /> : null}
      <p>{t('paper.deliver_help')}</p>
      <Form<Sent>
        form={form}
        layout="vertical"
        initialValues={{ to: recipient, channel: '', at: new Date().toISOString() }}
        onFinish={({ contact: chosen, ...values }) =>
          deliver.mutate({ ...values, ...(chosen ? { contact: chosen } : {}) }, { onSuccess: onClose })
        }
      >
        <Form.Item label={t('paper.contact')} htmlFor="deliver-contact">
          <ContactChoice
            id="deliver-contact"
            value={contact}
            onChange={(id, chosen) => {
              form.setFieldValue('contact', id);
              if (chosen) form.setFieldsValue({ to: chosen.body, channel: chosen.channel });
            }}
          />
        </Form.Item>
        <Form.Item name="contact" hidden>
          <Input />
        </Form.Item>
        <Form.Item name="to" label={t('paper.to')} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
        <Form.Item name="channel" label={t('paper.channel')} extra={t('paper.channel_help')} rules={needed}>
          <Input maxLength={400} />
        </Form.Item>
        <Form.Item name="at" label={t('incident.when')} rules={needed}>
          <MomentPicker allowClear={false} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
