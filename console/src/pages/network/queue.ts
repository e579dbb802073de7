// The queue of unknown machines as the page orders and sends it.
import { type DecideStrangers, type Stranger, type StrangerKind, strangerKinds } from '~/api/network';
import { fold } from '~/ui/format';

export const keyOf = (row: Stranger) => `${row.agency} ${row.mac}`;

export type Standing = 'undecided' | StrangerKind;
export const standings: readonly Standing[] = ['undecided', ...strangerKinds];
export const standingOf = (row: Stranger): Standing => row.decision?.kind ?? 'undecided';

// Undecided ones first, those that wait longest on top; then foreign ones, then the rest as last seen.
export function inOrder(rows: Stranger[]): Stranger[] {
  const rank = (row: Stranger) => (row.decision ? (row.decision.kind === 'foreign' ? 1 : 2) : 0);
  return [...rows].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      (rank(a) === 0 ? a.first_seen.localeCompare(b.first_seen) : b.last_seen.localeCompare(a.last_seen)) ||
      keyOf(a).localeCompare(keyOf(b)),
  );
}

export function matches(row: Stranger, text: string): boolean {
  const wanted = fold(text).replaceAll('-', ':');
  return [row.mac, row.name, row.decision?.reason ?? '', ...row.addresses].some((each) =>
    fold(each).includes(wanted),
  );
}

const atOnce = 200; // As many as the hub takes in one call.

export function callsOf(
  rows: Stranger[],
  decision: { kind: StrangerKind; reason: string } | null,
): DecideStrangers[] {
  const byAgency = new Map<string, string[]>();
  for (const row of rows) byAgency.set(row.agency, [...(byAgency.get(row.agency) ?? []), row.mac]);
  const calls: DecideStrangers[] = [];
  for (const [agency, macs] of byAgency) {
    for (let at = 0; at < macs.length; at += atOnce) {
      calls.push({ agency, macs: macs.slice(at, at + atOnce), ...(decision ?? {}) });
    }
  }
  return calls;
}

// Exit addresses as somebody typed them, one a line or with commas.
export const exitsOf = (text: string): string[] => text.split(/[\s,;]+/u).filter((each) => each !== '');
