// The names of findings' states and kinds, in the order people read them.
import type { Entity, Finding, FindingKind, FindingState } from '~/api/types';

export const findingStates: readonly FindingState[] = ['new', 'acknowledged', 'in_case', 'false_positive'];
export const findingKinds: readonly FindingKind[] = [
  'rule',
  'correlation',
  'probe',
  'integrity',
  'indicator',
  'silence',
  'account',
];

// Where more is known of an entity: a device has its page, everything else is looked for in the logs.
export function entityAddress(entity: Entity): string {
  if (entity.type === 'device') return `/devices/${entity.value}`;
  const words = entity.value.split('"')[0] ?? '';
  return `/logs?${new URLSearchParams({ q: `"${words}"`, range: '7d' })}`;
}

// What the keys of the queue act on: what is ticked, else the row that has the focus.
export function chosen(ticked: ReadonlySet<string>, focused: string | undefined): string[] {
  return ticked.size > 0 ? [...ticked] : focused ? [focused] : [];
}

// A state that would change nothing is not offered.
export const offers = (findings: Finding[], state: FindingState): boolean =>
  findings.some((finding) => finding.state !== state);
