// One file, chosen or dropped.
import { useId, useState } from 'react';
import { FileInput } from './FileButton';
import './fileDrop.css';

export function FileDrop({
  label,
  accept,
  chosen,
  onFile,
}: {
  label: string;
  accept: string;
  chosen?: string | undefined; // What is said of the file that was chosen.
  onFile: (file: File) => void;
}) {
  const id = useId();
  const [over, setOver] = useState(false);
  return (
    <fieldset
      className={over ? 'file-drop file-drop-over' : 'file-drop'}
      aria-labelledby={id}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const file = event.dataTransfer.files[0];
        if (file) onFile(file);
      }}
    >
      <label id={id} htmlFor={`${id}-file`}>
        {label}
      </label>
      <FileInput id={`${id}-file`} accept={accept} chosen={chosen} onFile={onFile} />
    </fieldset>
  );
}
