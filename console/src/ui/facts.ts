// How each kind of fact is read: which keys, as what (src/fact/fact.h). Keys not named here are still shown, under their
// own name, so a newer agent's facts are never hidden.
import type { JsonObject, LogEvent } from '~/api/types';

export type Format =
  | 'text'
  | 'code'
  | 'time'
  | 'bytes'
  | 'bool'
  | 'number'
  | 'list'
  | 'percent'
  | 'seconds'
  | 'word';

export interface FactField {
  key: string;
  format: Format;
  // For a truth value: which one is good. Shown as a sign beside the word.
  good?: boolean;
}
export interface FactTable {
  key: string;
  columns: FactField[];
}
export interface FactShape {
  fields: FactField[];
  tables?: FactTable[];
}

const f = (key: string, format: Format = 'text', good?: boolean): FactField =>
  good === undefined ? { key, format } : { key, format, good };

export const factShapes: Record<string, FactShape> = {
  identity: { fields: [f('hostname'), f('fqdn'), f('key', 'code')] },
  os: {
    fields: [
      f('pretty_name'),
      f('kernel', 'code'),
      f('architecture', 'code'),
      f('booted_at', 'time'),
      f('id', 'code'),
      f('version_id', 'code'),
    ],
  },
  hardware: {
    fields: [
      f('vendor'),
      f('model'),
      f('chassis', 'word'),
      f('cpu_model'),
      f('cpus', 'number'),
      f('memory_bytes', 'bytes'),
      f('battery', 'bool'),
    ],
  },
  packages: {
    fields: [f('manager', 'code')],
    tables: [
      {
        key: 'packages',
        columns: [
          f('name', 'code'),
          f('version', 'code'),
          f('architecture', 'code'),
          f('installed_at', 'time'),
          f('installed_by'),
        ],
      },
    ],
  },
  updates: {
    fields: [
      f('lists_present', 'bool', true),
      f('lists_date', 'time'),
      f('lists_valid_until', 'time'),
      f('restart_required', 'bool', false),
      f('other_count', 'number'),
    ],
    tables: [
      {
        key: 'security',
        columns: [
          f('package', 'code'),
          f('installed', 'code'),
          f('offered', 'code'),
          f('first_offered', 'time'),
        ],
      },
    ],
  },
  antivirus: {
    fields: [],
    tables: [
      {
        key: 'products',
        columns: [
          f('name'),
          f('version', 'code'),
          f('running', 'bool', true),
          f('signatures_date', 'time'),
          f('last_full_scan', 'time'),
          f('last_scan_infected', 'number'),
        ],
      },
      {
        key: 'scan',
        columns: [
          f('state', 'word'),
          f('because', 'word'),
          f('started_at', 'time'),
          f('ended_at', 'time'),
          f('due_at', 'time'),
          f('files', 'number'),
          f('bytes', 'bytes'),
          f('infected', 'number'),
          f('unread', 'number'),
        ],
      },
      {
        key: 'quarantine',
        columns: [
          f('path', 'code'),
          f('signature'),
          f('owner'),
          f('bytes', 'bytes'),
          f('at', 'time'),
          f('sha256', 'code'),
        ],
      },
    ],
  },
  accounts: {
    fields: [f('shadow_readable', 'bool', true)],
    tables: [
      {
        key: 'accounts',
        columns: [
          f('name', 'code'),
          f('uid', 'code'),
          f('can_log_in', 'bool'),
          f('password', 'word'),
          f('password_changed_at', 'time'),
          f('must_change_password', 'bool'),
          f('last_login', 'time'),
          f('administrator', 'bool'),
          f('login_keys', 'number'),
        ],
      },
    ],
  },
  listening: {
    fields: [],
    tables: [
      {
        key: 'sockets',
        columns: [f('protocol', 'code'), f('address', 'code'), f('port', 'code'), f('process', 'code')],
      },
    ],
  },
  firewall: { fields: [f('active', 'bool', true), f('backend', 'word'), f('rules', 'number')] },
  disks: {
    fields: [],
    tables: [
      {
        key: 'volumes',
        columns: [
          f('mount', 'code'),
          f('device', 'code'),
          f('file_system', 'code'),
          f('size_bytes', 'bytes'),
          f('free_bytes', 'bytes'),
          f('encrypted', 'bool', true),
          f('removable', 'bool'),
        ],
      },
    ],
  },
  interfaces: {
    fields: [],
    tables: [
      {
        key: 'interfaces',
        columns: [
          f('name', 'code'),
          f('kind', 'word'),
          f('up', 'bool'),
          f('mac', 'code'),
          f('addresses', 'list'),
        ],
      },
      { key: 'routes', columns: [f('destination', 'code'), f('gateway', 'code'), f('interface', 'code')] },
    ],
  },
  wifi: {
    fields: [f('hardware_present', 'bool')],
    tables: [
      {
        key: 'networks',
        columns: [
          f('ssid'),
          f('interface', 'code'),
          f('security', 'word'),
          f('connected', 'bool'),
          f('key_changed_at', 'time'),
          f('bssid', 'code'),
        ],
      },
      {
        key: 'seen',
        columns: [f('ssid'), f('bssid', 'code'), f('security', 'word'), f('signal_dbm', 'number')],
      },
    ],
  },
  neighbours: {
    fields: [],
    tables: [
      {
        key: 'neighbours',
        columns: [
          f('address', 'code'),
          f('mac', 'code'),
          f('name'),
          f('source', 'word'),
          f('interface', 'code'),
          f('description'),
          f('seen_at', 'time'),
        ],
      },
    ],
  },
  domain: { fields: [f('kind', 'word'), f('name', 'code')] },
  shares: {
    fields: [f('server_running', 'bool')],
    tables: [
      {
        key: 'shares',
        columns: [
          f('service', 'code'),
          f('name', 'code'),
          f('path', 'code'),
          f('writable', 'bool', false),
          f('guest', 'bool', false),
        ],
      },
    ],
  },
  time_sync: { fields: [f('synchronised', 'bool', true), f('service', 'word')] },
  agent: {
    fields: [
      f('version', 'code'),
      f('started_at', 'time'),
      f('cpu_percent', 'percent'),
      f('rss_bytes', 'bytes'),
      f('throttled', 'bool', false),
      f('period_seconds', 'seconds'),
      f('spool_bytes', 'bytes'),
      f('spool_bytes_max', 'bytes'),
      f('records_dropped', 'number'),
    ],
  },
  software_gate: {
    fields: [f('install', 'word'), f('execute', 'word'), f('because'), f('trusted', 'number')],
    tables: [
      {
        key: 'refused',
        columns: [
          f('act', 'word'),
          f('name', 'code'),
          f('version', 'code'),
          f('user'),
          f('refused', 'bool'),
          f('times', 'number'),
          f('at', 'time'),
          f('sha256', 'code'),
        ],
      },
    ],
  },
  removable: {
    fields: [f('mode', 'word')],
    tables: [
      {
        key: 'devices',
        columns: [
          f('serial', 'code'),
          f('vendor'),
          f('model'),
          f('bytes', 'bytes'),
          f('present', 'bool'),
          f('decision', 'word'),
          f('seen_at', 'time'),
        ],
      },
    ],
  },
  backup: {
    fields: [f('tool', 'code')],
    tables: [
      {
        key: 'runs',
        columns: [
          f('set'),
          f('kind', 'word'),
          f('target', 'word'),
          f('state', 'word'),
          f('because', 'word'),
          f('percent', 'percent'),
          f('succeeded_at', 'time'),
          f('due_at', 'time'),
          f('files', 'number'),
          f('bytes', 'bytes'),
          f('plugged_at', 'time'),
          f('unplugged_at', 'time'),
          f('place', 'code'),
        ],
      },
      {
        key: 'drills',
        columns: [
          f('set'),
          f('target', 'word'),
          f('ended_at', 'time'),
          f('passed', 'bool', true),
          f('because', 'word'),
          f('files', 'number'),
          f('differing', 'number'),
          f('missing', 'number'),
          f('databases', 'number'),
          f('report_sha256', 'code'),
        ],
      },
    ],
  },
  hardening: {
    fields: [f('catalogue', 'code'), f('unknown_because')],
    tables: [
      {
        key: 'results',
        columns: [
          f('check', 'code'),
          f('state', 'word'),
          f('found', 'code'),
          f('file', 'code'),
          f('line', 'number'),
        ],
      },
    ],
  },
};

// The order of a device's facts on its page: what officials ask first comes first.
export const factOrder = [
  'updates',
  'antivirus',
  'accounts',
  'disks',
  'firewall',
  'listening',
  'shares',
  'domain',
  'interfaces',
  'wifi',
  'neighbours',
  'time_sync',
  'os',
  'hardware',
  'identity',
  'packages',
  'software_gate',
  'removable',
  'backup',
  'hardening',
  'agent',
];

export interface RecordedFact {
  kind: string;
  collectedAt: string;
  method: string;
  body: JsonObject;
}

// A fact's record holds the document itself; anything else is a log line.
export function asFact(event: LogEvent): RecordedFact | null {
  if (event.transport !== 'fact') return null;
  try {
    const document = JSON.parse(event.raw) as JsonObject;
    const { fact, collected_at, method, body } = document;
    if (typeof fact !== 'string' || typeof body !== 'object' || body === null || Array.isArray(body))
      return null;
    return { kind: fact, collectedAt: String(collected_at), method: String(method), body };
  } catch {
    return null;
  }
}
