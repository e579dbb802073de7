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

// As people copy them off a paper: small letters, blanks, no hyphens.
export function numberOf(text: string): string {
  const found = /^TB[-\s]*(\d{4})[-\s]*(\d{1,8})$/.exec(text.trim().toUpperCase());
  return found ? `TB-${found[1]}-${found[2]}` : text.trim();
}

// The agency to begin with: the only one, or the one that the poster's code names.
export function agencyOf(agencies: readonly { id: string }[], asked: string | null): string | undefined {
  if (agencies.length === 1) return agencies[0]?.id;
  return agencies.find((each) => each.id === asked)?.id;
}
