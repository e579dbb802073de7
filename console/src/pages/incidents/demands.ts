// Which papers a way on still lacks. Pure; the hub decides, this says where to go.
import type { IncidentDetail, IncidentProcess, IncidentWayOn, Paper, PaperForm } from '~/api/incidentTypes';

export interface PaperDemand {
  form: PaperForm;
  conclusion: string | null; // The choice that must stand in the paper, in the form's words.
  delivered: boolean;
  paper: Paper | null; // The newest of this round.
}

const order = { draft: 0, issued: 1, signed: 2 } as const;

export function demandsOf(
  process: Pick<IncidentProcess, 'transitions' | 'forms'>,
  incident: Pick<IncidentDetail, 'papers' | 'round'>,
  way: Pick<IncidentWayOn, 'event' | 'missing'>,
): { papers: PaperDemand[]; joint: boolean } {
  const rule = process.transitions.find((each) => each.event === way.event);
  if (!rule || way.missing.length === 0) return { papers: [], joint: false };
  const papers = rule.papers.flatMap((demand): PaperDemand[] => {
    const form = process.forms.find((each) => each.id === demand.form);
    if (!form) return [];
    const own = incident.papers
      .filter((paper) => paper.form === demand.form && paper.round === incident.round)
      .sort((a, b) => order[b.state] - order[a.state] || b.made_at.localeCompare(a.made_at));
    // What a paper concludes is not in the list of papers: one that has everything else may still say something different.
    const meets = own.some(
      (paper) => paper.state === 'signed' && (!demand.delivered || paper.deliveries.length > 0),
    );
    if (meets && demand.field === null) return [];
    const field = form.fields.find((each) => each.id === demand.field);
    const conclusion = field?.options.find((each) => each.id === demand.is)?.text ?? null;
    return [{ form, conclusion, delivered: demand.delivered, paper: own[0] ?? null }];
  });
  return { papers, joint: rule.needs.length > 0 };
}
