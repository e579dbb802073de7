// The contract's shapes of incidents under the names the console uses.
import type { Incident, IncidentClock, IncidentPart, StaffReport } from './generated';

export type {
  ConflictAct,
  Hold,
  Incident,
  IncidentChoice,
  IncidentClassificationChange,
  IncidentClock,
  IncidentConflict,
  IncidentDetail,
  IncidentEntry,
  IncidentEventField,
  IncidentLink,
  IncidentMeasures,
  IncidentMove,
  IncidentPart,
  IncidentPartField,
  IncidentProcess,
  IncidentSpread,
  IncidentTransition,
  IncidentWayOn,
  NewIncident,
  NewIncidentPart,
  NewReport,
  NewWarning,
  Paper,
  PaperDelivery,
  PaperDeliveryNote,
  PaperDetail,
  PaperForm,
  PaperFormField,
  PaperSigner,
  ReportReceipt,
  ReportState,
  StaffReport,
  Warning,
  WarningReceiver,
} from './generated';

export type ClockState = IncidentClock['state'];
export type IncidentState = Incident['state'];
export type PartBody = IncidentPart['body'];
export type ReportStateName = StaffReport['state'];
