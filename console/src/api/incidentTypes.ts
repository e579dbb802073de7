// The contract's shapes of incidents under the names the console uses.
import type { Incident } from './coming';
import type { IncidentClock, IncidentPart, StaffReport } from './generated';

export type {
  Incident,
  IncidentConflict,
  IncidentDetail,
  NewIncident,
  PaperDelivery,
  PaperDetail,
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
  IncidentMeasures,
  IncidentMove,
  IncidentPart,
  IncidentPartField,
  IncidentProcess,
  IncidentSpread,
  IncidentTransition,
  IncidentWayOn,
  NewIncidentPart,
  NewReport,
  NewWarning,
  Paper,
  PaperDeliveryNote,
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
