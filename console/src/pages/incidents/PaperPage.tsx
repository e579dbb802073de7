// One paper: its form, filled in and kept as a draft; looked at as PDF; issued under its number; signed outside and taken
// back; sent. What was issued does not change.
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useIncident, useProcess } from '~/api/incidents';
import type { PaperDetail, PaperForm } from '~/api/incidentTypes';
import {
  type PaperFile,
  paperPath,
  useDeliverPaper,
  useEditPaper,
  useFiles,
  useIssuePaper,
  usePaper,
  useSealPaper,
  useSignedPaper,
} from '~/api/papers';
import type { LocalText } from '~/api/types';
import { useLanguage } from '~/i18n';
import { base64Of, saveBlob } from '~/ui/files';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { MomentPicker } from '~/ui/MomentPicker';
import { EmptyState, ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { FrameFields } from './FrameFields';
import { PaperField } from './PaperFields';
import { PaperLook } from './PaperLook';
import { paperLook } from './Papers';
import { askedFields, cleaned, emptyMandatory, offered, type Values } from './paperData';
import { framed, frameOf } from './paperFrame';
import { useRoleNames } from './useRoleNames';
import './incidents.css';
import './paper.css';

export default function PaperPage() {
  const { t, local } = useLanguage();
  const { incident = '', paper = '' } = useParams();
  const query = usePaper(incident, paper);
  const owner = useIncident(incident);
  const process = useProcess();
  const form = process.data?.forms.find((each) => each.id === query.data?.form);
  return (
    <Page
      title={query.data ? local(query.data.title) : t('paper.one')}
      lead={
        query.data ? (
          <>
            <StateIcon state={paperLook[query.data.state]} /> {t(`paper_state.${query.data.state}`)}
            {query.data.notation ? ` · ${query.data.notation}` : ''}
          </>
        ) : undefined
      }
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/incidents">{t('nav.incidents')}</Link>
          <Link to={`/incidents/${incident}?tab=papers`}>{owner.data?.number ?? t('incident.one')}</Link>
        </nav>
      }
    >
      <Loaded query={query} rows={10}>
        {(data) =>
          form ? (
            // A paper read anew is a form filled anew.
            <Editor key={`${data.id} ${data.state}`} incident={incident} paper={data} form={form} />
          ) : process.isPending ? null : (
            <EmptyState why={t('paper.no_form')} />
          )
        }
      </Loaded>
    </Page>
  );
}

const fieldsOf = (paper: PaperDetail): Values =>
  typeof paper.data.fields === 'object' && paper.data.fields !== null ? (paper.data.fields as Values) : {};

