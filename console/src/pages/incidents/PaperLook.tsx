// The paper beside its form, as it will be printed: drafts as they were last kept, issued ones as they stand.
import { useEffect, useState } from 'react';
import type { PaperDetail } from '~/api/incidentTypes';
import { usePaperLook } from '~/api/papers';
import { useLanguage } from '~/i18n';
import { EmptyState, ErrorNote, Loading, Section } from '~/ui/Page';

// Browsers of phones show no PDF inside a page; there the button that hands out the file is the preview.
const canShow = () => navigator.pdfViewerEnabled === true;
const asPages = '#toolbar=0&navpanes=0&view=FitH';

export function PaperLook({
  incident,
  paper,
  kept,
}: {
  incident: string;
  paper: PaperDetail;
  kept: boolean; // Nothing was typed since it was kept.
}) {
  const { t, local } = useLanguage();
  const [shows] = useState(canShow);
  const whole = paper.state !== 'draft' || paper.problem === null;
  const version = `${paper.state} ${paper.signers.length} ${JSON.stringify(paper.data)}`;
  const look = usePaperLook(
    incident,
    paper.id,
    paper.state === 'signed' ? 'signed' : 'pdf',
    version,
    shows && whole,
  );
  const url = useAddress(whole ? look.data : undefined);
  if (!shows) return null;
  return (
    <div className="paper-look">
      <Section title={t('paper.look')}>
        {look.error ? <ErrorNote error={look.error} onRetry={() => void look.refetch()} /> : null}
        {whole && !kept ? <p className="will-happen">{t('paper.look_old')}</p> : null}
        {url ? (
          <iframe key={url} src={url + asPages} title={t('paper.look')} data-version={look.dataUpdatedAt} />
        ) : whole ? (
          look.error ? null : (
            <Loading rows={10} />
          )
        ) : (
          <EmptyState why={paper.problem ? local(paper.problem) : t('paper.look_later')} />
        )}
      </Section>
    </div>
  );
}

// An address for bytes that lasts as long as they are shown.
function useAddress(blob: Blob | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!blob) {
      setUrl(null);
      return;
    }
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}
