// Files kept with a case: taken in as they are, given out only as downloads.
import { useState } from 'react';
import { useAddFile } from '~/api/incidents';
import { attachmentPath, useFiles } from '~/api/papers';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { FileButton } from '~/ui/FileButton';
import { base64Of, saveBlob } from '~/ui/files';
import { formatBytes } from '~/ui/format';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { type PartAsked, PartDialog } from './PartDialog';
import { type CaseProps, textOf } from './Parts';

// As the hub has them: api/openapi.yaml, IncidentUpload.
const bytesMax = 16 * 1024 * 1024;
const types = ['jpg', 'jpeg', 'png', 'webp', 'pdf', 'zip', 'txt', 'log', 'csv'];

export function Files({ process, incident }: CaseProps) {
  const { t, language } = useLanguage();
  const add = useAddFile(incident.id);
  const files = useFiles();
  const mayHandle = useMay('incident_handle') && incident.may_handle && !incident.over;
  const [refused, setRefused] = useState<{ name: string; why: 'large' | 'type' } | null>(null);
  const [asked, setAsked] = useState<PartAsked | null>(null);
  const asEvidence = new Set(incident.parts.map((part) => textOf(part, 'attachment')));
  const held = incident.parts.filter((part) => part.kind === 'attachment');
  const take = async (file: File) => {
    const { name } = file;
    const known = types.some((type) => name.toLowerCase().endsWith(`.${type}`));
    const why = !known ? 'type' : file.size > bytesMax ? 'large' : null;
    setRefused(why ? { name, why } : null);
    if (!why) add.mutate({ name: file.name.normalize('NFC'), content: await base64Of(file) });
  };
  return (
    <Section title={t('incident.files')}>
      {add.error || files.error ? <ErrorNote error={add.error ?? files.error} /> : null}
      {refused ? (
        <p role="alert" className="overdue">
          {t(`incident.file_${refused.why}`, {
            name: refused.name,
            size: formatBytes(bytesMax, language),
          })}
        </p>
      ) : null}
      {mayHandle ? (
        <FileButton
          label={t('incident.add_file')}
          face={t('action.choose_file')}
          accept={types.map((type) => `.${type}`).join(',')}
          busy={add.isPending}
          onFile={(file) => void take(file)}
        />
      ) : null}
      {held.length === 0 ? (
        <EmptyState why={t('incident.no_files')} />
      ) : (
        <ul className="worklist">
          {held.map((part) => (
            <li key={part.id}>
              <button
                type="button"
                className="link-button file-name"
                onClick={() =>
                  files.mutate(
                    { path: attachmentPath(incident.id, part.id), name: textOf(part, 'name') },
                    { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
                  )
                }
              >
                {textOf(part, 'name')}
              </button>
              <span className="worklist-meta">
                <span>{formatBytes(Number(textOf(part, 'size')), language)}</span>
                <span>{part.by}</span>
                <Time at={part.at} />
              </span>
              <code className="evidence-hash">{textOf(part, 'sha256')}</code>
              <span className="worklist-meta">
                {asEvidence.has(part.id) ? (
                  <span>{t('incident.is_evidence')}</span>
                ) : mayHandle ? (
                  <button
                    type="button"
                    className="link-button"
                    onClick={() =>
                      setAsked({
                        kind: 'evidence',
                        initial: { attachment: part.id, taken_at: part.at, taken_by: part.by },
                      })
                    }
                  >
                    {t('incident.make_evidence')}
                  </button>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {asked ? (
        <PartDialog process={process} incident={incident} asked={asked} onClose={() => setAsked(null)} />
      ) : null}
    </Section>
  );
}
