// A paper: its form, filled in and kept as a draft; looked at as PDF; issued under its number; signed outside and taken back;
// sent. What was issued does not change.
import { Button, Select } from 'antd';
import { useId, useState } from 'react';
import type { OfficePaperDetail, PaperPlaceOfSigning } from '~/api/caseworkTypes';
import type { PaperDetail, PaperForm } from '~/api/incidentTypes';
import {
  type PaperFile,
  type PaperPlace,
  paperPath,
  useEditPaper,
  useFiles,
  useFreshPaper,
  useIssuePaper,
} from '~/api/papers';
import { useLanguage } from '~/i18n';
import { saveBlob } from '~/ui/files';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { ErrorNote, Section } from '~/ui/Page';
import { SureButton } from '~/ui/SureButton';
import { FrameFields } from './FrameFields';
import { PaperField } from './PaperFields';
import { PaperLook } from './PaperLook';
import { Deliveries, Seal, Signatures } from './PaperSending';
import {
  askedFields,
  cleaned,
  emptyMandatory,
  fileNameOf,
  fileToSign,
  offered,
  type Values,
} from './paperData';
import { framed, frameOf } from './paperFrame';
import './incidents.css';
import './paper.css';

const fieldsOf = (paper: PaperDetail): Values =>
  typeof paper.data.fields === 'object' && paper.data.fields !== null ? (paper.data.fields as Values) : {};

interface Props {
  place: PaperPlace;
  paper: PaperDetail;
  form: PaperForm;
  recipient: string; // To whom it most often goes.
}

