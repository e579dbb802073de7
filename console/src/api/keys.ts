// Names of the caches, in one place so that the live stream and the pages mean the same thing.
export interface VerdictFilter {
  obligation?: string;
  article?: string;
  agency?: string;
  subject?: string;
  state?: string;
}
export interface SoftwareFilter {
  q?: string;
  state?: string;
  agency?: string;
}
export interface FindingFilter {
  q?: string;
  state?: string;
  severity?: string;
  kind?: string;
  agency?: string;
  device?: string;
  rule?: string;
  entity?: string;
  overdue?: string;
  sort?: string;
}
export interface RuleFilter {
  q?: string;
  origin?: string;
  level?: string;
  enabled?: string;
  fed?: string;
  technique?: string;
  state?: string;
}
export interface IncidentFilter {
  q?: string | undefined;
  agency?: string | undefined;
  state?: string | undefined;
  open?: string | undefined;
  overdue?: string | undefined;
}
export interface TimeSpan {
  from: string | undefined;
  until: string | undefined;
}
export interface ServiceFilter {
  q?: string | undefined;
  agency?: string | undefined;
  state?: string | undefined;
}
export interface IndicatorFilter {
  q?: string | undefined;
  type?: string | undefined;
  list?: string | undefined;
}
export interface LinkFilter extends TimeSpan {
  device?: string | undefined;
  address?: string | undefined;
  account?: string | undefined;
  agency?: string | undefined;
}
export interface EventFilter {
  query: string; // In the search language (docs/format/search.md).
  agency?: string;
  device?: string;
  from?: string;
  until?: string;
}

