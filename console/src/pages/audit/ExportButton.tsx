// Lines of the trail with their proofs and the signed checkpoint, as a file that anybody can check.
import { useState } from 'react';
import { useAuditExport } from '~/api/queries';
import type { AuditExport } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FormModal } from '~/ui/FormModal';
import { saveBlob } from '~/ui/files';
import { isoDate } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';

export function ExportButton({ wanted }: { wanted: AuditExport | null }) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState<AuditExport | null>(null);
  return (
    <>
      <MayButton
        action="evidence_export"
        whyNot={wanted ? null : t('trail.export_needs')}
        onClick={() => setAsked(wanted)}
      >
        {t('trail.export')}
      </MayButton>
      {asked ? <ExportDialog wanted={asked} onClose={() => setAsked(null)} /> : null}
    </>
  );
}

function ExportDialog({ wanted, onClose }: { wanted: AuditExport; onClose: () => void }) {
  const { t } = useLanguage();
  const make = useAuditExport();
  const name = `nhat-ky-thao-tac-${isoDate(new Date())}.zip`;
  return (
    <FormModal
      title={t('trail.export')}
      ok={t('trail.export')}
      will={t('trail.export_will')}
      error={make.error}
      busy={make.isPending}
      proposed={make.data ? { done: true, act: null } : undefined}
      done={t('trail.exported', { name })}
      onFinish={() => make.mutate(wanted, { onSuccess: (file) => saveBlob(name, file) })}
      onClose={onClose}
    />
  );
}
