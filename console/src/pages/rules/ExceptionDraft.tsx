// From records that are false alarms to the filter of an exception: what they have in common, and what of it to ask for.
import { Modal } from 'antd';
import { useState } from 'react';
import { useRecords } from '~/api/runs';
import type { JsonObject } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Field, flatFields } from '~/ui/FieldTable';
import { ErrorNote, Loading } from '~/ui/Page';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { commonFields, isTelling, selectionOf } from './bench';

const keyOf = ({ name, value }: Field) => `${name}\n${value}`;

export function ExceptionDraft({
  seqs,
  onClose,
  onUse,
}: {
  seqs: number[];
  onClose: () => void;
  onUse: (filter: string) => void;
}) {
  const { t } = useLanguage();
  const records = useRecords(seqs);
  // Until somebody ticks, what usually names who or what it was is ticked.
  const [ticked, setTicked] = useState<ReadonlySet<string> | null>(null);
  const error = records.find((each) => each.error)?.error;
  const ready = records.every((each) => each.data);
  const common = ready
    ? commonFields(records.map((each) => flatFields((each.data?.fields ?? {}) as JsonObject)))
    : [];
  const chosen = common.filter((field) => (ticked ? ticked.has(keyOf(field)) : isTelling(field)));
  const filter = selectionOf(chosen);
  const toggle = (field: Field) => {
    const next = new Set(chosen.map(keyOf));
    if (!next.delete(keyOf(field))) next.add(keyOf(field));
    setTicked(next);
  };
  return (
    <Modal
      open
      width={680}
      title={t('runs.draft_title')}
      okText={t('runs.draft_use')}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: chosen.length === 0 }}
      onCancel={onClose}
      onOk={() => onUse(filter)}
    >
      {error ? <ErrorNote error={error} /> : null}
      {!ready && !error ? <Loading rows={4} /> : null}
      {ready && common.length === 0 ? <p>{t('runs.draft_nothing')}</p> : null}
      {common.length > 0 ? (
        <>
          <p>{t('runs.draft_help')}</p>
          <ScrollRegion label={t('runs.draft_fields')} className="draft-fields">
            {common.map((field) => (
              <label key={keyOf(field)}>
                <input
                  type="checkbox"
                  checked={chosen.some((each) => keyOf(each) === keyOf(field))}
                  onChange={() => toggle(field)}
                />
                <code>
                  {field.name}: {field.value}
                </code>
              </label>
            ))}
          </ScrollRegion>
          <h3>{t('runs.draft_filter')}</h3>
          <pre className="draft-filter">{filter || t('runs.draft_pick')}</pre>
        </>
      ) : null}
    </Modal>
  );
}
