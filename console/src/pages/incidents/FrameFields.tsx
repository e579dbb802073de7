// Nơi nhận and chữ ký of a paper.
import { Input } from 'antd';
import { useId } from 'react';
import { useLanguage } from '~/i18n';
import type { PaperFrame, PaperSignature } from './paperFrame';

interface Props {
  frame: PaperFrame;
  disabled: boolean;
  onChange: (frame: PaperFrame) => void;
}

export function FrameFields({ frame, disabled, onChange }: Props) {
  const { t } = useLanguage();
  const set = (index: number, change: Partial<PaperSignature>) =>
    onChange({
      ...frame,
      signatures: frame.signatures.map((one, at) => (at === index ? { ...one, ...change } : one)),
    });
  return (
    <>
      {frame.recipients ? (
        <Lines
          name="recipients"
          label={t('paper.recipients')}
          hint={t('paper.form_words')}
          value={frame.recipients}
          disabled={disabled}
          onChange={(recipients) => onChange({ ...frame, recipients })}
        />
      ) : null}
      <Lines
        name="copies"
        label={t('paper.copies')}
        hint={t('paper.form_words')}
        value={frame.copies}
        disabled={disabled}
        onChange={(copies) => onChange({ ...frame, copies })}
      />
      {frame.signatures.map((one, index) => (
        // The places of a form are fixed: their number is who they are.
        <fieldset key={String(index)} className="paper-field" data-field={`signature-${index}`}>
          <legend>
            {frame.signatures.length > 1
              ? t('paper.signature_of', { number: index + 1 })
              : t('paper.signature')}
          </legend>
          <p className="paper-hint">{t('paper.signature_help')}</p>
          <div className="paper-person-row">
            <Input.TextArea
              autoSize={{ minRows: 1, maxRows: 4 }}
              aria-label={t('paper.authority')}
              placeholder={t('paper.authority')}
              value={one.authority.join('\n')}
              disabled={disabled}
              onChange={(event) => set(index, { authority: event.target.value.split('\n') })}
            />
            <Input
              aria-label={t('paper.signer_name')}
              placeholder={t('paper.signer_name')}
              maxLength={200}
              value={one.name}
              disabled={disabled}
              onChange={(event) => set(index, { name: event.target.value })}
            />
          </div>
        </fieldset>
      ))}
    </>
  );
}

function Lines({
  name,
  label,
  hint,
  value,
  disabled,
  onChange,
}: {
  name: string;
  label: string;
  hint: string;
  value: string[];
  disabled: boolean;
  onChange: (lines: string[]) => void;
}) {
  const id = useId();
  return (
    <div className="paper-field" data-field={name}>
      <label htmlFor={id}>{label}</label>
      <p className="paper-hint">{hint}</p>
      <Input.TextArea
        id={id}
        autoSize={{ minRows: 1, maxRows: 8 }}
        value={value.join('\n')}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value.split('\n'))}
      />
    </div>
  );
}
