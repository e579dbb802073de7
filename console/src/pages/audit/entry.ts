// What the audit page asks the hub for, and shows. The entries come from the hub's own trail alone (GET /audit): a line that
// some machine wrote into its log is none, whatever it looks like. Pure.
import type { AuditSearch } from '~/api/queries';
import type { AuditEntry, AuditExport } from '~/api/types';

export type Entry = AuditEntry;

export interface AuditFilter {
  person?: string | undefined;
  object?: string | undefined;
  type?: string | undefined; // Of the object.
  act?: string | undefined;
  outcome?: string | undefined;
  agency?: string | undefined;
  alarm?: string | undefined; // "1": alarms alone.
  searches?: string | undefined; // "1": also the searches, which every look at the logs leaves.
}

export function queryOf(filter: AuditFilter): AuditSearch {
  const { person, object, type, act, outcome, agency, alarm, searches } = filter;
  return {
    ...(person ? { person } : {}),
    ...(object ? { object } : {}),
    ...(type && !object ? { object_type: type } : {}),
    ...(act ? { act } : {}),
    ...(outcome === 'done' ? { outcome: 'done' as const } : {}),
    ...(outcome === 'failed' ? { outcome: 'not_done' as const } : {}),
    ...(outcome === 'refused' ? { outcome: 'refused' as const } : {}),
    ...(agency ? { agency } : {}),
    ...(alarm === '1' ? { alarm: 'true' as const } : {}),
    ...(searches === '1' ? { searches: 'true' as const } : {}),
  };
}

// Where the thing that an entry is about is shown; null for what has no page of its own.
const pages: Record<string, string> = {
  account: 'people',
  agency: 'agencies',
  device: 'devices',
  finding: 'findings',
  case: 'incidents',
  warning: 'warnings',
  inbound: 'inbound-warnings',
  form: 'forms',
  rule: 'rules',
  rule_run: 'rules/runs',
  service: 'services',
  record: 'proof',
  provider_request: 'provider-requests',
};

// What is handed out signed is never the whole trail: by whom, on what, or from when on.
export function exportOf(query: AuditSearch): AuditExport | null {
  const { alarm, searches, ...rest } = query;
  if (!rest.person && !rest.object && !rest.object_type && !rest.from) return null;
  return { ...rest, ...(alarm ? { alarm: true } : {}), ...(searches ? { searches: true } : {}) };
}

export function pageOf(object: string): string | null {
  const [kind = '', ...rest] = object.split(':');
  const id = rest.join(':');
  const page = pages[kind];
  if (!page || id === '') return null;
  return `${page}/${encodeURIComponent(id)}`;
}