export const keys = {
  session: ['session'] as const,
  sessions: ['sessions'] as const,
  factors: ['factors'] as const,
  policy: ['policy'] as const,
  accounts: ['accounts'] as const,
  delegations: ['delegations'] as const,
  acts: ['acts'] as const,
  system: ['system'] as const,
  overview: ['overview'] as const,
  regulation: ['regulation'] as const,
  agencies: ['agencies'] as const,
  agenciesOn: { all: ['agencies-on'] as const, of: (day: string) => ['agencies-on', day] as const },
  agencyPlans: ['agency-plans'] as const,
  successions: ['successions'] as const,
  profile: {
    of: (agency: string, day = '') => ['profile', agency, day] as const,
    history: (agency: string) => ['profile-history', agency] as const,
  },
  networkPlans: {
    all: (agency: string) => ['network-plans', agency] as const,
    of: (agency: string, day = '') => ['network-plans', agency, day] as const,
    file: (agency: string, version: number) => ['network-plan-file', agency, version] as const,
  },
  verdicts: { all: ['verdicts'] as const, of: (filter: VerdictFilter) => ['verdicts', filter] as const },
  verdict: {
    all: ['verdict'] as const,
    of: (obligation: string, subject: string) => ['verdict', obligation, subject] as const,
  },
  devices: {
    all: ['devices'] as const,
    of: (filter: { q?: string; agency?: string }) => ['devices', filter] as const,
  },
  device: { all: ['device'] as const, of: (id: string) => ['device', id] as const },
  orders: { all: ['orders'] as const, of: (device: string) => ['orders', device] as const },
  deviceSoftware: {
    all: ['device-software'] as const,
    of: (id: string, filter: SoftwareFilter) => ['device-software', id, filter] as const,
  },
  timeline: { all: ['timeline'] as const, of: (id: string) => ['timeline', id] as const },
  software: { all: ['software'] as const, of: (filter: SoftwareFilter) => ['software', filter] as const },
  approvals: ['approvals'] as const,
  wifi: ['wifi'] as const,
  air: ['air'] as const,
  plan: { all: ['plan'] as const, of: (filter: object) => ['plan', filter] as const },
  lines: { all: ['lines'] as const, of: (filter: object) => ['lines', filter] as const },
  strangers: { all: ['strangers'] as const, of: (filter: object) => ['strangers', filter] as const },
  secrets: { all: ['secrets'] as const, of: (filter: object) => ['secrets', filter] as const },
  equipment: { all: ['equipment'] as const, of: (filter: object) => ['equipment', filter] as const },
  senders: ['senders'] as const,
  audit: { all: ['audit'] as const, of: (filter: object) => ['audit', filter] as const },
  events: { all: ['events'] as const, of: (filter: EventFilter) => ['events', filter] as const },
  histogram: { of: (filter: EventFilter) => ['histogram', filter] as const },
  eventValues: (filter: object) => ['event-values', filter] as const,
  searches: ['searches'] as const,
  checkpoints: ['checkpoints'] as const,
  evidenceKeys: ['evidence-keys'] as const,
  event: (seq: number) => ['event', seq] as const,
  proof: (seq: number) => ['proof', seq] as const,
  days: ['days'] as const,
  findings: { all: ['findings'] as const, of: (filter: FindingFilter) => ['findings', filter] as const },
  finding: { all: ['finding'] as const, of: (id: string) => ['finding', id] as const },
  findingEvents: { all: ['finding-events'] as const, of: (id: string) => ['finding-events', id] as const },
  entity: {
    all: ['entity'] as const,
    of: (type: string, value: string, span: TimeSpan) => ['entity', type, value, span] as const,
  },
  links: (filter: LinkFilter) => ['links', filter] as const,
  rules: { all: ['rules'] as const, of: (filter: RuleFilter) => ['rules', filter] as const },
  rule: { all: ['rule'] as const, of: (id: string) => ['rule', id] as const },
  attack: ['attack'] as const,
  services: { all: ['services'] as const, of: (filter: ServiceFilter) => ['services', filter] as const },
  service: { all: ['service'] as const, of: (id: string) => ['service', id] as const },
  serviceHistory: (id: string, span: TimeSpan) => ['service-history', id, span] as const,
  serviceContent: (id: string) => ['service-content', id] as const,
  indicators: {
    all: ['indicators'] as const,
    of: (filter: IndicatorFilter) => ['indicators', filter] as const,
  },
  indicatorLists: ['indicator-lists'] as const,
  runs: ['rule-runs'] as const,
  run: (id: string) => ['rule-run', id] as const,
  incidentProcess: ['incident-process'] as const,
  incidents: { all: ['incidents'] as const, of: (filter: IncidentFilter) => ['incidents', filter] as const },
  incident: { all: ['incident'] as const, of: (id: string) => ['incident', id] as const },
  reminders: ['incident-reminders'] as const,
  providerRequests: {
    all: ['provider-requests'] as const,
    of: (filter: object) => ['provider-requests', filter] as const,
  },
  providerRequest: {
    all: ['provider-request'] as const,
    of: (id: string) => ['provider-request', id] as const,
  },
  providers: (agency: string) => ['providers', agency] as const,
  ownRequests: ['own-requests'] as const,
  ownRequest: (id: string) => ['own-requests', id] as const,
  holds: ['holds'] as const,
  measures: (span: object) => ['incident-measures', span] as const,
  paper: { all: ['paper'] as const, of: (id: string) => ['paper', id] as const },
  paperLook: (id: string, as: string, version: string) => ['paper-look', id, as, version] as const,
  signers: ['signers'] as const,
  staffReports: {
    all: ['staff-reports'] as const,
    of: (filter: object) => ['staff-reports', filter] as const,
  },
  warnings: { all: ['warnings'] as const, of: (filter: object) => ['warnings', filter] as const },
  warning: (id: string) => ['warning', id] as const,
  town: { all: ['town-office'] as const, of: (filter: object) => ['town-office', filter] as const },
  assignees: (kind: string, id: string) => ['assignees', kind, id] as const,
  contacts: ['contacts'] as const,
  inbound: { all: ['inbound'] as const, of: (filter: object) => ['inbound', filter] as const },
  inboundOne: (id: string) => ['inbound-warning', id] as const,
  systems: {
    all: ['systems'] as const,
    of: (agency: string | undefined) => ['systems', agency ?? ''] as const,
  },
  caseOrders: { all: ['case-orders'] as const, of: (id: string) => ['case-orders', id] as const },
  forms: ['forms'] as const,
  form: {
    all: (id: string) => ['form', id] as const,
    of: (id: string, version: number | undefined) => ['form', id, version ?? 0] as const,
  },
  formLook: (id: string, yaml: string) => ['form-look', id, yaml] as const,
  officePapers: {
    all: ['office-papers'] as const,
    of: (filter: object) => ['office-papers', filter] as const,
  },
  trust: ['signature-trust'] as const,
  me: ['me'] as const,
  persons: { all: ['persons'] as const, of: (filter: object) => ['persons', filter] as const },
  person: { all: ['person'] as const, of: (id: string) => ['person', id] as const },
  sessionsOf: (account: string) => ['sessions-of', account] as const,
  deviceAccounts: {
    all: ['device-accounts'] as const,
    of: (filter: object) => ['device-accounts', filter] as const,
  },
  leaves: { all: ['leaves'] as const, of: (filter: object) => ['leaves', filter] as const },
  leave: { all: ['leave'] as const, of: (id: string) => ['leave', id] as const },
  leavePreview: (person: string) => ['leave-preview', person] as const,
  reviews: { all: ['reviews'] as const, of: (filter: object) => ['reviews', filter] as const },
  review: { all: ['review'] as const, of: (id: string) => ['review', id] as const },
  commitmentTexts: ['commitment-texts'] as const,
  commitments: { all: ['commitments'] as const, of: (filter: object) => ['commitments', filter] as const },
  appointments: { all: ['appointments'] as const, of: (filter: object) => ['appointments', filter] as const },
  trainings: { all: ['trainings'] as const, of: (filter: object) => ['trainings', filter] as const },
  tokens: { all: ['tokens'] as const, of: (all: boolean) => ['tokens', all] as const },
  alarms: ['alarms'] as const,
  sealed: ['sealed-accounts'] as const,
  doors: ['doors'] as const,
  sources: ['sources'] as const,
  identities: { all: ['identities'] as const, of: (account: string) => ['identities', account] as const },
  auditActs: ['audit-acts'] as const,
  noticeSettings: ['notice-settings'] as const,
  ownNotices: ['own-notices'] as const,
  notices: { all: ['notices'] as const, of: (state: string) => ['notices', state] as const },
  webhooks: ['webhooks'] as const,
  custody: {
    all: ['custody'] as const,
    coverage: (filter: object) => ['custody', 'coverage', filter] as const,
    silences: ['custody', 'silences'] as const,
    days: ['custody', 'days'] as const,
    media: ['custody', 'media'] as const,
    retention: ['custody', 'retention'] as const,
    preview: (rule: object) => ['custody', 'retention', 'preview', rule] as const,
    erasures: ['custody', 'erasures'] as const,
    erasing: (agency: string, seq: number) => ['custody', 'erasing', agency, seq] as const,
    disk: ['custody', 'disk'] as const,
  },
  backups: {
    list: (agency: string) => ['backups', 'list', agency] as const,
    of: (device: string) => ['backups', 'of', device] as const,
    handovers: ['backups', 'handovers'] as const,
  },
  witnessing: ['witnessing'] as const,
  closing: (size: number) => ['closing', size] as const,
  deliveries: (webhook: string) => ['webhook-deliveries', webhook] as const,
};
