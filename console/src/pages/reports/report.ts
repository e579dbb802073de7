// What was typed into the public report, as the contract takes it. Pure.
import type { NewReport } from '~/api/incidentTypes';

export interface Typed {
  agency: string;
  sign: string;
  what: string;
  where?: string;
  seen_at: string;
  reporter?: string;
}

export function reportOf(typed: Typed, photo: string): NewReport {
  const clean = (text: string | undefined) => (text ?? '').normalize('NFC').trim();
  const [where, reporter] = [clean(typed.where), clean(typed.reporter)];
  return {
    agency: typed.agency,
    sign: typed.sign,
    what: clean(typed.what),
    seen_at: typed.seen_at,
    ...(where ? { where } : {}),
    ...(reporter ? { reporter } : {}),
    ...(photo ? { photo } : {}),
  };
}

// What the contract takes as a photo.
export const photoTypes = ['image/jpeg', 'image/png', 'image/webp'];

// Why a chosen file cannot be sent with the report, before anything is sent.
export function photoProblem(photo: Pick<File, 'size' | 'type'>, bytesMax: number): 'large' | 'type' | null {
  if (!photoTypes.includes(photo.type)) return 'type';
  return photo.size > bytesMax ? 'large' : null;
}

// Watches of phones and of the hub differ by a little.
const clockSeconds = 60;
export const isAhead = (moment: string, now: Date): boolean =>
  Date.parse(moment) > now.getTime() + clockSeconds * 1000;

// As people copy them off a paper: small letters, blanks, no hyphens.
export function numberOf(text: string): string {
  const found = /^TB[-\s]*(\d{4})[-\s]*(\d{1,8})$/.exec(text.trim().toUpperCase());
  return found ? `TB-${found[1]}-${found[2]}` : text.trim();
}

// The agency to begin with: the only one, or the one that the poster's code names.
// Its short address has the agency's own code, whatever the case of its letters.
export function agencyOf(
  agencies: readonly { id: string; code: string }[],
  asked: string | null,
): string | undefined {
  if (agencies.length === 1) return agencies[0]?.id;
  const code = asked?.toLowerCase();
  return agencies.find((each) => each.id === asked || each.code.toLowerCase() === code)?.id;
}
