import type { Agency } from '~/api/types';
import { compareText } from '~/ui/format';

export interface TreeRow {
  agency: Agency;
  depth: number;
}

// Superiors before what is under them. An agency whose superior one may not see stands at the top; a ring, which the hub
// refuses, would still be listed once.
export function treeOf(agencies: Agency[]): TreeRow[] {
  const known = new Set(agencies.map((agency) => agency.id));
  const below = new Map<string | null, Agency[]>();
  for (const agency of [...agencies].sort((a, b) => compareText(a.name, b.name))) {
    const superior = agency.superior && known.has(agency.superior) ? agency.superior : null;
    below.set(superior, [...(below.get(superior) ?? []), agency]);
  }
  const rows: TreeRow[] = [];
  const seen = new Set<string>();
  const visit = (superior: string | null, depth: number) => {
    for (const agency of below.get(superior) ?? []) {
      if (seen.has(agency.id)) continue;
      seen.add(agency.id);
      rows.push({ agency, depth });
      visit(agency.id, depth + 1);
    }
  };
  visit(null, 0);
  for (const agency of agencies) if (!seen.has(agency.id)) rows.push({ agency, depth: 0 });
  return rows;
}