export function PaperEditor({ place, paper, form, recipient }: Props) {
  const { t, local, language } = useLanguage();
  const [values, setValues] = useState<Values>(() => offered(form, fieldsOf(paper)));
  const [frame, setFrame] = useState(() => frameOf(form, paper.data));
  // What is shown is what the hub holds.
  const [kept, setKept] = useState(() => JSON.stringify(values) === JSON.stringify(fieldsOf(paper)));
  const edit = useEditPaper(place);
  const issue = useIssuePaper(place);
  const files = useFiles();
  const fresh = useFreshPaper(place);
  const isDraft = paper.state === 'draft';
  const [meant, setMeant] = useState<Record<string, string>>({});
  const unclear = (paper.places ?? []).filter(
    (place) => isDraft && place.account === null && place.candidates.length > 1,
  );
  // What its owner says of itself: shown on the page, written over by the hub.
  const fixed = new Set('fixed' in paper ? (paper as OfficePaperDetail).fixed : []);
  const lacking = isDraft ? emptyMandatory(form, values).filter((field) => !fixed.has(field.id)) : [];
  const save = (after?: () => void) => {
    if (kept) return after?.();
    edit.mutate(
      { ...paper.data, ...framed(frame), fields: cleaned(form, values) },
      {
        onSuccess: () => {
          setKept(true);
          after?.();
        },
      },
    );
  };
  const hand = (as: PaperFile) =>
    files.mutate(
      { path: paperPath(place, as), name: fileNameOf(paper, as) },
      { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
    );
  // Somebody else may have signed since this page was read: whoever signs next signs what they left.
  const handToSign = async () => hand(fileToSign(await fresh.mutateAsync().catch(() => paper)));
  const busy = edit.isPending || issue.isPending || files.isPending;
  const error = edit.error ?? issue.error ?? files.error;
  return (
    <div className="paper-columns">
      <div className="paper-work">
        <div className="paper-side">
          {error ? <ErrorNote error={error} /> : null}
          <Section title={t('paper.steps')}>
            {isDraft ? (
              <p className="paper-left" role="status">
                {lacking.length > 0
                  ? t('paper.lacking', {
                      count: lacking.length,
                      number: formatNumber(lacking.length, language),
                    })
                  : kept && paper.problem
                    ? local(paper.problem)
                    : t('paper.complete')}
              </p>
            ) : null}
            {lacking.length > 0 ? (
              <ul className="paper-lacking-list">
                {lacking.map((field) => (
                  <li key={field.id}>{local(field.label)}</li>
                ))}
              </ul>
            ) : null}
            <div className="paper-buttons">
              {isDraft ? (
                <MayButton action="incident_handle" loading={edit.isPending} onClick={() => save()}>
                  {kept ? t('paper.kept') : t('paper.keep')}
                </MayButton>
              ) : null}
              {isDraft ? (
                <Button disabled={busy || lacking.length > 0} onClick={() => save(() => hand('pdf'))}>
                  {t('paper.preview')}
                </Button>
              ) : null}
              {paper.state === 'issued' ? (
                <Button
                  type="primary"
                  disabled={busy}
                  loading={fresh.isPending}
                  onClick={() => void handToSign()}
                >
                  {t('paper.pdf')}
                </Button>
              ) : null}
              <Button disabled={busy || lacking.length > 0} onClick={() => save(() => hand('docx'))}>
                {t('paper.docx')}
              </Button>
              {paper.state === 'signed' ? (
                <Button type="primary" disabled={busy} onClick={() => hand('signed')}>
                  {t('paper.signed_pdf')}
                </Button>
              ) : null}
              {isDraft ? null : (
                <Button disabled={busy} title={t('paper.pdfa_help')} onClick={() => hand('pdfa')}>
                  {t('paper.pdfa')}
                </Button>
              )}
              {isDraft ? (
                <SureButton
                  action="incident_handle"
                  primary
                  busy={issue.isPending}
                  whyNot={lacking.length > 0 ? t('paper.not_yet') : null}
                  will={t('paper.issue_will')}
                  onSure={() => save(() => issue.mutate(meant))}
                >
                  {t('paper.issue')}
                </SureButton>
              ) : null}
            </div>
            {unclear.map((place) => (
              <Meant
                key={place.field}
                place={place}
                chosen={meant[place.field]}
                onChoose={(account) => setMeant((old) => ({ ...old, [place.field]: account }))}
              />
            ))}
            {isDraft ? <p className="muted">{t('paper.issue_will')}</p> : null}
          </Section>
          {paper.seal ? <Seal place={place} problem={paper.seal.problem} /> : null}
          {isDraft ? null : <Signatures place={place} paper={paper} />}
          {isDraft ? null : <Deliveries place={place} paper={paper} recipient={recipient} />}
        </div>
        <form
          className="paper-form"
          aria-label={local(form.title)}
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          {fixed.size > 0 ? (
            <p className="muted" data-fixed={fixed.size}>
              {t('paper.fixed', {
                fields: form.fields
                  .filter((field) => fixed.has(field.id))
                  .map((field) => local(field.label))
                  .join('; '),
              })}
            </p>
          ) : null}
          {askedFields(form, values)
            .filter((field) => !fixed.has(field.id))
            .map((field) => (
              <PaperField
                key={field.id}
                field={field}
                value={values[field.id]}
                disabled={!isDraft}
                onChange={(value) => {
                  setValues((old) => ({ ...old, [field.id]: value }));
                  setKept(false);
                }}
              />
            ))}
          <FrameFields
            frame={frame}
            disabled={!isDraft}
            onChange={(next) => {
              setFrame(next);
              setKept(false);
            }}
          />
        </form>
      </div>
      <PaperLook place={place} paper={paper} kept={kept} />
    </div>
  );
}

// Several accounts have the name of somebody who has to sign: which of them is meant.
function Meant({
  place,
  chosen,
  onChoose,
}: {
  place: PaperPlaceOfSigning;
  chosen: string | undefined;
  onChoose: (account: string) => void;
}) {
  const { t } = useLanguage();
  const id = useId();
  return (
    <div className="paper-field" data-meant={place.field}>
      <label htmlFor={id}>{t('paper.meant', { name: place.name })}</label>
      <Select
        id={id}
        value={chosen}
        onChange={onChoose}
        options={place.candidates.map((each) => ({
          value: each.account,
          label: `${each.name} (${each.username})`,
        }))}
      />
    </div>
  );
}
