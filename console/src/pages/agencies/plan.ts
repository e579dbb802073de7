// The reorganisations that people decide most, as one plan of the contract: bodies renamed, moved, merged, split. Pure.
import type { Agency, AgencyKind, Reorganisation } from '~/api/types';

export const planKinds = ['rename', 'merge', 'split', 'move'] as const;
export type PlanKind = (typeof planKinds)[number];

export interface NewBody {
  name?: string;
  code?: string;
  kind?: AgencyKind;
}
export interface PlanValues {
  kind: PlanKind;
  day: string;
  basis: string;
  agencies: string[]; // What ends (merge, split), moves or is renamed.
  name?: string; // The new name.
  header_name?: string;
  superior?: string; // Where it moves to.
  into?: string; // Merged into this one that exists; empty: into the first new body.
  bodies?: NewBody[]; // New ones, of a merge or a split.
}

const key = (index: number) => `new-${index + 1}`;

export function planOf(values: PlanValues, agencies: Agency[]): Reorganisation {
  const { day, basis } = values;
  const first = agencies.find((each) => each.id === values.agencies[0]);
  const plan: Reorganisation = { day, basis };
  if (values.kind === 'rename') {
    plan.changes = values.agencies.map((agency) => ({
      agency,
      name: values.name ?? null,
      header_name: values.header_name || null,
    }));
    return plan;
  }
  if (values.kind === 'move') {
    plan.changes = values.agencies.map((agency) => ({ agency, superior: values.superior ?? null }));
    return plan;
  }
  const bodies = values.kind === 'merge' && values.into ? [] : (values.bodies ?? []);
  plan.creates = bodies.map((body, index) => ({
    key: key(index),
    code: body.code?.trim() ?? '',
    name: body.name?.normalize('NFC').trim() ?? '',
    kind: body.kind ?? first?.kind ?? 'unit',
    superior: first?.superior ?? '',
  }));
  const successors =
    values.kind === 'merge' && values.into ? [values.into] : bodies.map((_, index) => key(index));
  // All successors keep the records; the people and the roles go to the first, from where they are given on.
  plan.closes = values.agencies.map((agency) => ({
    agency,
    successors: successors.map((each, index) => ({
      agency: each,
      keeps_records: true,
      takes_people: index === 0,
      takes_roles: index === 0,
    })),
  }));
  // What stands below a body that ends goes on below its first successor.
  const ended = new Set(values.agencies);
  const heir = successors[0];
  plan.changes = agencies
    .filter((each) => each.superior && ended.has(each.superior) && !ended.has(each.id) && each.id !== heir)
    .map((each) => ({ agency: each.id, superior: heir ?? null }));
  return plan;
}
