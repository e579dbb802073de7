// Which papers wait for a signature, one's own turn first. Pure.
import type { IncidentDetail, Paper } from '~/api/incidentTypes';
import type { Grant } from '~/api/types';

export interface Awaited {
  incident: IncidentDetail;
  paper: Paper;
  mine: boolean;
}

// Who signs next is a person by name, or the head of the agency by role, as the hub names both.
export function awaitedPapers(
  cases: readonly IncidentDetail[],
  name: string,
  grants: readonly Pick<Grant, 'role' | 'agency'>[],
): Awaited[] {
  const all = cases.flatMap((incident) => {
    const leads = grants.some((grant) => grant.role === 'agency_head' && grant.agency === incident.agency.id);
    return incident.papers
      .filter((paper) => paper.state === 'issued' && paper.awaiting.length > 0)
      .map((paper) => {
        const next = paper.awaiting[0]?.en ?? '';
        const mine = (name !== '' && next.endsWith(name)) || (leads && next.startsWith('Head of agency'));
        return { incident, paper, mine };
      });
  });
  return all.sort((a, b) => Number(b.mine) - Number(a.mine));
}
