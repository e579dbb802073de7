// What the hub tells once: a one-time password, recovery codes. To copy, or to print for an envelope.
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useLanguage } from '~/i18n';
import { Copy } from './Copy';
import { PrintSheet } from './PrintSheet';
import './secret.css';

export function Secret({ title, lines, note }: { title: string; lines: string[]; note: ReactNode }) {
  const { t } = useLanguage();
  return (
    <div className="secret">
      <p>{note}</p>
      <ul aria-label={title}>
        {lines.map((line) => (
          <li key={line}>
            <code>{line}</code>
          </li>
        ))}
      </ul>
      <div className="secret-actions">
        <Copy text={lines.join('\n')} />
        <Button size="small" onClick={() => window.print()}>
          {t('print.print')}
        </Button>
      </div>
      <PrintSheet title={title}>
        {lines.map((line) => (
          <code key={line}>{line}</code>
        ))}
        <p>{note}</p>
      </PrintSheet>
    </div>
  );
}
