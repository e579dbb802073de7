import type { Verdict } from '~/api/types';

// A subject's id may hold anything ("<device>:account:tên"): encoded as one part of the path.
export function verdictPath(verdict: Pick<Verdict, 'obligation' | 'subject'>): string {
  return `/verdicts/${verdict.obligation}/${encodeURIComponent(verdict.subject.id)}`;
}
