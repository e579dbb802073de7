// For how long the logs of an agency and a class are kept, worked out as the hub does (src/custody/retention.cc). Pure.
import type { Retention, RetentionFloor, RetentionRule, SourceClass } from '~/api/custodyTypes';

export const classes: readonly SourceClass[] = ['server', 'workstation', 'network', 'audit'];

export interface Term {
  keep: number;
  // The rule that asks for the longest time; null: the floor or the hub's own time does.
  by: RetentionRule | null;
  eraseAfter: number | null;
}

// `lineage`: the agency and those above it; empty: what holds for all.
export function termOf(
  known: Pick<Retention, 'default_days' | 'floor_days' | 'floors' | 'rules'>,
  lineage: string[],
  of: SourceClass,
): Term {
  const floor = Math.max(known.floor_days, floorOf(known.floors, lineage[0])?.days ?? 0);
  const about = known.rules.filter(
    (rule) =>
      (rule.class === null || rule.class === of) &&
      (rule.agency === null || lineage.includes(rule.agency.id)),
  );
  let keep = floor;
  let by: RetentionRule | null = null;
  let eraseAfter: number | null = null;
  for (const rule of about) {
    if (rule.keep_days > keep) {
      keep = rule.keep_days;
      by = rule;
    }
    if (rule.erase_after_days !== null && of !== 'audit')
      eraseAfter = Math.min(eraseAfter ?? rule.erase_after_days, rule.erase_after_days);
  }
  // Where they contradict each other, keeping wins.
  return { keep, by, eraseAfter: eraseAfter === null ? null : Math.max(eraseAfter, keep) };
}

export const floorOf = (floors: RetentionFloor[], agency: string | undefined) =>
  floors.find((each) => each.agency.id === agency);

// An agency and those above it, by the list of all.
export function lineageOf(
  agency: string,
  all: readonly { id: string; superior?: string | null }[],
): string[] {
  const out: string[] = [];
  for (let at: string | null | undefined = agency; at && !out.includes(at); ) {
    out.push(at);
    at = all.find((each) => each.id === at)?.superior;
  }
  return out;
}
