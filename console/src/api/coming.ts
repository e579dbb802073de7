// Shapes and routes that the hub is given while this is written; they leave this file as api/openapi.yaml gets them.
import type * as now from './generated';
import type { LocalText } from './generated';

type Content<T> = { content: { 'application/json': T } };
type Op<Answer, Body = undefined, Path = undefined, Query = undefined> = {
  parameters: {
    header?: never;
    cookie?: never;
  } & (Path extends undefined ? { path?: never } : { path: Path }) &
    (Query extends undefined ? { query?: never } : { query?: Query });
  responses: { 200: { headers: Record<string, unknown> } & Content<Answer> };
} & (Body extends undefined ? { requestBody?: never } : { requestBody: Content<Body> });

export interface Named {
  id: string;
  name: string;
}
export interface Assignee {
  account: string;
  name: string;
}
export interface AssigneeChoice extends Assignee {
  roles: string[];
}
interface TownReceipt {
  town_received_at?: string | null;
  town_received_by?: string | null;
  assignee?: Assignee | null;
}
export type StaffReport = now.StaffReport & TownReceipt;
interface IncidentMore extends TownReceipt {
  support?: { open: number; given: number };
  system_id?: string | null;
}
export type Incident = now.Incident & IncidentMore;
export type IncidentDetail = now.IncidentDetail & IncidentMore & { handovers?: Handover[] };
export type NewIncidentPart = Omit<now.NewIncidentPart, 'kind'> & {
  kind: now.NewIncidentPart['kind'] | 'support';
};
export type NewIncident = now.NewIncident & { system_id?: string };
export type Paper = now.Paper & { form_version?: number };
export type PaperDelivery = now.PaperDelivery & { contact?: string | null; verified?: boolean };
export type PaperDetail = Omit<now.PaperDetail, 'deliveries'> & {
  deliveries: PaperDelivery[];
  form_version?: number;
  form_fields?: now.PaperFormField[];
};
interface TownSpread {
  report_to_town_receipt?: now.IncidentSpread;
}
export type AgencyMeasures = now.AgencyMeasures & TownSpread;
export type IncidentMeasures = Omit<now.IncidentMeasures, 'agencies'> &
  TownSpread & { agencies: AgencyMeasures[] };
export type IncidentConflict = now.IncidentConflict & { due?: string | null };
export type ConflictStage = now.IncidentChoice & { limit?: LocalText | null };

export interface TownItem {
  kind: 'report' | 'case';
  id: string;
  number: string;
  agency: Named;
  title: string;
  at: string;
  state: string;
  state_title: LocalText;
  received_at: string | null;
  received_by: string | null;
  assignee: Assignee | null;
  severity: { id: string; title: LocalText } | null;
  next_due: string | null;
  overdue: boolean;
  support_open: number;
}
export interface TownAgency {
  agency: Named;
  open: number;
  unreceived: number;
  overdue: number;
  support_open: number;
}
export interface TownOffice {
  items: TownItem[];
  total: number;
  counts: { open: number; unreceived: number; unassigned: number; support_open: number; overdue: number };
  agencies: TownAgency[];
}

export interface ContactFields {
  body: string;
  kind: string;
  person: string;
  position: string;
  phone: string;
  email: string;
  channel: string;
  around_the_clock: boolean;
  note: string;
}
export interface Contact extends ContactFields {
  id: string;
  kind_title: LocalText;
  verified: { at: string; by: string; how: string } | null;
  verified_until: string | null;
  stale: boolean;
  added_at: string;
  added_by: string;
}
export interface ContactList {
  items: Contact[];
  kinds: { id: string; title: LocalText }[];
  verify_days: number;
}

