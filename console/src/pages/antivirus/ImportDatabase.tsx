// ClamAV's database from a file, for networks that reach nothing outside.
import { Modal, Progress } from 'antd';
import { useState } from 'react';
import { useImportDatabase } from '~/api/signatures';
import { useLanguage } from '~/i18n';
import { FileDrop } from '~/ui/FileDrop';
import { formatBytes, formatDate, formatNumber } from '~/ui/format';
import { ErrorNote } from '~/ui/Page';

export function ImportDatabase({ onClose }: { onClose: () => void }) {
  const { t, language } = useLanguage();
  const add = useImportDatabase();
  const [file, setFile] = useState<File | null>(null);
  const [needed, setNeeded] = useState(false);
  const [share, setShare] = useState(0);
  const done = add.data;
  const send = () => {
    if (!file) {
      setNeeded(true);
      return;
    }
    setShare(0);
    add.mutate({ file, onProgress: setShare });
  };
  return (
    <Modal
      open
      width={640}
      title={t('antivirus.import')}
      okText={t(done ? 'action.close' : 'antivirus.import')}
      cancelText={t('action.cancel')}
      confirmLoading={add.isPending}
      onCancel={onClose}
      onOk={() => (done ? onClose() : send())}
    >
      {add.error ? <ErrorNote error={add.error} /> : null}
      {done ? (
        <p className="will-happen" role="status">
          {t('antivirus.import_done', {
            file: done.file,
            version: String(done.version ?? ''),
            day: done.built_at ? formatDate(new Date(done.built_at)) : '–',
            number: formatNumber(done.signatures, language),
          })}
        </p>
      ) : (
        <>
          <p>{t('antivirus.import_help')}</p>
          <FileDrop
            label={t('antivirus.drop')}
            accept=".cvd,.cld"
            chosen={
              needed
                ? t('antivirus.file_needed')
                : file
                  ? `${file.name} · ${formatBytes(file.size, language)}`
                  : undefined
            }
            onFile={(chosen) => {
              setFile(chosen);
              setNeeded(false);
              add.reset();
            }}
          />
          {add.isPending ? (
            <Progress
              percent={Math.floor(share * 100)}
              aria-label={t('antivirus.sending')}
              format={(percent) =>
                percent === 100 ? t('antivirus.checking') : `${formatNumber(percent ?? 0, language)} %`
              }
            />
          ) : null}
        </>
      )}
    </Modal>
  );
}
