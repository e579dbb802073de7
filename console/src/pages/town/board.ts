// The board's own words about what it shows: which part of the queue, which agencies fall short. Pure.
import type { TownAgency, TownItem } from '~/api/caseworkTypes';

export const parts = ['open', 'unreceived', 'unassigned', 'support_open', 'overdue'] as const;
export type Part = (typeof parts)[number];

const belongs: Record<Part, (item: TownItem) => boolean> = {
  open: () => true,
  unreceived: (item) => item.received_at === null,
  unassigned: (item) => item.assignee === null,
  support_open: (item) => item.support_open > 0,
  overdue: (item) => item.overdue,
};
export const ofPart = (items: readonly TownItem[], part: Part): TownItem[] => items.filter(belongs[part]);

// Whether somebody with these roles takes note for the town office, by the roles that the regulation's pack names. Not
// known yet: the hub decides.
export const receivesForTown = (
  grants: readonly { role: string }[],
  roles: readonly string[] | undefined,
): boolean => roles === undefined || grants.some((grant) => roles.includes(grant.role));

// Falls short: something is late, nobody has taken note of it, or help that was asked for has not come.
export const fallsShort = (row: TownAgency): boolean => row.overdue + row.unreceived + row.support_open > 0;

// Late first, then what nobody took note of, then help asked for, then by name.
export function byShortfall(rows: readonly TownAgency[], compare: (a: string, b: string) => number) {
  return [...rows].sort(
    (a, b) =>
      b.overdue - a.overdue ||
      b.unreceived - a.unreceived ||
      b.support_open - a.support_open ||
      compare(a.agency.name, b.agency.name),
  );
}
