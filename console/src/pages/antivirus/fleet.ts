// Where a machine stands with what it knows malware by, worst first.
import type { SignatureDevice } from '~/api/signatures';
import type { VerdictState } from '~/api/types';

export const standings = ['failed', 'stale', 'behind', 'unknown', 'fresh'] as const;
export type Standing = (typeof standings)[number];

export const looks: Record<Standing, VerdictState> = {
  failed: 'violated',
  stale: 'violated',
  behind: 'due',
  unknown: 'unknown',
  fresh: 'kept',
};

export function standingOf(row: SignatureDevice): Standing {
  if (row.result === 'failed' || row.result === 'rolled_back') return 'failed';
  if (row.stale) return 'stale';
  if (row.current < row.wanted) return 'behind';
  return row.signatures_date ? 'fresh' : 'unknown';
}

export const worstFirst = (rows: SignatureDevice[]): SignatureDevice[] =>
  [...rows].sort(
    (a, b) =>
      standings.indexOf(standingOf(a)) - standings.indexOf(standingOf(b)) ||
      (b.age_days ?? -1) - (a.age_days ?? -1) ||
      a.device.name.localeCompare(b.device.name, 'vi'),
  );
