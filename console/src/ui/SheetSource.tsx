// Where the lines of a sheet come from: a CSV file or an XLSX workbook, chosen or dropped, or text that is pasted.
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useLanguage } from '~/i18n';
import { FileDrop } from './FileDrop';
import { base64Of } from './files';
import { formatBytes } from './format';
import {
  type Chosen,
  charactersMax,
  isWorkbook,
  nothingChosen,
  refusalOf,
  sheetNameMax,
  workbookBytesMax,
} from './sheet';
import './sheet.css';

export function SheetSource({
  columns,
  chosen,
  onChange,
}: {
  columns: string; // The head of the sheet.
  chosen: Chosen;
  onChange: (next: Chosen) => void;
}) {
  const { t, language } = useLanguage();
  const id = useId();
  const [file, setFile] = useState<string | undefined>();
  const [refused, setRefused] = useState<{ name: string; why: 'type' | 'large' } | null>(null);
  const take = async (given: File) => {
    const why = refusalOf(given);
    setRefused(why ? { name: given.name, why } : null);
    if (why) return;
    setFile(given.name);
    if (isWorkbook(given.name)) {
      onChange({ ...nothingChosen, book: { name: given.name, xlsx: await base64Of(given) } });
    } else {
      onChange({ ...nothingChosen, csv: (await given.text()).replace(/^\uFEFF/, '') });
    }
  };
  return (
    <>
      <FileDrop
        label={t('sheet.file')}
        accept=".csv,.xlsx,text/csv"
        chosen={file}
        onFile={(given) => void take(given)}
      />
      {refused ? (
        <p role="alert" className="overdue">
          {t(`sheet.file_${refused.why}`, {
            name: refused.name,
            size: formatBytes(workbookBytesMax, language),
          })}
        </p>
      ) : null}
      {chosen.book ? (
        <div className="sheet-text">
          <label htmlFor={id}>{t('sheet.which')}</label>
          <Input
            id={id}
            maxLength={sheetNameMax}
            value={chosen.sheet}
            placeholder={t('sheet.first')}
            onChange={(event) => onChange({ ...chosen, sheet: event.target.value })}
          />
          <p>
            <Button
              onClick={() => {
                setFile(undefined);
                onChange(nothingChosen);
              }}
            >
              {t('sheet.drop_file')}
            </Button>
          </p>
        </div>
      ) : (
        <div className="sheet-text">
          <label htmlFor={id}>{t('sheet.text')}</label>
          <Input.TextArea
            id={id}
            rows={8}
            maxLength={charactersMax}
            value={chosen.csv}
            placeholder={columns}
            onChange={(event) => {
              setFile(undefined);
              onChange({ ...nothingChosen, csv: event.target.value });
            }}
          />
        </div>
      )}
    </>
  );
}
