// The few line drawings the console needs, drawn for it; all are decoration beside a word.
import type { ReactNode } from 'react';

function icon(drawing: ReactNode) {
  return () => (
    <svg className="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      {drawing}
    </svg>
  );
}

export const HomeIcon = icon(<path d="M3 3.5h6v6H3zM11 3.5h6v3.5h-6zM11 9.5h6v7h-6zM3 12h6v4.5H3z" />);
export const DutyIcon = icon(<path d="M4 2.8h9l3 3v11.4H4zM7 8h6M7 11h6M7 14h4" />);
export const VerdictIcon = icon(
  <path d="M10 2.5v15M4 5.5h12M4 5.5l-2 5.2a2.4 2.4 0 0 0 4 0zM16 5.5l-2 5.2a2.4 2.4 0 0 0 4 0zM6.5 17.5h7" />,
);
export const DeviceIcon = icon(<path d="M2.5 4h15v9h-15zM7 16.5h6M10 13v3.5" />);
export const LogIcon = icon(<path d="M3 5h14M3 8.4h10M3 11.8h14M3 15.2h7" />);
export const SoftwareIcon = icon(<path d="M10 2.5 17 6v8l-7 3.5L3 14V6zM3 6l7 3.5L17 6M10 9.5v8" />);
export const SoftwareRequestIcon = icon(
  <path d="M9 3 15 6v4M9 3 3 6v7l6 3.5M3 6l6 3.2L15 6M9 9.2v7.3M15 12.5v5M12.5 15h5" />,
);
export const WifiIcon = icon(
  <path d="M2.5 7.6a11 11 0 0 1 15 0M5 10.6a7.2 7.2 0 0 1 10 0M7.6 13.4a3.5 3.5 0 0 1 4.8 0M10 16.2v.2" />,
);
export const NetworkIcon = icon(<path d="M8 3h4v4H8zM3 13h4v4H3zM13 13h4v4h-4zM10 7v3M5 13v-3h10v3" />);
export const EquipmentIcon = icon(
  <path d="M3 11h14v5H3zM6 13.5h.1M9 13.5h.1M12.5 13.5H15M6 11 8 4M14 11l-2-7" />,
);
export const SecretIcon = icon(
  <path d="M3 4h14v9H3zM7 17h6M10 13v4M8.5 8.5V7.3a1.5 1.5 0 0 1 3 0v1.2M7.8 8.5h4.4v2.6H7.8z" />,
);
export const AgencyIcon = icon(
  <path d="M3 17h14M4.5 17V8.5M8.2 17V8.5M11.8 17V8.5M15.5 17V8.5M3 8.5h14L10 3z" />,
);
export const EvidenceIcon = icon(
  <path d="M10 2.5 16.5 5v5c0 4-2.8 6.4-6.5 7.5C6.3 16.4 3.5 14 3.5 10V5zM7 10l2.2 2.2L13.2 8" />,
);
export const SenderIcon = icon(
  <path d="M3 14.5h8v3H3zM7 14.5V9M4.5 9a3.5 3.5 0 0 1 5 0M11.5 5.5h6M15 3l2.5 2.5L15 8" />,
);
export const SavedIcon = icon(
  <path d="M8 3a4.8 4.8 0 1 1 0 9.6A4.8 4.8 0 0 1 8 3zM11.6 11.4l2 2M14.5 13v4.5l1.5-1.2 1.5 1.2V13z" />,
);
export const WitnessIcon = icon(
  <path d="M2 10c2-3.6 4.7-5.4 8-5.4s6 1.8 8 5.4c-2 3.6-4.7 5.4-8 5.4S4 13.6 2 10zM10 7.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2z" />,
);
export const CheckpointIcon = icon(<path d="M6 17.5V3M6 3.5h9l-2.2 3.2L15 10H6M3.5 17.5h5" />);
export const SearchIcon = icon(<path d="M8.8 3.3a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4" />);
export const MenuIcon = icon(<path d="M3 5.5h14M3 10h14M3 14.5h14" />);
export const SunIcon = icon(
  <path d="M10 6.4a3.6 3.6 0 1 1 0 7.2 3.6 3.6 0 0 1 0-7.2zM10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.4 4.4l1.1 1.1M14.5 14.5l1.1 1.1M15.6 4.4l-1.1 1.1M5.5 14.5l-1.1 1.1" />,
);
export const MoonIcon = icon(<path d="M15.8 12.3A6.6 6.6 0 0 1 7.7 4.2a6.6 6.6 0 1 0 8.1 8.1z" />);
export const UserIcon = icon(
  <path d="M10 3.2a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4zM3.8 17a6.2 6.2 0 0 1 12.4 0" />,
);
export const PeopleIcon = icon(
  <path d="M7.5 4a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4zM2.5 16a5 5 0 0 1 10 0M12.5 4.3a2.7 2.7 0 0 1 0 4.9M14.5 11.6a5 5 0 0 1 3 4.4" />,
);
export const InboxIcon = icon(<path d="M3 11.5 5 4h10l2 7.5V16H3zM3 11.5h4l1 2h4l1-2h4" />);
export const ClockIcon = icon(<path d="M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM10 6v4.3l3 1.8" />);
export const AuditIcon = icon(<path d="M4 2.8h9l3 3v11.4H4zM7.5 10.5l2 2 3.5-4" />);
export const FindingIcon = icon(
  <path d="M10 2.8a5 5 0 0 1 5 5v3.4l1.6 2.8H3.4L5 11.2V7.8a5 5 0 0 1 5-5zM8 16.4a2 2 0 0 0 4 0" />,
);
export const RuleIcon = icon(
  <path d="M3 4.5h6M3 8.5h6M3 12.5h4M13.2 7.2a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4zM15.6 12.8l2.2 2.4" />,
);
export const ServiceIcon = icon(
  <path d="M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM2.8 8h14.4M2.8 12h14.4M10 2.5c-5 5-5 10 0 15M10 2.5c5 5 5 10 0 15" />,
);
export const PatchIcon = icon(
  <path d="M6.2 3.6 16.4 13.8a2.6 2.6 0 0 1-3.7 3.7L2.5 7.3a2.6 2.6 0 0 1 3.7-3.7zM7.4 8.8l.1.1M10 11.4l.1.1M10 8.9l.1.1" />,
);
export const AntivirusIcon = icon(
  <path d="M10 2.5 16.5 5v5c0 3.6-2.6 6.3-6.5 7.5C6.1 16.3 3.5 13.6 3.5 10V5zM7 10l2.2 2.2L13.2 8" />,
);
export const BackupIcon = icon(
  <path d="M3 5.5c0-1.4 3.1-2.5 7-2.5s7 1.1 7 2.5-3.1 2.5-7 2.5-7-1.1-7-2.5zM3 5.5v9C3 15.9 6.1 17 10 17s7-1.1 7-2.5v-9M7.5 12.5 10 15l2.5-2.5M10 15v-4.5" />,
);
export const VulnerabilityIcon = icon(
  <path d="M10 2.5 16.5 5v4.6c0 3.7-2.7 6.6-6.5 7.9-3.8-1.3-6.5-4.2-6.5-7.9V5zM10.8 5.6 8.4 9.4h3.2l-2.4 3.9" />,
);
export const IndicatorIcon = icon(<path d="M5 17.5v-15M5 3.5h10l-2.5 3.5 2.5 3.5H5" />);
export const LinkIcon = icon(
  <path d="M4.5 3.2a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM15.5 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM6 13.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM6.3 6l7.4 3.2M7.6 14.3l6.4-3.4" />,
);
export const IncidentIcon = icon(<path d="M10 3 18 16.5H2zM10 8v4.2M10 14.2v.2" />);
export const ReleaseIcon = icon(<path d="M10 13V3M6.5 6.5 10 3l3.5 3.5M3.5 11v5.5h13V11" />);
export const ReportIcon = icon(<path d="M3 4h14v9.5H9.5L6 17v-3.5H3zM6.5 7.5h7M6.5 10.3h4.5" />);
export const WarningIcon = icon(
  <path d="M3 8.2v3.6h3l6.5 3.7v-11L6 8.2zM15 7.5a3.6 3.6 0 0 1 0 5M6 11.8l1 4.7h2" />,
);
export const TownIcon = icon(<path d="M3 4h14M3 9h14M3 14h8M14 12.5l1.6 1.6 2.6-3M3 17.5h5" />);
export const InboundIcon = icon(<path d="M4 8.5v3h2.4l5.6 3.3V5.2L6.4 8.5zM17.5 10h-3.3M15.6 8l-2 2 2 2" />);
export const ContactIcon = icon(
  <path d="M5.5 2.8h3l1.2 3.6-1.9 1.3a10 10 0 0 0 4.5 4.5l1.3-1.9 3.6 1.2v3a1.9 1.9 0 0 1-2 1.9A13.4 13.4 0 0 1 3.6 4.8a1.9 1.9 0 0 1 1.9-2z" />,
);
export const PaperIcon = icon(<path d="M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M7.5 10h5.5M7.5 13.5h5.5" />);
export const FormIcon = icon(<path d="M3.5 3h13v14h-13zM6 6.5h8M6 10h3M6 13.5h3M11.5 9h3v5.5h-3z" />);
export const SystemIcon = icon(
  <path d="M3 3.5h14v4.5H3zM3 12h14v4.5H3zM10 8v4M5.5 5.8h.2M5.5 14.3h.2M8.5 5.8h5M8.5 14.3h5" />,
);
export const TrustIcon = icon(
  <path d="M10 2.5 16.5 5v4.6c0 4-2.6 6.6-6.5 8-3.9-1.4-6.5-4-6.5-8V5zM7 10l2.2 2.2L13.2 8" />,
);
export const MeasureIcon = icon(<path d="M3 17h14M5 17v-5M9 17V7M13 17v-7.5M17 17V4" />);
export const PersonsIcon = icon(
  <path d="M7.5 3.2a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM2.5 16.5c.3-3 2.3-4.8 5-4.8s4.7 1.8 5 4.8M13 4a2.6 2.6 0 0 1 0 5M14.5 12c1.8.5 2.9 2.1 3 4.5" />,
);
export const LeaveIcon = icon(<path d="M11.5 3H4v14h7.5M8 10h9.5M14.5 7l3 3-3 3" />);
export const ReviewIcon = icon(<path d="M3 4.5h8M3 9h5M3 13.5h4M9.5 13l2.5 2.5 5-6" />);
export const CommitmentIcon = icon(
  <path d="M5 2.5h8l2.5 2.5v6M5 2.5v15h5M8 7h4M8 10.5h3M12 16.5l1-2.5 4-4 1.5 1.5-4 4z" />,
);
export const KeyIcon = icon(
  <path d="M6.5 7a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM9.6 9 17 4.5M14 6.3l1.6 2.6" />,
);
export const AlarmIcon = icon(
  <path d="M5 15v-4.5a5 5 0 0 1 10 0V15M3.5 17.2h13M10 2v2M3.5 5l1.4 1.3M16.5 5l-1.4 1.3" />,
);
export const SourceIcon = icon(<path d="M8 3H16v14H8M3.5 10H12M9 7l3 3-3 3" />);
export const NoticeIcon = icon(<path d="M3 4.5h14v11H3zM3 5.5l7 5.5 7-5.5" />);
export const ProviderIcon = icon(
  <path d="M10 17V8M6.5 17h7M7.2 10.8a4 4 0 1 1 5.6 0M4.7 13.3a7.5 7.5 0 1 1 10.6 0" />,
);
export const ChevronIcon = icon(<path d="m7 4.5 5.5 5.5L7 15.5" />);
export const PlusIcon = icon(<path d="M10 4v12M4 10h12" />);
export const HelpIcon = icon(
  <path d="M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM7.8 8a2.2 2.2 0 1 1 3.1 2c-.7.4-.9.8-.9 1.5M10 14v.2" />,
);

export function Brand() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" className="brand-mark">
      <rect width="32" height="32" rx="6" />
      <path d="M6 25V10h4v3h3v-3h6v3h3v-3h4v15h-7v-4a3 3 0 0 0-6 0v4z" />
    </svg>
  );
}
