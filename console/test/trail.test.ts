// Goal: whatever the hub writes into the trail of acts has words in the console. Method: the names of acts and of objects' types
// as they stand in the hub's sources; what looks like one and is none is listed here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actions } from '~/api/types';
import { readParts } from '../tools/texts';

const src = join(__dirname, '..', '..', 'src');
const skipped = /_test\.|_fuzz|fixture|fake|[/\\](cli|agent)[/\\]|[/\\]hub[/\\]rights_/;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}
const sources = files(src)
  .filter((file) => /\.(cc|h)$/.test(file) && !skipped.test(file))
  .map((file) => readFileSync(file, 'utf8'));

const words = (name: string): Record<string, unknown> =>
  Object.assign({}, ...[...readParts().values()].map((part) => part[name] ?? {}));
const found = (text: string, patterns: RegExp[]) =>
  patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] as string));

// The beginnings of other texts: addresses, keys of the proofs and of the notices, lines of the hub's own log.
const notTypes = [
  ...['https', 'http', 'in', 'file', 'ssh', 'folder', 'address', 'verdict', 'break_glass', 'of'],
  'passkey', // A factor, within an act on an account.
  ...['debian', 'ubuntu'], // Releases.
];

// Where an act is named: a function that writes the entry, the entry itself, its field, a constant.
const name = '([a-z]+(?:[_.][a-z]+)*)';
const writers =
  'entry|entry_of|entry_for|audit|act|change|change_\\w+|perform|write_entry|propose|add_kind|note|\\w+_entry';
const actPatterns = [
  `\\b(?:${writers})\\((?:[^()";]|\\([^()";]*\\))*?"${name}"`,
  `AuditEntry\\b[^";]*"${name}"`,
  `\\bact = [^;"]*"${name}"`,
  `\\bact = [^;"]*"[a-z_]+" : "${name}"`,
  `_act = "${name}"`,
  `ImportParts[^";]*"${name}"`,
].map((pattern) => new RegExp(pattern, 'g'));

// Fields of an entry and of a body, and the entries of a case's own history.
const notActs = new Set([
  ...[
    'account',
    'act',
    'agency',
    'device',
    'event.action',
    'file',
    'given_by',
    'id',
    'keep',
    'leave',
    'name',
    'product',
    'profile',
    'proof_of',
    'rules',
    'settings',
  ],
  ...['source', 'webhook', 'case', 'reason', 'by', 'version'],
  ...[
    'assigned',
    'classified',
    'inbound_warning',
    'joined',
    'moved',
    'notified',
    'opened',
    'paper',
    'received',
    'reminder',
  ],
]);

// The books of cases and of staff's reports put their own name before the act.
function prefixed(text: string, act: string): string {
  if (!/^[a-z]+$/.test(act) && !/^(paper_|open_case|join_case)/.test(act)) return act;
  if (/\bReportBook::/.test(text)) return `incident_report_${act}`;
  return /\bCaseBook::/.test(text) ? `incident_${act}` : act;
}

const acts = new Set<string>(actions);
for (const text of sources) {
  for (const act of found(text, actPatterns)) {
    if (!notActs.has(act)) acts.add(prefixed(text, act).replaceAll('.', '_'));
  }
}
const types = new Set(
  sources.flatMap((text) => found(text, [/"([a-z_]{1,40}):"/g])).filter((type) => !notTypes.includes(type)),
);

describe('The trail of acts', () => {
  it('is read out of the sources at all', () => {
    expect(acts.size).toBeGreaterThan(180);
    for (const act of [
      'leave_begin',
      'device_handed_over',
      'provider_decide',
      'incident_paper_issue',
      'rule_enable',
    ])
      expect([...acts]).toContain(act);
    expect(types.size).toBeGreaterThan(35);
  });
  it('has words for every act', () => {
    const known = words('act');
    expect([...acts].filter((act) => !Object.hasOwn(known, act)).sort()).toEqual([]);
  });
  it.each(['object_type', 'object'])('has words for every type of object (%s)', (part) => {
    const known = words(part);
    expect([...types].filter((type) => !Object.hasOwn(known, type)).sort()).toEqual([]);
  });
});
