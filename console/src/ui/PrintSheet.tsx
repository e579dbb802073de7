// A sheet for the printer alone: secrets told once, to be kept in an envelope. Always black on white; the page behind it is
// not printed.
import { type ReactNode, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useLanguage } from '~/i18n';
import { formatDateTime } from './format';
import './print.css';

export function PrintSheet({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useLanguage();
  const [root] = useState(() => document.createElement('div'));
  useEffect(() => {
    root.className = 'print-sheet';
    document.body.append(root);
    return () => root.remove();
  }, [root]);
  return createPortal(
    <>
      <p>{t('print.from')}</p>
      <strong>{title}</strong>
      {children}
      <p>{t('print.at', { time: formatDateTime(new Date()) })}</p>
    </>,
    root,
  );
}