export type InboundState = 'fresh' | 'handled' | 'no_action';
export interface InboundWarning {
  id: string;
  number: string;
  source: string;
  reference: string | null;
  dated: string | null;
  title: string;
  summary: string;
  received_at: string;
  received_by: string;
  registered_at: string;
  contact: string | null;
  file: { name: string; bytes: number; sha256: string } | null;
  state: InboundState;
  handled_at: string | null;
  handled_by: string | null;
  answer: string | null;
  warning: { id: string; number: string } | null;
  indicator_list: { id: string; name: string; count: number } | null;
  seq: number | null;
}
export interface NewInboundWarning {
  source: string;
  reference?: string;
  dated?: string;
  title: string;
  summary: string;
  received_at: string;
  contact?: string;
  file?: { name: string; content: string };
}
export interface IndicatorsFound {
  items: { type: 'address' | 'domain' | 'url' | 'hash'; value: string }[];
  refused: { text: string; why: LocalText }[];
}

export interface Handover {
  id: string;
  made_at: string;
  by: string;
  receiver: string;
  paper: string | null;
  bytes: number;
  sha256: string;
  days: string[];
  records: number;
  files: { name: string; bytes: number; sha256: string }[];
  seq: number | null;
}
export interface NewHandover {
  receiver: string;
  paper?: string | null;
  evidence: string[];
  events: { from: string; to: string; devices?: string[] } | null;
}
export type Order = now.Order & { case_number?: string | null };
export type CaseOrder = Omit<Order, 'device'> & { device: Named };

export interface SystemFields {
  name: string;
  purpose: string;
  manager: string;
  operator: string;
  place: string;
  addresses: string[];
  domains: string[];
  devices: string[];
  level: number | null;
  level_decision: { number: string; date: string } | null;
  personal_data: boolean;
}
export interface RegisteredSystem extends Omit<SystemFields, 'devices'> {
  id: string;
  agency: Named;
  devices: Named[];
  retired_at: string | null;
}
export interface SystemRegister {
  items: RegisteredSystem[];
  managers: { id: string; title: LocalText }[];
}

export interface FormSummary {
  id: string;
  title: LocalText;
  kind: string;
  version: number;
  own: boolean;
  changed_at: string | null;
  changed_by: string | null;
}
export interface FormVersion {
  version: number;
  at: string;
  by: string;
  reason: string;
  own: boolean;
}
export interface FormDetail {
  id: string;
  title: LocalText;
  version: number;
  own: boolean;
  yaml: string;
  pack_yaml: string;
  versions: FormVersion[];
  sample: Record<string, unknown>;
}

export interface PaperOwner {
  kind: 'period' | 'warning';
  agency: Named;
  from?: string | null;
  to?: string | null;
  warning?: { id: string; number: string } | null;
}
export type OfficePaper = Paper & { owner: PaperOwner };
export type OfficePaperDetail = PaperDetail & { owner: PaperOwner };
export type NewOfficePaper =
  | { form: string; agency: string; from: string; to: string }
  | { form: string; warning: string };

export interface TrustCertificate {
  subject: string;
  issuer: string;
  serial: string;
  not_before: string;
  not_after: string;
  sha256: string;
}
export interface SignatureTrust {
  anchors: TrustCertificate[];
  issuers: TrustCertificate[];
  crls: { issuer: string; this_update: string; next_update: string | null; stale: boolean; source: string }[];
  ocsp: { enabled: boolean };
  fetch: { allowed_hosts: string[]; last_at: string | null; problem: LocalText | null };
  time_stamp: { url: string | null };
}

