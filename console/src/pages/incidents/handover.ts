// A package of evidence as it is asked for. Pure.
import type { NewHandover } from '~/api/caseworkTypes';
import type { Paper } from '~/api/incidentTypes';

export interface Asked {
  receiver: string;
  paper?: string;
  evidence: string[];
  with_events: boolean;
  from: string;
  to: string;
  devices: string[];
}

export function handoverOf(asked: Asked): NewHandover {
  return {
    receiver: asked.receiver.normalize('NFC').trim(),
    ...(asked.paper ? { paper: asked.paper } : {}),
    evidence: asked.evidence,
    events: asked.with_events
      ? {
          from: asked.from,
          to: asked.to,
          ...((asked.devices ?? []).length > 0 ? { devices: asked.devices } : {}),
        }
      : null,
  };
}

const form = 'bien-ban-ban-giao-chung-cu';
// Minutes that may go into the package: those that have their number, the newest first.
export const minutesOf = (papers: readonly Paper[]): Paper[] =>
  papers
    .filter((paper) => paper.form === form && paper.state !== 'draft')
    .sort((a, b) => (b.issued_at ?? '').localeCompare(a.issued_at ?? ''));
