// Officials' lists go by given name: the last word of a Vietnamese name; then by the whole.
import { compareText, fold } from '~/ui/format';

const given = (name: string) => name.trim().split(/\s+/).at(-1) ?? '';

export const byGivenName = (a: string, b: string): number =>
  compareText(given(a), given(b)) || compareText(a, b);

// "Trần Văn Bình" → "tran.van.binh", as a proposal.
export const usernameOf = (name: string): string =>
  fold(name)
    .replace(/[^a-z0-9 ]/g, '')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .join('.')
    .slice(0, 64);
