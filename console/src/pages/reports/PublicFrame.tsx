// The frame of the pages that need no account: plain words, one column, nothing to sign in to.
import { type ReactNode, useEffect } from 'react';
import { LanguageButton, ThemeButton } from '~/app/HeadButtons';
import { useLanguage } from '~/i18n';
import { Brand } from '~/ui/icons';
import '../session/session.css';
import './reports.css';

export function PublicFrame({
  title,
  lead,
  children,
}: {
  title: string;
  lead: ReactNode;
  children: ReactNode;
}) {
  const { t } = useLanguage();
  useEffect(() => {
    document.title = `${title} · Lũy`;
  }, [title]);
  return (
    <div className="session public">
      <div className="session-tools">
        <LanguageButton />
        <ThemeButton />
      </div>
      <main className="session-card public-card">
        <div className="session-brand">
          <Brand />
          <div>
            <strong>Lũy</strong>
            <span>{t('report.frame')}</span>
          </div>
        </div>
        <h1>{title}</h1>
        <p className="session-lead">{lead}</p>
        {children}
      </main>
    </div>
  );
}
