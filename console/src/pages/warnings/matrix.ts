// Where a receiver stands with a warning, and what comes next. Pure.
import type { WarningReceiver } from '~/api/incidentTypes';

export const acts = ['read', 'acted', 'reported'] as const;
export type Act = (typeof acts)[number];

export const doneAt = (receiver: WarningReceiver, act: Act): string | null => receiver[`${act}_at`];

// The acts come in their order; null when all are done.
export function nextAct(receiver: WarningReceiver): Act | null {
  return acts.find((act) => doneAt(receiver, act) === null) ?? null;
}

const remaining = (receiver: WarningReceiver) => acts.filter((act) => doneAt(receiver, act) === null).length;

// Who is late and furthest behind comes first; the same by name.
export function byNeed(
  receivers: readonly WarningReceiver[],
  compare: (a: string, b: string) => number,
): WarningReceiver[] {
  return [...receivers].sort(
    (a, b) =>
      Number(b.late) - Number(a.late) || remaining(b) - remaining(a) || compare(a.agency.name, b.agency.name),
  );
}
