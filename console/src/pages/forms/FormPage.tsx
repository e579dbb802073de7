// One form: its text with the page it makes beside it; versions with who, when, why and how they differ; saved with a reason.
import { Button, Form, Input, Modal } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import type { FormDetail } from '~/api/caseworkTypes';
import { useForm, useResetForm, useSaveForm } from '~/api/forms';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { FormLook } from './FormLook';
import { Origin } from './FormsPage';
import { Versions } from './Versions';
import '../incidents/paper.css';
import './forms.css';

// After the last key, so that typing does not ask at every letter.
const restMilliseconds = 700;

export default function FormPage() {
  const { t, local, language } = useLanguage();
  const { form: id = '' } = useParams();
  const query = useForm(id);
  return (
    <Page
      title={query.data ? local(query.data.title) : t('forms.one')}
      lead={
        query.data ? (
          <>
            {t('forms.version_of', { number: formatNumber(query.data.version, language) })} ·{' '}
            <Origin own={query.data.own} />
          </>
        ) : undefined
      }
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/forms">{t('nav.forms')}</Link>
        </nav>
      }
    >
      <Loaded query={query} rows={12}>
        {(form) => (
          <>
            {/* A version saved is a text to begin anew from. */}
            <Editor key={form.version} form={form} />
            <Versions form={form} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMilliseconds);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

function Editor({ form }: { form: FormDetail }) {
  const { t } = useLanguage();
  const [text, setText] = useState(form.yaml);
  const [asked, setAsked] = useState<'save' | 'reset' | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const may = useMay('form_manage');
  const rested = useRested(text);
  const changed = text !== form.yaml;
  const go = (line: number) => {
    const field = area.current;
    if (!field) return;
    const lines = text.split('\n');
    const at = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    field.focus();
    field.setSelectionRange(at, at + (lines[line - 1]?.length ?? 0));
    field.scrollTop = Math.max(0, (line - 6) * (field.scrollHeight / lines.length));
  };
  return (
    <div className="paper-columns forms-columns">
      <div className="paper-work">
        <Section
          title={t('forms.text')}
          extra={
            changed ? (
              <span className="muted" role="status">
                {t('forms.unsaved')}
              </span>
            ) : undefined
          }
        >
          <p className="muted">{t('forms.text_help')}</p>
          <div className="paper-buttons">
            <MayButton
              action="form_manage"
              type="primary"
              whyNot={changed ? null : t('forms.unchanged')}
              onClick={() => setAsked('save')}
            >
              {t('forms.save')}
            </MayButton>
            {changed ? <Button onClick={() => setText(form.yaml)}>{t('forms.undo')}</Button> : null}
            <MayButton
              action="form_manage"
              whyNot={form.own ? null : t('forms.is_pack')}
              onClick={() => setAsked('reset')}
            >
              {t('forms.reset')}
            </MayButton>
          </div>
          <textarea
            ref={area}
            className="forms-text"
            aria-label={t('forms.text')}
            spellCheck={false}
            readOnly={!may}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Section>
      </div>
      {may ? <FormLook form={form.id} yaml={rested} waiting={rested !== text} onLine={go} /> : null}
      {asked === 'save' ? <Save form={form} yaml={text} onClose={() => setAsked(null)} /> : null}
      {asked === 'reset' ? <Reset form={form.id} onClose={() => setAsked(null)} /> : null}
    </div>
  );
}

function Save({ form, yaml, onClose }: { form: FormDetail; yaml: string; onClose: () => void }) {
  const save = useSaveForm(form.id);
  return (
    <Reason
      act="save"
      error={save.error}
      pending={save.isPending}
      onReason={(reason) =>
        save.mutate({ yaml: yaml.normalize('NFC'), reason, version: form.version }, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  );
}

function Reset({ form, onClose }: { form: string; onClose: () => void }) {
  const reset = useResetForm(form);
  return (
    <Reason
      act="reset"
      error={reset.error}
      pending={reset.isPending}
      onReason={(reason) => reset.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function Reason({
  act,
  error,
  pending,
  onReason,
  onClose,
}: {
  act: 'save' | 'reset';
  error: unknown;
  pending: boolean;
  onReason: (reason: string) => void;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const [form] = Form.useForm<{ reason: string }>();
  return (
    <Modal
      open
      title={t(`forms.${act}`)}
      okText={t(`forms.${act}`)}
      cancelText={t('action.cancel')}
      confirmLoading={pending}
      onCancel={onClose}
      onOk={() => form.submit()}
      afterOpenChange={(shown) => shown && form.getFieldInstance('reason')?.focus()}
    >
      {error ? <ErrorNote error={error} /> : null}
      <p className="will-happen">{t(`forms_will.${act}`)}</p>
      <Form form={form} layout="vertical" onFinish={({ reason }) => onReason(reason.normalize('NFC').trim())}>
        <Form.Item
          name="reason"
          label={t('forms.reason')}
          rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
        >
          <Input.TextArea rows={2} maxLength={400} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
