import { Button } from 'antd';
import { useState } from 'react';
import { useLanguage } from '~/i18n';

const shownMilliseconds = 2_000;

export function Copy({
  text,
  label,
  size = 'small',
}: {
  text: string;
  label?: string;
  size?: 'small' | 'middle';
}) {
  const { t } = useLanguage();
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setState('done');
    } catch {
      setState('failed');
    }
    setTimeout(() => setState('idle'), shownMilliseconds);
  };
  return (
    <Button size={size} className="copy" onClick={() => void copy()}>
      <span aria-live="polite">
        {state === 'done'
          ? t('action.copied')
          : state === 'failed'
            ? t('action.not_copied')
            : (label ?? t('action.copy'))}
      </span>
    </Button>
  );
}
