// What is filled into a form of the pack: which fields are asked, which are still empty. The shape is docs/format/forms.md;
// the hub checks everything again. Pure.
import type { PaperDetail, PaperForm, PaperFormField } from '~/api/incidentTypes';
import type { PaperFile } from '~/api/papers';

export type Values = Record<string, unknown>;
export interface Person {
  name?: string;
  position?: string;
  unit?: string;
  phone?: string;
  email?: string;
}
export const personParts = ['name', 'position', 'unit', 'phone', 'email'] as const;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// Nothing was entered: no text, no row with anything in it, a flag that is not set.
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.every(isEmpty);
  if (isObject(value)) return Object.values(value).every(isEmpty);
  return false;
}

// Ids that a choice or choices hold, with or without a detail.
export function chosenIds(value: unknown): string[] {
  if (typeof value === 'string') return value ? [value] : [];
  if (Array.isArray(value)) return value.flatMap(chosenIds);
  return isObject(value) && typeof value.id === 'string' ? [value.id] : [];
}

export function detailOf(value: unknown, id: string): string {
  if (Array.isArray(value)) return value.map((each) => detailOf(each, id)).find(Boolean) ?? '';
  return isObject(value) && value.id === id && typeof value.detail === 'string' ? value.detail : '';
}

// A chosen option as the data hold it: alone, or with its detail.
export const choiceValue = (id: string, detail: string): unknown => (detail.trim() ? { id, detail } : id);

export function isAsked(field: PaperFormField, values: Values): boolean {
  const { when } = field;
  if (!when) return true;
  const value = values[when.field];
  const holds = when.is.length === 0 ? !isEmpty(value) : chosenIds(value).some((id) => when.is.includes(id));
  return holds !== when.not;
}

export const askedFields = (form: PaperForm, values: Values): PaperFormField[] =>
  form.fields.filter((field) => isAsked(field, values));

export const emptyMandatory = (form: PaperForm, values: Values): PaperFormField[] =>
  askedFields(form, values).filter((field) => field.required && isEmpty(values[field.id]));

// What a draft comes with, less choices that the form does not offer: nobody could see them, nor take them away.
export function offered(form: PaperForm, values: Values): Values {
  const out: Values = { ...values };
  for (const field of form.fields) {
    if (field.type !== 'choice' && field.type !== 'choices') continue;
    const known = (value: unknown) =>
      chosenIds(value).some((id) => field.options.some((option) => option.id === id));
    const value = out[field.id];
    if (Array.isArray(value)) {
      if (!value.every(known)) out[field.id] = value.filter(known);
    } else if (value !== undefined && !known(value)) delete out[field.id];
  }
  return out;
}

// Only what is asked and filled in, composed (NFC), without blanks at the ends of lines that mean nothing.
export function cleaned(form: PaperForm, values: Values): Values {
  const out: Values = {};
  for (const field of askedFields(form, values)) {
    const value = tidy(values[field.id]);
    if (!isEmpty(value)) out[field.id] = value;
  }
  return out;
}

function tidy(value: unknown): unknown {
  if (typeof value === 'string') return value.normalize('NFC').trim();
  if (Array.isArray(value)) return value.map(tidy).filter((each) => !isEmpty(each));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, inner]) => [key, tidy(inner)] as const)
        .filter(([, inner]) => !isEmpty(inner)),
    );
  }
  return value;
}

const fileEnds: Record<PaperFile, string> = {
  pdf: '.pdf',
  docx: '.docx',
  signed: '-da-ky.pdf',
  pdfa: '-luu-tru.pdf',
};
// Under the number that people know it by: "01/BB-UBND" cannot stand in a file's name as it is.
export const fileNameOf = (
  { form, notation }: Pick<PaperDetail, 'form' | 'notation'>,
  as: PaperFile,
): string => `${form}${notation ? `-${notation.replaceAll('/', '-')}` : ''}${fileEnds[as]}`;

// Signatures that count are those of somebody's registered certificate.
export const hasSigned = (paper: Pick<PaperDetail, 'signers'>): boolean =>
  paper.signers.some((signer) => signer.account !== null);

// What shows how far an issued paper has come, and what the next one signs: the file with the signatures so far.
export const fileToSign = (paper: Pick<PaperDetail, 'state' | 'signers'>): PaperFile =>
  paper.state === 'signed' || (paper.state === 'issued' && hasSigned(paper)) ? 'signed' : 'pdf';

// The form that a paper was begun with: the pack may have gone on since, the paper keeps its own fields. Forms of papers
// that belong to no case stand in no process.
export function formOf(
  forms: readonly PaperForm[] | undefined,
  paper: Pick<PaperDetail, 'form' | 'form_fields' | 'title' | 'moment'> | undefined,
): PaperForm | undefined {
  if (!paper) return undefined;
  const known = forms?.find((each) => each.id === paper.form);
  const bare = {
    id: paper.form,
    title: paper.title,
    kind: '',
    moment: paper.moment,
    signers: [],
    signed_by: [],
  };
  return { ...(known ?? bare), fields: paper.form_fields };
}
