// What happens to a paper once it has its number: signatures, the agency's seal, sending.
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { PaperDeliveryNote, PaperDetail } from '~/api/incidentTypes';
import { type PaperPlace, useDeliverPaper, useSealPaper, useSignedPaper } from '~/api/papers';
import type { LocalText } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FileButton } from '~/ui/FileButton';
import { base64Of } from '~/ui/files';
import { MayButton } from '~/ui/MayButton';
import { MomentPicker } from '~/ui/MomentPicker';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { SureButton } from '~/ui/SureButton';
import { Time } from '~/ui/Time';
import { ContactChoice } from '../contacts/ContactChoice';
import { AlsoMark } from './Mark';
import { hasSigned } from './paperData';
import { useRoleNames } from './useRoleNames';

export function Signatures({ place, paper }: { place: PaperPlace; paper: PaperDetail }) {
  const { t, local } = useLanguage();
  const roles = useRoleNames();
  return (
    <Section title={t('paper.signers')}>
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
        <>
          <p className="will-happen">
            {t('paper.must_sign', { whom: paper.awaiting.map(local).join(', ') })}
          </p>
          {hasSigned(paper) ? (
            <p>
              {t('paper.sign_on', {
                names: paper.signers
                  .filter((signer) => signer.account !== null)
                  .map((signer) => signer.name)
                  .join(', '),
              })}
            </p>
          ) : null}
          <p className="muted">{t('paper.sign_help')}</p>
          <HandIn place={place} />
        </>
      ) : (
        // Somebody whose signature is not owed may add theirs: the police on minutes of handing over.
        <details>
          <summary>{t('paper.more_signatures')}</summary>
          <p className="muted">{t('paper.more_help')}</p>
          <HandIn place={place} />
        </details>
      )}
    </Section>
  );
}

function HandIn({ place }: { place: PaperPlace }) {
  const { t } = useLanguage();
  const take = useSignedPaper(place);
  return (
    <>
      {take.error ? <ErrorNote error={take.error} /> : null}
      <FileButton
        label={t('paper.take_signed')}
        accept=".pdf,application/pdf"
        busy={take.isPending}
        onFile={(file) => void base64Of(file).then((content) => take.mutate(content))}
      />
    </>
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
        <SureButton
          action="incident_handle"
          busy={seal.isPending}
          whyNot={problem ? local(problem) : seal.isSuccess ? t('paper.sealed') : null}
          will={t('paper.seal_will')}
          onSure={() => seal.mutate()}
        >
          {t('paper.put_seal')}
        </SureButton>
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
      {props.place.incident && paper.moment && paper.deliveries.length > 0 ? (
        <AlsoMark incident={props.place.incident} />
      ) : null}
      {sending ? <Deliver {...props} onClose={() => setSending(false)} /> : null}
    </Section>
  );
}

function Deliver({ place, recipient, onClose }: SendProps & { onClose: () => void }) {
  const { t } = useLanguage();
  const deliver = useDeliverPaper(place);
  const [form] = Form.useForm<PaperDeliveryNote>();
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
      <Form<PaperDeliveryNote>
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
