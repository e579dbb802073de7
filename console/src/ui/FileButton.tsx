// One file, chosen with a button in the page's own words; the browser's own input speaks the browser's language.
import { type ReactNode, useId } from 'react';
import { useLanguage } from '~/i18n';
import './fileDrop.css';

interface Props {
  label: string;
  face?: string; // What stands on the button where the label is a heading above it.
  accept?: string;
  busy?: boolean;
  chosen?: string | undefined; // Name of the file that was chosen, where it is kept until a form is sent.
  problem?: ReactNode; // What is wrong with it.
  onFile: (file: File) => void;
}

export function FileButton({ label, face, accept, busy, chosen, problem, onFile }: Props) {
  const id = useId();
  return (
    <div className="file-button">
      {face ? <label htmlFor={id}>{label}</label> : null}
      <FileInput id={id} face={face ?? label} accept={accept} busy={busy} chosen={chosen} onFile={onFile} />
      {problem ? (
        <p role="alert" className="overdue">
          {problem}
        </p>
      ) : null}
    </div>
  );
}

export function FileInput({
  id,
  face,
  accept,
  busy,
  chosen,
  onFile,
}: {
  id: string;
  face?: string | undefined;
  accept?: string | undefined;
  busy?: boolean | undefined;
  chosen?: string | undefined;
  onFile: (file: File) => void;
}) {
  const { t } = useLanguage();
  return (
    <span className="file-button-line">
      <input
        id={id}
        type="file"
        className="visually-hidden"
        accept={accept}
        disabled={busy}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) onFile(file);
          // The same file again is a choice, too.
          event.target.value = '';
        }}
      />
      <label htmlFor={id} className="file-button-face">
        {face ?? t('action.choose_file')}
      </label>
      {chosen ? <span role="status">{chosen}</span> : null}
    </span>
  );
}
