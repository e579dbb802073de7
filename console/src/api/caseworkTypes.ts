// The contract's shapes of the work around cases under the names the console uses.
import type { FormList, NewContact, NewInformationSystem, OfficePaperDetail, PaperDetail } from './generated';

export type {
  Contact,
  ContactList,
  EvidenceHandover as Handover,
  FormText as FormDetail,
  FoundIndicators as IndicatorsFound,
  InboundState,
  InboundWarning,
  IncidentAssignee as Assignee,
  IncidentOrder as CaseOrder,
  InformationSystem as RegisteredSystem,
  InformationSystemList as SystemRegister,
  NewContact,
  NewEvidenceHandover as NewHandover,
  NewInboundWarning,
  NewInformationSystem,
  NewOfficePaper,
  OfficePaper,
  OfficePaperDetail,
  SignatureTrust,
  TownAgency,
  TownItem,
  TownOffice,
  TrustedCertificate as TrustCertificate,
} from './generated';
export type ContactFields = Required<NewContact>;
export type SystemFields = Required<Omit<NewInformationSystem, 'agency'>>;
export type FormSummary = FormList['items'][number];
export type PaperPlaceOfSigning = PaperDetail['places'][number];
export type FigureDifference = OfficePaperDetail['differences'][number];
