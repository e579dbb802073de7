// The names of findings' states and kinds, in the order people read them.
import type { Finding, FindingKind, FindingState } from '~/api/types';

export const findingStates: readonly FindingState[] = ['new', 'acknowledged', 'in_case', 'false_positive'];
export const findingKinds: readonly FindingKind[] = [
  'rule',
  'correlation',
  'probe',
  'integrity',
  'indicator',
  'silence',
  'account',
  'saved_search',
  'hardening',
  'software',
  'premises',
  'evidence',
];

// What the keys of the queue act on: what is ticked, else the row that has the focus.
export function chosen(ticked: ReadonlySet<string>, focused: string | undefined): string[] {
  return ticked.size > 0 ? [...ticked] : focused ? [focused] : [];
}

// A state that would change nothing is not offered.
export const offers = (findings: Finding[], state: FindingState): boolean =>
  findings.some((finding) => finding.state !== state);
