// The quiet frame of the pages before work: signing in, changing the password.
import type { ReactNode } from 'react';
import { LanguageButton, ThemeButton } from '~/app/HeadButtons';
import { useLanguage } from '~/i18n';
import { Brand } from '~/ui/icons';
import './session.css';

export function SessionFrame({
  title,
  lead,
  children,
}: {
  title: string;
  lead: ReactNode;
  children: ReactNode;
}) {
  const { t } = useLanguage();
  return (
    <div className="session">
      <div className="session-tools">
        <LanguageButton />
        <ThemeButton />
      </div>
      <main className="session-card">
        <div className="session-brand">
          <Brand />
          <div>
            <strong>Lũy</strong>
            <span>{t('session.product')}</span>
          </div>
        </div>
        <h1>{title}</h1>
        <p className="session-lead">{lead}</p>
        {children}
      </main>
      <p className="session-basis">{t('session.basis')}</p>
    </div>
  );
}
