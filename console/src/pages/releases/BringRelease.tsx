// A package and the signed statement beside it, as tools/sign-release writes it on a machine that is not on line.
import { Input, Modal, Progress } from 'antd';
import { useId, useState } from 'react';
import { useBringRelease } from '~/api/releases';
import { useLanguage } from '~/i18n';
import { FileDrop } from '~/ui/FileDrop';
import { formatBytes, formatNumber } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';

export function BringRelease({ onClose }: { onClose: () => void }) {
  const { t, language } = useLanguage();
  const bring = useBringRelease();
  const [file, setFile] = useState<File | null>(null);
  const [statement, setStatement] = useState<File | null>(null);
  const [notes, setNotes] = useState('');
  const [needed, setNeeded] = useState(false);
  const [share, setShare] = useState(0);
  const notesId = useId();
  const chosen = (one: File | null) => {
    if (one) return `${one.name} · ${formatBytes(one.size, language)}`;
    return needed ? t('antivirus.file_needed') : undefined;
  };
  const send = async () => {
    if (!file || !statement) {
      setNeeded(true);
      return;
    }
    setShare(0);
    bring.mutate(
      {
        file,
        statement: await statement.text(),
        notes: notes.normalize('NFC').trim(),
        onProgress: setShare,
      },
      { onSuccess: onClose },
    );
  };
  return (
    <Modal
      open
      width={640}
      title={t('release.bring')}
      okText={t('release.bring')}
      cancelText={t('action.cancel')}
      confirmLoading={bring.isPending}
      onCancel={onClose}
      onOk={() => void send()}
    >
      {bring.error ? <ErrorNote error={bring.error} /> : null}
      <p>{t('release.bring_help')}</p>
      <FileDrop label={t('release.package')} accept=".deb" chosen={chosen(file)} onFile={setFile} />
      <FileDrop
        label={t('release.statement')}
        accept=".release"
        chosen={chosen(statement)}
        onFile={setStatement}
      />
      <p>
        <label htmlFor={notesId}>{t('release.notes')}</label>
        <Input.TextArea
          id={notesId}
          rows={2}
          maxLength={2000}
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
        />
      </p>
      {bring.isPending ? (
        <Progress
          percent={Math.floor(share * 100)}
          aria-label={t('antivirus.sending')}
          format={(percent) =>
            percent === 100 ? t('antivirus.checking') : `${formatNumber(percent ?? 0, language)} %`
          }
        />
      ) : null}
    </Modal>
  );
}