function Editor({ incident, paper, form }: { incident: string; paper: PaperDetail; form: PaperForm }) {
  const { t, local, language } = useLanguage();
  const [values, setValues] = useState<Values>(() => offered(form, fieldsOf(paper)));
  const [frame, setFrame] = useState(() => frameOf(form, paper.data));
  // What is shown is what the hub holds.
  const [kept, setKept] = useState(() => JSON.stringify(values) === JSON.stringify(fieldsOf(paper)));
  const edit = useEditPaper(incident, paper.id);
  const issue = useIssuePaper(incident, paper.id);
  const files = useFiles();
  const isDraft = paper.state === 'draft';
  const lacking = isDraft ? emptyMandatory(form, values) : [];
  const save = (after?: () => void) => {
    if (kept) return after?.();
    edit.mutate(
      { ...paper.data, ...framed(frame), fields: cleaned(form, values) },
      {
        onSuccess: () => {
          setKept(true);
          after?.();
        },
      },
    );
  };
  const hand = (as: PaperFile) =>
    files.mutate(
      {
        path: paperPath(incident, paper.id, as),
        name: `${form.id}${paper.number ? `-${paper.number}` : ''}${as === 'signed' ? '-da-ky' : ''}.${as === 'docx' ? 'docx' : 'pdf'}`,
      },
      { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
    );
  const busy = edit.isPending || issue.isPending || files.isPending;
  const error = edit.error ?? issue.error ?? files.error;
  return (
    <div className="paper-columns">
      <div className="paper-work">
        <div className="paper-side">
          {error ? <ErrorNote error={error} /> : null}
          <Section title={t('paper.steps')}>
            {isDraft ? (
              <p className="paper-left" role="status">
                {lacking.length > 0
                  ? t('paper.lacking', {
                      count: lacking.length,
                      number: formatNumber(lacking.length, language),
                    })
                  : kept && paper.problem
                    ? local(paper.problem)
                    : t('paper.complete')}
              </p>
            ) : null}
            {lacking.length > 0 ? (
              <ul className="paper-lacking-list">
                {lacking.map((field) => (
                  <li key={field.id}>{local(field.label)}</li>
                ))}
              </ul>
            ) : null}
            <div className="paper-buttons">
              {isDraft ? (
                <MayButton action="incident_handle" loading={edit.isPending} onClick={() => save()}>
                  {kept ? t('paper.kept') : t('paper.keep')}
                </MayButton>
              ) : null}
              <Button disabled={busy || lacking.length > 0} onClick={() => save(() => hand('pdf'))}>
                {t(isDraft ? 'paper.preview' : 'paper.pdf')}
              </Button>
              <Button disabled={busy || lacking.length > 0} onClick={() => save(() => hand('docx'))}>
                {t('paper.docx')}
              </Button>
              {paper.state === 'signed' ? (
                <Button onClick={() => hand('signed')}>{t('paper.signed_pdf')}</Button>
              ) : null}
              {isDraft ? (
                <MayButton
                  action="incident_handle"
                  type="primary"
                  loading={issue.isPending}
                  whyNot={lacking.length > 0 ? t('paper.not_yet') : null}
                  onClick={() => save(() => issue.mutate())}
                >
                  {t('paper.issue')}
                </MayButton>
              ) : null}
            </div>
            {isDraft ? <p className="muted">{t('paper.issue_will')}</p> : null}
          </Section>
          {paper.seal ? <Seal incident={incident} paper={paper} problem={paper.seal.problem} /> : null}
          {isDraft ? null : <Signatures incident={incident} paper={paper} />}
          {isDraft ? null : <Deliveries incident={incident} paper={paper} />}
        </div>
        <form
          className="paper-form"
          aria-label={local(form.title)}
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          {askedFields(form, values).map((field) => (
            <PaperField
              key={field.id}
              field={field}
              value={values[field.id]}
              disabled={!isDraft}
              onChange={(value) => {
                setValues((old) => ({ ...old, [field.id]: value }));
                setKept(false);
              }}
            />
          ))}
          <FrameFields
            frame={frame}
            disabled={!isDraft}
            onChange={(next) => {
              setFrame(next);
              setKept(false);
            }}
          />
        </form>
      </div>
      <PaperLook incident={incident} paper={paper} kept={kept} />
    </div>
  );
}

function Signatures({ incident, paper }: { incident: string; paper: PaperDetail }) {
  const { t, local } = useLanguage();
  const roles = useRoleNames();
  const take = useSignedPaper(incident, paper.id);
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
function Seal({
  incident,
  paper,
  problem,
}: {
  incident: string;
  paper: PaperDetail;
  problem: LocalText | null;
}) {
  const { t, local } = useLanguage();
  const seal = useSealPaper(incident, paper.id);
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

function Deliveries({ incident, paper }: { incident: string; paper: PaperDetail }) {
  const { t } = useLanguage();
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
              </span>
            </li>
          ))}
        </ul>
      )}
      {sending ? <Deliver incident={incident} paper={paper} onClose={() => setSending(false)} /> : null}
    </Section>
  );
}

function Deliver({
  incident,
  paper,
  onClose,
}: {
  incident: string;
  paper: PaperDetail;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const owner = useIncident(incident);
  const deliver = useDeliverPaper(incident, paper.id);
  const [form] = Form.useForm<{ to: string; channel: string; at: string }>();
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
      <Form
        form={form}
        layout="vertical"
        initialValues={{ to: owner.data?.recipients[0] ?? '', channel: '', at: new Date().toISOString() }}
        onFinish={(values) => deliver.mutate(values, { onSuccess: onClose })}
      >
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
