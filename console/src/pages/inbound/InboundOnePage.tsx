// One warning from outside: what it says, its file; its indicators found in pasted text and taken in; passed on to agencies;
// answered.
import { Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import type { InboundWarning } from '~/api/caseworkTypes';
import { useAnswerInbound, useInboundWarning, usePassOn } from '~/api/inbound';
import { inboundPath, useFiles } from '~/api/papers';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { saveBlob } from '~/ui/files';
import { formatBytes, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly, Time } from '~/ui/Time';
import { WarningDialog } from '../warnings/NewWarning';
import { inboundLook } from './InboundPage';
import { Indicators } from './Indicators';
import '../incidents/incidents.css';
import '../warnings/warnings.css';

export default function InboundOnePage() {
  const { t } = useLanguage();
  const { inbound: id = '' } = useParams();
  const query = useInboundWarning(id);
  const mayProve = useMay('evidence_prove');
  const [asked, setAsked] = useState<'pass' | 'answer' | null>(null);
  const warning = query.data;
  return (
    <Page
      title={warning?.title ?? t('inbound.one')}
      lead={
        warning ? (
          <>
            <StateIcon state={inboundLook[warning.state]} /> {t(`inbound_state.${warning.state}`)} ·{' '}
            {warning.number} · {warning.source}
          </>
        ) : undefined
      }
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/inbound-warnings">{t('nav.inbound')}</Link>
        </nav>
      }
      extra={warning && warning.seq !== null && mayProve ? <SealLink seq={warning.seq} /> : undefined}
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(data) => (
          <>
            <About warning={data} />
            <Section title={t('inbound.answer_section')}>
              {data.state === 'fresh' ? (
                <p className="will-happen">{t('inbound.must_answer')}</p>
              ) : (
                <p className="pre-line wrap">
                  {data.answer} <span className="muted">{data.handled_by}</span> <Time at={data.handled_at} />
                </p>
              )}
              <div className="worklist-actions">
                {data.warning ? (
                  <Link to={`/warnings/${data.warning.id}`}>
                    {t('inbound.see_warning', { number: data.warning.number })}
                  </Link>
                ) : (
                  <MayButton action="warning_issue" type="primary" onClick={() => setAsked('pass')}>
                    {t('inbound.pass_on')}
                  </MayButton>
                )}
                {data.state === 'fresh' ? (
                  <MayButton action="warning_issue" onClick={() => setAsked('answer')}>
                    {t('inbound.answer')}
                  </MayButton>
                ) : null}
              </div>
            </Section>
            <Indicators warning={data} />
            {asked === 'pass' ? <PassOn warning={data} onClose={() => setAsked(null)} /> : null}
            {asked === 'answer' ? <Answer warning={data} onClose={() => setAsked(null)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function About({ warning }: { warning: InboundWarning }) {
  const { t, language } = useLanguage();
  const files = useFiles();
  const { file } = warning;
  return (
    <>
      {files.error ? <ErrorNote error={files.error} /> : null}
      <dl className="facts warning-text">
        <dt>{t('inbound.summary')}</dt>
        <dd className="pre-line wrap">{warning.summary}</dd>
        {warning.reference || warning.dated ? (
          <>
            <dt>{t('inbound.reference')}</dt>
            <dd>
              {warning.reference} {warning.dated ? <DateOnly at={warning.dated} /> : null}
            </dd>
          </>
        ) : null}
        <dt>{t('inbound.received')}</dt>
        <dd>
          <Time at={warning.received_at} /> · {warning.received_by}
        </dd>
        <dt>{t('inbound.original')}</dt>
        <dd>
          {file ? (
            <>
              <Button
                size="small"
                loading={files.isPending}
                onClick={() =>
                  files.mutate(
                    { path: inboundPath(warning.id), name: file.name },
                    { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
                  )
                }
              >
                {t('inbound.get_file')}
              </Button>{' '}
              {file.name} · {formatBytes(file.bytes, language)}
              <br />
              <code className="evidence-hash">{file.sha256}</code>
            </>
          ) : (
            t('inbound.no_file')
          )}
        </dd>
        {warning.indicator_list ? (
          <>
            <dt>{t('inbound.indicators')}</dt>
            <dd>
              <Link to={`/indicators?list=${warning.indicator_list.id}`}>{warning.indicator_list.name}</Link>{' '}
              ({formatNumber(warning.indicator_list.count, language)})
            </dd>
          </>
        ) : null}
      </dl>
    </>
  );
}

function PassOn({ warning, onClose }: { warning: InboundWarning; onClose: () => void }) {
  const pass = usePassOn(warning.id);
  return (
    <WarningDialog
      initial={{ title: warning.title, risk: warning.summary }}
      error={pass.error}
      pending={pass.isPending}
      onIssue={(wanted) => pass.mutate(wanted, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function Answer({ warning, onClose }: { warning: InboundWarning; onClose: () => void }) {
  const { t } = useLanguage();
  const answer = useAnswerInbound(warning.id);
  const [form] = Form.useForm<{ state: 'handled' | 'no_action'; answer: string }>();
  return (
    <Modal
      open
      title={t('inbound.answer')}
      okText={t('action.save')}
      cancelText={t('action.cancel')}
      confirmLoading={answer.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      {answer.error ? <ErrorNote error={answer.error} /> : null}
      <Form
        form={form}
        layout="vertical"
        initialValues={{ state: 'handled', answer: '' }}
        onFinish={(values) =>
          answer.mutate(
            { state: values.state, answer: values.answer.normalize('NFC').trim() },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item name="state" label={t('inbound.outcome')}>
          <Radio.Group
            options={[
              { value: 'handled', label: t('inbound_state.handled') },
              { value: 'no_action', label: t('inbound_state.no_action') },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="answer"
          label={t('inbound.answer_text')}
          extra={t('inbound.answer_help')}
          rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
        >
          <Input.TextArea rows={4} maxLength={16000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
