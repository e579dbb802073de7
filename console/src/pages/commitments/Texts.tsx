// What people commit themselves to: texts with versions; a new version is signed anew by everybody.
import { Form, Input, InputNumber } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { type CommitmentText, useCommitmentTexts, useSetText } from '~/api/commitments';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { DateOnly } from '~/ui/Time';
import { written } from '~/ui/text';
import { textId } from './commitment';
import './commitments.css';

// As in src/people/commitment.h.
const monthsMax = 120;

export function Texts() {
  const { t } = useLanguage();
  const query = useCommitmentTexts();
  const [writing, setWriting] = useState<CommitmentText | 'new' | null>(null);
  return (
    <Section
      title={t('commitment_tab.texts')}
      extra={
        <MayButton action="commitment_manage" onClick={() => setWriting('new')}>
          {t('commitment.write')}
        </MayButton>
      }
    >
      <Loaded query={query} rows={4}>
        {(items) =>
          items.length === 0 ? (
            <EmptyState why={t('commitment.texts_none')} />
          ) : (
            items.map((text) => (
              <article key={text.id} className="commitment-text" aria-label={text.title}>
                <header className="section-head">
                  <h3>
                    {text.title}{' '}
                    <span className="muted">
                      {t('commitment.version', { id: text.id, version: text.version })}
                    </span>
                  </h3>
                  <MayButton action="commitment_manage" size="small" onClick={() => setWriting(text)}>
                    {t('commitment.new_version')}
                  </MayButton>
                </header>
                <p className="commitment-body">{text.body}</p>
                <p className="muted">
                  {text.by.name} · <DateOnly at={text.at} /> ·{' '}
                  {t('commitment.months', { count: text.months, number: text.months })}
                </p>
              </article>
            ))
          )
        }
      </Loaded>
      <p>
        <Link to="/commitments/sign">{t('commitment.to_own')}</Link>
      </p>
      {writing ? <Write text={writing === 'new' ? null : writing} onClose={() => setWriting(null)} /> : null}
    </Section>
  );
}

interface Values {
  title: string;
  body: string;
  months: number;
}

function Write({ text, onClose }: { text: CommitmentText | null; onClose: () => void }) {
  const { t } = useLanguage();
  const [title, setTitle] = useState('');
  const set = useSetText(text?.id ?? textId(title));
  return (
    <FormModal<Values>
      title={t(text ? 'commitment.new_version' : 'commitment.write')}
      ok={t('action.save')}
      will={t('commitment.write_will')}
      error={set.error}
      busy={set.isPending}
      width={760}
      initial={text ? { title: text.title, body: text.body, months: text.months } : { months: 12 }}
      onChange={(changed) => changed.title !== undefined && setTitle(changed.title)}
      onFinish={(values) =>
        set.mutate(
          { title: written(values.title), body: written(values.body), months: values.months },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Form.Item
        name="title"
        label={t('commitment.text_title')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={200} placeholder={t('commitment.text_placeholder')} />
      </Form.Item>
      <Form.Item
        name="body"
        label={t('commitment.text_body')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input.TextArea rows={12} maxLength={16_000} />
      </Form.Item>
      <Form.Item
        name="months"
        label={t('commitment.text_months')}
        rules={[{ required: true, message: t('incident.needed') }]}
      >
        <InputNumber min={1} max={monthsMax} precision={0} />
      </Form.Item>
    </FormModal>
  );
}
