// One's own commitment: read, then signed by one's password; what was signed stays in the evidence.
import { useState } from 'react';
import { type CommitmentText, useCommitmentTexts, useMe, useSignCommitment } from '~/api/commitments';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { DateOnly } from '~/ui/Time';
import { PasswordStep } from '../account/PasswordStep';
import { unsigned } from './commitment';
import './commitments.css';

export default function SignPage() {
  const { t } = useLanguage();
  const texts = useCommitmentTexts();
  const me = useMe();
  const [done, setDone] = useState<string | null>(null);
  return (
    <Page title={t('commitment.own')} lead={t('commitment.own_lead')}>
      {done ? (
        <p className="will-happen" role="status">
          {t('commitment.own_done', { title: done })}
        </p>
      ) : null}
      <Loaded query={texts} rows={6}>
        {(list) => (
          <Loaded query={me} rows={6}>
            {(own) => {
              const left = unsigned(list, own.commitments);
              if (list.length === 0) return <EmptyState why={t('commitment.texts_none')} />;
              if (left.length === 0) return <EmptyState why={t('commitment.own_none')} />;
              return left.map((text) => <One key={text.id} text={text} onDone={() => setDone(text.title)} />);
            }}
          </Loaded>
        )}
      </Loaded>
      <Loaded query={me} rows={1}>
        {(own) =>
          own.commitments.length === 0 ? null : (
            <Section title={t('commitment.own_signed')}>
              <ul className="worklist">
                {own.commitments.map((each) => (
                  <li key={each.id}>
                    <span className="worklist-title">
                      {each.text
                        ? t('commitment.version', { id: each.text.id, version: each.text.version })
                        : each.paper}
                    </span>
                    <span className="worklist-meta">
                      <DateOnly at={each.signed_on} />
                      {each.in_force ? null : <span>{t('commitment.over')}</span>}
                    </span>
                    {each.seq === null ? null : <SealLink seq={each.seq} />}
                  </li>
                ))}
              </ul>
            </Section>
          )
        }
      </Loaded>
    </Page>
  );
}

function One({ text, onDone }: { text: CommitmentText; onDone: () => void }) {
  const { t } = useLanguage();
  const sign = useSignCommitment();
  return (
    <article className="commitment-text" aria-label={text.title}>
      <h2>{text.title}</h2>
      <p className="commitment-body">{text.body}</p>
      <PasswordStep
        help={t('commitment.sign_help', { count: text.months, number: text.months })}
        button={t('commitment.sign')}
        error={sign.error}
        busy={sign.isPending}
        onPassword={(password) => sign.mutate({ text: text.id, password }, { onSuccess: onDone })}
      />
    </article>
  );
}
