// The contract's shapes of incidents under the names the console uses.
import type { Incident, StaffReport } from './coming';
import type { IncidentClock, IncidentPart } from './generated';

export type {
  Incident,
  IncidentConflict,
  IncidentDetail,
  IncidentMeasures,
  NewIncident,
  NewIncidentPart,
  Paper,
  PaperDelivery,
  PaperDetail,
  StaffReport,
} from './coming';

export type {
  ConflictAct,
  Hold,
  IncidentChoice,
  IncidentClassificationChange,
  IncidentClock,
  IncidentEntry,
  IncidentEventField,
  IncidentLink,
  IncidentMove,
  IncidentPart,
  IncidentPartField,
  IncidentProcess,
  IncidentSpread,
  IncidentTransition,
  IncidentWayOn,
  NewReport,
  NewWarning,
  PaperDeliveryNote,
  PaperForm,
  PaperFormField,
  PaperSigner,
  ReportReceipt,
  ReportState,
  Warning,
  WarningReceiver,
} from './generated';

export type ClockState = IncidentClock['state'];
export type IncidentState = Incident['state'];
export type PartBody = IncidentPart['body'];
export type ReportStateName = StaffReport['state'];
