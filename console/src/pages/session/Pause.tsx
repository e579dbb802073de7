// After several wrong attempts the hub answers only after a pause; how much of it is left is counted down.
import { Alert } from 'antd';
import { useEffect, useState } from 'react';
import { ApiError } from '~/api/client';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';

const tickMilliseconds = 1_000;

export interface Pause {
  left: number; // Whole seconds; 0 = none.
}

// The hub says the seconds in its sentence.
export function secondsOf(error: unknown): number {
  if (!(error instanceof ApiError) || error.code !== 'directory.sign_in_paused') return 0;
  return Number(/\d+/.exec(error.text.en)?.[0] ?? 0);
}

export function usePause(error: unknown): Pause {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const seconds = secondsOf(error);
    setLeft(seconds);
    if (seconds === 0) return;
    const end = Date.now() + seconds * 1_000;
    const timer = setInterval(() => {
      const rest = Math.max(0, Math.ceil((end - Date.now()) / 1_000));
      setLeft(rest);
      if (rest === 0) clearInterval(timer);
    }, tickMilliseconds);
    return () => clearInterval(timer);
  }, [error]);
  return { left };
}

export function PauseNote({ pause }: { pause: Pause }) {
  const { t, language } = useLanguage();
  if (pause.left === 0) return null;
  const minutes = Math.floor(pause.left / 60);
  const seconds = pause.left % 60;
  const time = [
    minutes > 0 ? t('time.minutes', { count: minutes, number: formatNumber(minutes, language) }) : '',
    t('time.seconds', { count: seconds, number: formatNumber(seconds, language) }),
  ]
    .filter(Boolean)
    .join(' ');
  // Told once when it begins; a clock read aloud every second would help nobody.
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={t('session.paused')}
      description={t('session.paused_left', { time })}
    />
  );
}
