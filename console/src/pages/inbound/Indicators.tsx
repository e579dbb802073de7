// Indicators of attacks in the text of a warning: shown before anything is kept, then taken in as a list of their own.
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import type { InboundWarning, IndicatorsFound } from '~/api/caseworkTypes';
import { useFindIndicators, useTakeIndicators } from '~/api/inbound';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';

export function Indicators({ warning }: { warning: InboundWarning }) {
  const { t } = useLanguage();
  const id = useId();
  const find = useFindIndicators(warning.id);
  const take = useTakeIndicators(warning.id);
  const may = useMay('warning_issue');
  const [text, setText] = useState('');
  const [looked, setLooked] = useState(''); // The text that was looked through.
  const clean = text.normalize('NFC').trim();
  const found = looked === clean ? find.data : undefined;
  return (
    <Section title={t('inbound.take_in')}>
      <p className="muted">{t('inbound.take_in_help')}</p>
      {find.error || take.error ? <ErrorNote error={find.error ?? take.error} /> : null}
      <label htmlFor={id} className="visually-hidden">
        {t('inbound.text')}
      </label>
      <Input.TextArea
        id={id}
        rows={6}
        maxLength={200_000}
        placeholder={t('inbound.text')}
        className="code-input"
        disabled={!may}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="worklist-actions">
        <Button
          disabled={!clean || !may}
          loading={find.isPending}
          onClick={() => find.mutate(clean, { onSuccess: () => setLooked(clean) })}
        >
          {t('inbound.look')}
        </Button>
        {found && found.items.length > 0 ? (
          <MayButton
            action="warning_issue"
            type="primary"
            loading={take.isPending}
            onClick={() => take.mutate({ text: clean }, { onSuccess: () => setText('') })}
          >
            {t('inbound.take')}
          </MayButton>
        ) : null}
      </div>
      {take.isSuccess && !clean ? <p role="status">{t('inbound.taken')}</p> : null}
      {found ? <Found found={found} /> : null}
    </Section>
  );
}

function Found({ found }: { found: IndicatorsFound }) {
  const { t, local, language } = useLanguage();
  if (found.items.length + found.refused.length === 0) return <EmptyState why={t('inbound.found_none')} />;
  return (
    <div role="status">
      <p>
        {t('inbound.found', {
          count: found.items.length,
          number: formatNumber(found.items.length, language),
        })}
      </p>
      <ul className="entities" data-testid="found">
        {found.items.map((each) => (
          <li key={`${each.type} ${each.value}`}>
            <span className="muted">{t(`indicator_type.${each.type}`)}</span>
            <code>{each.value}</code>
          </li>
        ))}
      </ul>
      {found.refused.length > 0 ? (
        <>
          <p>{t('inbound.refused')}</p>
          <ul className="worklist">
            {found.refused.map((each) => (
              <li key={each.text}>
                <code className="wrap">{each.text}</code>
                <span className="worklist-meta">{local(each.why)}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  );
}
