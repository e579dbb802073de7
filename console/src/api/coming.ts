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
export type {
  EvidenceHandover as Handover,
  FormText as FormDetail,
  IncidentAssignee as Assignee,
  NewEvidenceHandover as NewHandover,
  PossibleAssignee,
  TownAgency,
  TownItem,
  TownOffice,
} from './generated';
export type FormSummary = now.FormList['items'][number];
export type Incident = now.Incident & { system_id?: string | null };
export type IncidentDetail = now.IncidentDetail & { system_id?: string | null };
export type NewIncident = now.NewIncident & { system_id?: string };
export type PaperDelivery = now.PaperDelivery & { contact?: string | null; verified?: boolean };
export interface PaperPlaceOfSigning {
  field: string;
  name: string;
  account: string | null;
  candidates: { account: string; name: string; username: string }[];
}
export type PaperDetail = Omit<now.PaperDetail, 'deliveries'> & {
  deliveries: PaperDelivery[];
  places?: PaperPlaceOfSigning[];
};
export interface PaperIssue {
  signers?: Record<string, string>;
}
export type IncidentConflict = now.IncidentConflict & { due?: string | null };
export type ConflictStage = now.IncidentChoice & { limit?: LocalText | null };

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

export type Order = now.Order & { case_number?: string | null };
export type CaseOrder = Omit<Order, 'device'> & { device: now.Named };

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

export interface PaperOwner {
  kind: 'period' | 'warning';
  agency: Named;
  from?: string | null;
  to?: string | null;
  warning?: { id: string; number: string } | null;
}
export type OfficePaper = now.Paper & { owner: PaperOwner };
export interface FigureDifference {
  row: string;
  title: LocalText;
  column: 'count' | 'own' | 'helped';
  written: number;
  exact: number;
}
export type OfficePaperDetail = PaperDetail & { owner: PaperOwner; differences: FigureDifference[] };
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
  '/api/v1/incidents/{incident}/orders': { get: Op<{ items: CaseOrder[] }, undefined, Case> };
  '/api/v1/incidents/{incident}/system': {
    put: Op<IncidentDetail, { system_id: string | null; system?: string }, Case>;
  };
  '/api/v1/systems': {
    get: Op<SystemRegister, undefined, undefined, { agency?: string }>;
    post: Op<RegisteredSystem, SystemFields & { agency: string }>;
  };
  '/api/v1/systems/{system}': { put: Op<RegisteredSystem, SystemFields, { system: string }> };
  '/api/v1/systems/{system}/retirement': { post: Op<undefined, undefined, { system: string }> };
  '/api/v1/papers': {
    get: Op<{ items: OfficePaper[] }, undefined, undefined, { kind?: 'period' | 'warning'; agency?: string }>;
    post: Op<OfficePaperDetail, NewOfficePaper>;
  };
  '/api/v1/papers/{paper}': {
    get: Op<OfficePaperDetail, undefined, OnePaper>;
    put: Op<OfficePaperDetail, { data: Record<string, unknown> }, OnePaper>;
  };
  '/api/v1/papers/{paper}/issue': {
    post: Op<OfficePaperDetail, undefined, OnePaper> & { requestBody?: Content<PaperIssue> };
  };
  '/api/v1/papers/{paper}/signed': { post: Op<OfficePaperDetail, { content: string }, OnePaper> };
  '/api/v1/papers/{paper}/seal': { post: Op<OfficePaperDetail, undefined, OnePaper> };
  '/api/v1/papers/{paper}/deliveries': {
    post: Op<OfficePaperDetail, now.PaperDeliveryNote, OnePaper>;
  };
  '/api/v1/signature-trust': { get: Op<SignatureTrust> };
  '/api/v1/signature-trust/refresh': { post: Op<SignatureTrust> };
}

export type ComingAction = 'contact_manage';
