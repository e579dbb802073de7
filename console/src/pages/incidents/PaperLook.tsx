// The paper beside its form, as it will be printed: drafts as they were last kept, issued ones as they stand.
import { useState } from 'react';
import type { PaperDetail } from '~/api/incidentTypes';
import { type PaperPlace, usePaperLook } from '~/api/papers';
import { useLanguage } from '~/i18n';
import { EmptyState, ErrorNote, Loading, Section } from '~/ui/Page';
import { fileToSign } from './paperData';
import { asPages, canShow, useAddress } from './pdf';

export function PaperLook({
  place,
  paper,
  kept,
}: {
  place: PaperPlace;
  paper: PaperDetail;
  kept: boolean; // Nothing was typed since it was kept.
}) {
  const { t, local } = useLanguage();
  const [shows] = useState(canShow);
  const whole = paper.state !== 'draft' || paper.problem === null;
  const version = `${paper.state} ${paper.signers.length} ${JSON.stringify(paper.data)}`;
  const look = usePaperLook(place, fileToSign(paper), version, shows && whole);
  const url = useAddress(look.data);
  if (!shows) return null;
  return (
    <div className="paper-look">
      <Section title={t('paper.look')}>
        {look.error ? <ErrorNote error={look.error} onRetry={() => void look.refetch()} /> : null}
        {url && (!kept || !whole) ? (
          <p className="will-happen">{t(whole ? 'paper.look_old' : 'paper.look_last')}</p>
        ) : null}
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
