// What stands around the text of a paper: to whom it goes, who signs under which title (decree 30/2020). Pure.
import type { PaperForm } from '~/api/incidentTypes';

export interface PaperSignature {
  authority: string[]; // "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH": one line each.
  note: string;
  name: string;
}
export interface PaperFrame {
  recipients?: string[]; // Kính gửi; minutes and plans are addressed to nobody.
  copies: string[]; // Nơi nhận.
  signatures: PaperSignature[];
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

function signatureOf(value: unknown): PaperSignature {
  const one = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return {
    authority: texts(one.authority),
    note: typeof one.note === 'string' ? one.note : '',
    name: typeof one.name === 'string' ? one.name : '',
  };
}

// Data that name nobody begin with the form's own titles.
export function frameOf(form: Pick<PaperForm, 'signers'>, data: Record<string, unknown>): PaperFrame {
  const given = Array.isArray(data.signatures) ? data.signatures.map(signatureOf) : [];
  return {
    ...(Array.isArray(data.recipients) ? { recipients: texts(data.recipients) } : {}),
    copies: texts(data.copies),
    signatures:
      given.length > 0 ? given : form.signers.map((title) => ({ authority: [title], note: '', name: '' })),
  };
}

const tidy = (lines: readonly string[]) =>
  lines.map((line) => line.normalize('NFC').trim()).filter((line) => line !== '');

// As it is kept; where nothing is said, the form's own words stay in force.
export function framed(frame: PaperFrame): PaperFrame {
  return {
    ...(frame.recipients ? { recipients: tidy(frame.recipients) } : {}),
    copies: tidy(frame.copies),
    signatures: frame.signatures
      .map((one) => ({
        authority: tidy(one.authority),
        note: one.note.normalize('NFC').trim(),
        name: one.name.normalize('NFC').trim(),
      }))
      .filter((one) => one.authority.length > 0 || one.name !== ''),
  };
}
