// Files that are handed over elsewhere, named here by their hashes; the browser computes those itself and sends no file.
import { Button } from 'antd';
import { useState } from 'react';
import type { ProviderFile } from '~/api/types';
import { useLanguage } from '~/i18n';
import { FileButton } from '~/ui/FileButton';
import { sha256Of } from './request';

// As the contract has it: api/openapi.yaml, NewProviderAnswer.
const filesMax = 50;

export function FileHashes({
  files,
  onChange,
}: {
  files: ProviderFile[];
  onChange: (files: ProviderFile[]) => void;
}) {
  const { t } = useLanguage();
  const [busy, setBusy] = useState(false);
  const add = async (file: File) => {
    setBusy(true);
    const named = { name: file.name.normalize('NFC'), sha256: await sha256Of(file) };
    onChange([...files.filter((each) => each.name !== named.name), named]);
    setBusy(false);
  };
  return (
    <div className="file-hashes">
      <FileButton
        label={t('provider.files')}
        face={t('action.choose_file')}
        busy={busy || files.length >= filesMax}
        onFile={(file) => void add(file)}
      />
      <p className="muted">{t('provider.files_help')}</p>
      <ul className="worklist">
        {files.map((file) => (
          <li key={file.name}>
            <span className="worklist-title">{file.name}</span>
            <code className="evidence-hash">{file.sha256}</code>
            <Button size="small" onClick={() => onChange(files.filter((each) => each !== file))}>
              {t('provider.drop_file')}
              <span className="visually-hidden"> {file.name}</span>
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
