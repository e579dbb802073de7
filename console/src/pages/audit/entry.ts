// What the audit page asks the hub for, and shows. The entries come from the hub's own trail alone (GET /audit): a line that
// some machine wrote into its log is none, whatever it looks like. Pure.
import type { AuditEntry } from '~/api/types';

export type Entry = AuditEntry;

export interface AuditFilter {
  person?: string | undefined;
  object?: string | undefined;
  act?: string | undefined;
  outcome?: string | undefined;
  searches?: string | undefined; // "1": also the searches, which every look at the logs leaves.
}

export interface AuditQuery {
  person?: string;
  object?: string;
  act?: string;
  outcome?: 'done' | 'not_done';
  searches?: 'true';
}

export function queryOf({ person, object, act, outcome, searches }: AuditFilter): AuditQuery {
  return {
    ...(person ? { person } : {}),
    ...(object ? { object } : {}),
    ...(act ? { act } : {}),
    ...(outcome === 'done' ? { outcome: 'done' as const } : {}),
    ...(outcome === 'failed' ? { outcome: 'not_done' as const } : {}),
    ...(searches === '1' ? { searches: 'true' as const } : {}),
  };
}
