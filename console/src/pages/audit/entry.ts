// One line of the audit trail as the hub writes it (src/directory/audit.h), read with care; and the search that finds it. Pure.
import type { Json, JsonObject, LogEvent } from '~/api/types';

export interface Entry {
  seq: number;
  at: string;
  act: string;
  who: string;
  address: string;
  object: string;
  outcome: 'done' | 'refused' | 'failed';
  error: string;
  alarm: boolean;
  before: JsonObject;
  after: JsonObject;
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const inner = (value: Json | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};

// null for a record that is no line of the trail.
export function entryOf(event: LogEvent): Entry | null {
  let line: JsonObject;
  try {
    line = inner(JSON.parse(event.raw) as Json);
  } catch {
    return null;
  }
  const act = text(line['event.action']);
  if (line['event.dataset'] !== 'luy.audit' || act === '') return null;
  return {
    seq: event.seq,
    at: text(line['@timestamp']) || event.received_at,
    act,
    who: text(line['user.name']),
    address: text(line['source.ip']),
    object: text(line['luy.object']),
    outcome:
      line['event.outcome'] === 'success' ? 'done' : line['luy.refused'] === true ? 'refused' : 'failed',
    error: text(line['error.code']),
    alarm: line['event.kind'] === 'alert',
    before: inner(line['luy.before']),
    after: inner(line['luy.after']),
  };
}

export interface AuditFilter {
  person?: string | undefined;
  object?: string | undefined;
  act?: string | undefined;
  outcome?: string | undefined;
  searches?: string | undefined; // "1": also the searches, which every look at the logs leaves.
}

// A quote cannot be written inside a phrase of the hub's grammar.
const phrase = (value: string) => `"${value.replaceAll('"', '')}"`;

export function searchOf({ person, object, act, outcome, searches }: AuditFilter): string {
  return [
    'event.dataset:luy.audit',
    person ? `user.name:${phrase(person)}` : '',
    object ? phrase(object) : '',
    act ? `event.action:${phrase(act)}` : searches === '1' ? '' : '-event.action:evidence_search',
    outcome === 'done' ? 'event.outcome:success' : outcome === 'failed' ? 'event.outcome:failure' : '',
  ]
    .filter(Boolean)
    .join(' ');
}