type Case = { incident: string };
type OnePaper = { paper: string };
export interface ComingPaths {
  '/api/v1/town-office': {
    get: Op<
      TownOffice,
      undefined,
      undefined,
      { agency?: string; assignee?: string; open?: 'true' | 'false'; unreceived?: 'true' }
    >;
  };
  '/api/v1/incidents/{incident}/receipt': { post: Op<IncidentDetail, undefined, Case> };
  '/api/v1/incidents/{incident}/assignee': {
    put: Op<IncidentDetail, { account: string | null; note?: string }, Case>;
  };
  '/api/v1/incidents/{incident}/assignees': { get: Op<{ items: AssigneeChoice[] }, undefined, Case> };
  '/api/v1/staff-reports/{report}/assignee': {
    put: Op<StaffReport, { account: string | null; note?: string }, { report: string }>;
  };
  '/api/v1/staff-reports/{report}/assignees': {
    get: Op<{ items: AssigneeChoice[] }, undefined, { report: string }>;
  };
  '/api/v1/contacts': { get: Op<ContactList>; post: Op<Contact, ContactFields> };
  '/api/v1/contacts/{contact}': {
    put: Op<Contact, ContactFields, { contact: string }>;
    delete: Op<undefined, undefined, { contact: string }>;
  };
  '/api/v1/contacts/{contact}/verification': {
    post: Op<Contact, { how: string; at: string }, { contact: string }>;
  };
  '/api/v1/inbound-warnings': {
    get: Op<
      { items: InboundWarning[]; counts: Record<InboundState, number> },
      undefined,
      undefined,
      { state?: InboundState; q?: string }
    >;
    post: Op<InboundWarning, NewInboundWarning>;
  };
  '/api/v1/inbound-warnings/{inbound}': { get: Op<InboundWarning, undefined, { inbound: string }> };
  '/api/v1/inbound-warnings/{inbound}/indicators/preview': {
    post: Op<IndicatorsFound, { text: string }, { inbound: string }>;
  };
  '/api/v1/inbound-warnings/{inbound}/indicators': {
    post: Op<InboundWarning, { text: string; name?: string }, { inbound: string }>;
  };
  '/api/v1/inbound-warnings/{inbound}/warning': {
    post: Op<InboundWarning, now.NewWarning, { inbound: string }>;
  };
  '/api/v1/inbound-warnings/{inbound}/answer': {
    post: Op<InboundWarning, { state: 'handled' | 'no_action'; answer: string }, { inbound: string }>;
  };
  '/api/v1/incidents/{incident}/handovers': { post: Op<Handover, NewHandover, Case> };
  '/api/v1/incidents/{incident}/orders': { get: Op<{ items: CaseOrder[] }, undefined, Case> };
  '/api/v1/incidents/{incident}/system': {
    put: Op<IncidentDetail, { system_id: string | null; system?: string }, Case>;
  };
  '/api/v1/systems': {
    get: Op<SystemRegister, undefined, undefined, { agency?: string }>;
    post: Op<RegisteredSystem, SystemFields & { agency: string }>;
  };
  '/api/v1/systems/{system}': {
    put: Op<RegisteredSystem, SystemFields & { agency: string }, { system: string }>;
  };
  '/api/v1/systems/{system}/retirement': { post: Op<undefined, undefined, { system: string }> };
  '/api/v1/forms': { get: Op<{ items: FormSummary[] }> };
  '/api/v1/forms/{form}': {
    get: Op<FormDetail, undefined, { form: string }, { version?: number }>;
    put: Op<FormDetail, { yaml: string; reason: string; version: number }, { form: string }>;
  };
  '/api/v1/forms/{form}/reset': { post: Op<FormDetail, { reason: string }, { form: string }> };
  '/api/v1/papers': {
    get: Op<{ items: OfficePaper[] }, undefined, undefined, { kind?: 'period' | 'warning'; agency?: string }>;
    post: Op<OfficePaperDetail, NewOfficePaper>;
  };
  '/api/v1/papers/{paper}': {
    get: Op<OfficePaperDetail, undefined, OnePaper>;
    put: Op<OfficePaperDetail, { data: Record<string, unknown> }, OnePaper>;
  };
  '/api/v1/papers/{paper}/issue': { post: Op<OfficePaperDetail, undefined, OnePaper> };
  '/api/v1/papers/{paper}/signed': { post: Op<OfficePaperDetail, { content: string }, OnePaper> };
  '/api/v1/papers/{paper}/seal': { post: Op<OfficePaperDetail, undefined, OnePaper> };
  '/api/v1/papers/{paper}/deliveries': {
    post: Op<OfficePaperDetail, now.PaperDeliveryNote, OnePaper>;
  };
  '/api/v1/signature-trust': { get: Op<SignatureTrust> };
  '/api/v1/signature-trust/refresh': { post: Op<SignatureTrust> };
}

export type ComingAction = 'contact_manage' | 'system_read' | 'system_manage' | 'form_manage';
