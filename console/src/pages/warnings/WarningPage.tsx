// One warning: what it says; whoever receives it answers in three acts; who sent it sees who has not.
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import type { Warning, WarningReceiver } from '~/api/incidentTypes';
import { useMay } from '~/api/queries';
import { useAnswerWarning, useWarning } from '~/api/reports';
import { useLanguage } from '~/i18n';
import { compareText } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { TimeLeft } from '../incidents/TimeLeft';
import { type Act, acts, byNeed, doneAt, nextAct } from './matrix';
import './warnings.css';

export default function WarningPage() {
  const { t } = useLanguage();
  const { warning: id = '' } = useParams();
  const query = useWarning(id);
  const mayProve = useMay('evidence_prove');
  const mayWrite = useMay('warning_issue');
  return (
    <Page
      title={query.data?.title ?? t('warning.one')}
      lead={
        query.data ? (
          <>
            {query.data.number} · {query.data.issued_by} · <Time at={query.data.issued_at} />
          </>
        ) : undefined
      }
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/warnings">{t('nav.warnings')}</Link>
        </nav>
      }
      extra={
        <>
          {query.data && query.data.seq !== null && mayProve ? <SealLink seq={query.data.seq} /> : null}
          {mayWrite ? (
            <Link to={`/papers?kind=warning&warning=${id}`}>{t('office.letter_of_warning')}</Link>
          ) : null}
        </>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(warning) => (
          <>
            <dl className="facts warning-text">
              <dt>{t('warning.risk')}</dt>
              <dd className="pre-line wrap">{warning.risk}</dd>
              {warning.affected ? (
                <>
                  <dt>{t('warning.affected')}</dt>
                  <dd className="pre-line wrap">{warning.affected}</dd>
                </>
              ) : null}
              <dt>{t('warning.actions')}</dt>
              <dd className="pre-line wrap">{warning.actions}</dd>
              <dt>{t('warning.due')}</dt>
              <dd>
                <Time at={warning.due_at} />
                {warning.counts.reported < warning.counts.receivers ? (
                  <>
                    {' · '}
                    <TimeLeft at={warning.due_at} />
                  </>
                ) : null}
              </dd>
            </dl>
            <Receivers warning={warning} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Receivers({ warning }: { warning: Warning }) {
  const { t } = useLanguage();
  const answer = useAnswerWarning(warning.id);
  const [reporting, setReporting] = useState<WarningReceiver | null>(null);
  const mayAnswer = useMay('warning_answer');
  const tell = (receiver: WarningReceiver, act: Act) =>
    act === 'reported' ? setReporting(receiver) : answer.mutate({ agency: receiver.agency.id, act });
  return (
    <Section
      title={t('warning.receivers')}
      extra={
        <span className="muted">
          {t('warning.counts', {
            reported: warning.counts.reported,
            total: warning.counts.receivers,
            late: warning.counts.late,
          })}
        </span>
      }
    >
      {answer.error ? <ErrorNote error={answer.error} /> : null}
      <ul className="receivers">
        <li className="receivers-head" aria-hidden="true">
          <span>{t('filter.agency')}</span>
          {acts.map((act) => (
            <span key={act}>{t(`warning_act.${act}`)}</span>
          ))}
          <span />
        </li>
        {byNeed(warning.receivers, compareText).map((receiver) => {
          const next = nextAct(receiver);
          return (
            <li key={receiver.agency.id} data-agency={receiver.agency.id}>
              <span className="receiver-name">
                {receiver.agency.name}
                {receiver.late ? <strong className="overdue"> {t('warning.is_late')}</strong> : null}
              </span>
              {acts.map((act) => (
                <Cell key={act} receiver={receiver} act={act} />
              ))}
              <span className="receiver-act">
                {next && mayAnswer ? (
                  <MayButton
                    action="warning_answer"
                    size="small"
                    type="primary"
                    loading={answer.isPending && answer.variables?.agency === receiver.agency.id}
                    onClick={() => tell(receiver, next)}
                  >
                    {t(`warning_do.${next}`)}
                  </MayButton>
                ) : null}
              </span>
              {receiver.report ? (
                <span className="receiver-report pre-line wrap">{receiver.report}</span>
              ) : null}
            </li>
          );
        })}
      </ul>
      {reporting ? (
        <ReportDialog warning={warning} receiver={reporting} onClose={() => setReporting(null)} />
      ) : null}
    </Section>
  );
}

function Cell({ receiver, act }: { receiver: WarningReceiver; act: Act }) {
  const { t } = useLanguage();
  const at = doneAt(receiver, act);
  const by = receiver[`${act}_by`];
  return (
    <span className="receiver-cell">
      <span className="receiver-label">{t(`warning_act.${act}`)}</span>
      {at ? (
        <span title={by ?? ''}>
          <StateIcon state="kept" label={t('warning.done')} /> <Time at={at} />
        </span>
      ) : (
        <span className="muted">
          <StateIcon
            state={receiver.late ? 'violated' : 'unknown'}
            label={t(receiver.late ? 'warning.is_late' : 'warning.not_yet')}
          />{' '}
          {t('warning.not_yet')}
        </span>
      )}
    </span>
  );
}

function ReportDialog({
  warning,
  receiver,
  onClose,
}: {
  warning: Warning;
  receiver: WarningReceiver;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const answer = useAnswerWarning(warning.id);
  const [form] = Form.useForm<{ text: string }>();
  return (
    <Modal
      open
      title={t('warning_do.reported')}
      okText={t('warning_do.reported')}
      cancelText={t('action.cancel')}
      confirmLoading={answer.isPending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('text')?.focus()}
    >
      {answer.error ? <ErrorNote error={answer.error} /> : null}
      <Form
        form={form}
        layout="vertical"
        onFinish={({ text }) =>
          answer.mutate(
            { agency: receiver.agency.id, act: 'reported', text: text.normalize('NFC').trim() },
            { onSuccess: onClose },
          )
        }
      >
        <Form.Item
          name="text"
          label={t('warning.result')}
          rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
        >
          <Input.TextArea rows={4} maxLength={16000} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
