// The pages as the menu and the palette offer them.
import type { Action } from '~/api/types';
import {
  AgencyIcon,
  AuditIcon,
  ContactIcon,
  DeviceIcon,
  DutyIcon,
  EvidenceIcon,
  FindingIcon,
  FormIcon,
  HomeIcon,
  InboundIcon,
  InboxIcon,
  IncidentIcon,
  IndicatorIcon,
  LinkIcon,
  LogIcon,
  MeasureIcon,
  PaperIcon,
  PeopleIcon,
  ReportIcon,
  RuleIcon,
  ServiceIcon,
  SoftwareIcon,
  SystemIcon,
  TownIcon,
  TrustIcon,
  VerdictIcon,
  WarningIcon,
  WifiIcon,
} from '~/ui/icons';

export const navigation = [
  { to: '/', key: 'home', action: 'session_use', Icon: HomeIcon, group: 'duty' },
  { to: '/obligations', key: 'obligations', action: 'regulation_read', Icon: DutyIcon, group: 'duty' },
  { to: '/verdicts', key: 'verdicts', action: 'verdict_read', Icon: VerdictIcon, group: 'duty' },
  { to: '/findings', key: 'findings', action: 'finding_read', Icon: FindingIcon, group: 'detection' },
  { to: '/rules', key: 'rules', action: 'rule_read', Icon: RuleIcon, group: 'detection' },
  { to: '/links', key: 'links', action: 'evidence_search', Icon: LinkIcon, group: 'detection' },
  { to: '/services', key: 'services', action: 'service_read', Icon: ServiceIcon, group: 'detection' },
  { to: '/indicators', key: 'indicators', action: 'indicator_read', Icon: IndicatorIcon, group: 'detection' },
  { to: '/town-office', key: 'town_office', action: 'incident_read', Icon: TownIcon, group: 'incident' },
  { to: '/incidents', key: 'incidents', action: 'incident_read', Icon: IncidentIcon, group: 'incident' },
  {
    to: '/staff-reports',
    key: 'staff_reports',
    action: 'incident_read',
    Icon: ReportIcon,
    group: 'incident',
  },
  { to: '/warnings', key: 'warnings', action: 'warning_read', Icon: WarningIcon, group: 'incident' },
  {
    to: '/inbound-warnings',
    key: 'inbound',
    action: 'warning_read',
    Icon: InboundIcon,
    group: 'incident',
  },
  { to: '/contacts', key: 'contacts', action: 'incident_read', Icon: ContactIcon, group: 'incident' },
  { to: '/papers', key: 'office_papers', action: 'incident_read', Icon: PaperIcon, group: 'incident' },
  {
    to: '/incident-measures',
    key: 'incident_measures',
    action: 'incident_read',
    Icon: MeasureIcon,
    group: 'incident',
  },
  { to: '/systems', key: 'systems', action: 'system_read', Icon: SystemIcon, group: 'inventory' },
  { to: '/devices', key: 'devices', action: 'device_read', Icon: DeviceIcon, group: 'inventory' },
  { to: '/software', key: 'software', action: 'software_read', Icon: SoftwareIcon, group: 'inventory' },
  { to: '/wifi', key: 'wifi', action: 'device_read', Icon: WifiIcon, group: 'inventory' },
  { to: '/logs', key: 'logs', action: 'evidence_search', Icon: LogIcon, group: 'evidence' },
  { to: '/evidence', key: 'evidence', action: 'evidence_search', Icon: EvidenceIcon, group: 'evidence' },
  { to: '/audit', key: 'audit', action: 'evidence_search', Icon: AuditIcon, group: 'evidence' },
  { to: '/acts', key: 'acts', action: 'act_read', Icon: InboxIcon, group: 'directory' },
  { to: '/people', key: 'people', action: 'account_read', Icon: PeopleIcon, group: 'directory' },
  { to: '/agencies', key: 'agencies', action: 'agency_read', Icon: AgencyIcon, group: 'directory' },
  { to: '/forms', key: 'forms', action: 'incident_read', Icon: FormIcon, group: 'directory' },
  { to: '/signature-trust', key: 'trust', action: 'account_read', Icon: TrustIcon, group: 'directory' },
] as const satisfies readonly {
  to: string;
  key: string;
  action: Action;
  Icon: () => React.ReactNode;
  group: string;
}[];

export const groups = ['duty', 'detection', 'incident', 'inventory', 'evidence', 'directory'] as const;

// Whether an address is of a page of the menu or below it.
export const isAt = (to: string, pathname: string): boolean =>
  pathname === to || (to !== '/' && pathname.startsWith(`${to}/`));
