// Every page and its address. Each page is its own file of the bundle, read with its texts when it is first opened.
import { Suspense } from 'react';
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router-dom';
import type { Action } from '~/api/types';
import { lazyPage } from '~/i18n/parts';
import { Loading } from '~/ui/Page';
import { Broken } from './Broken';
import { Only } from './Only';

// Who is not signed in does not need it: the sign-in page and the page to report on stay small.
const Shell = lazyPage(() => import('./Shell'));
const Home = lazyPage(() => import('~/pages/home/HomePage'));
const Obligations = lazyPage(() => import('~/pages/obligations/ObligationsPage'));
const Obligation = lazyPage(() => import('~/pages/obligations/ObligationPage'));
const Verdicts = lazyPage(() => import('~/pages/verdicts/VerdictsPage'));
const Verdict = lazyPage(() => import('~/pages/verdicts/VerdictPage'));
const Proof = lazyPage(() => import('~/pages/proof/ProofPage'));
const Findings = lazyPage(() => import('~/pages/findings/FindingsPage'));
const Finding = lazyPage(() => import('~/pages/findings/FindingPage'));
const Entity = lazyPage(() => import('~/pages/entities/EntityPage'));
const Links = lazyPage(() => import('~/pages/links/LinksPage'));
const Rules = lazyPage(() => import('~/pages/rules/RulesPage'));
const Rule = lazyPage(() => import('~/pages/rules/RulePage'));
const Runs = lazyPage(() => import('~/pages/rules/RunsPage'));
const ImportRules = lazyPage(() => import('~/pages/rules/ImportRulesPage'));
const RunPage = lazyPage(() => import('~/pages/rules/RunPage'));
const NewRule = lazyPage(() => import('~/pages/rules/NewRulePage'));
const Services = lazyPage(() => import('~/pages/services/ServicesPage'));
const Service = lazyPage(() => import('~/pages/services/ServicePage'));
const Indicators = lazyPage(() => import('~/pages/indicators/IndicatorsPage'));
const Devices = lazyPage(() => import('~/pages/devices/DevicesPage'));
const Device = lazyPage(() => import('~/pages/devices/DevicePage'));
const Equipment = lazyPage(() => import('~/pages/equipment/EquipmentPage'));
const EquipmentOne = lazyPage(() => import('~/pages/equipment/EquipmentOne'));
const ImportEquipment = lazyPage(() => import('~/pages/equipment/ImportEquipment'));
const Secrets = lazyPage(() => import('~/pages/secrets/SecretsPage'));
const Secret = lazyPage(() => import('~/pages/secrets/SecretPage'));
const Senders = lazyPage(() => import('~/pages/senders/SendersPage'));
const Enrol = lazyPage(() => import('~/pages/devices/EnrolPage'));
const Logs = lazyPage(() => import('~/pages/logs/LogsPage'));
const Searches = lazyPage(() => import('~/pages/searches/SearchesPage'));
const Software = lazyPage(() => import('~/pages/software/SoftwarePage'));
const Patches = lazyPage(() => import('~/pages/patches/PatchesPage'));
const Antivirus = lazyPage(() => import('~/pages/antivirus/AntivirusPage'));
const Backups = lazyPage(() => import('~/pages/backups/BackupsPage'));
const Vulnerabilities = lazyPage(() => import('~/pages/vulnerabilities/VulnerabilitiesPage'));
const Vulnerability = lazyPage(() => import('~/pages/vulnerabilities/VulnerabilityPage'));
const SoftwareRequests = lazyPage(() => import('~/pages/software/RequestsPage'));
const AgentReleases = lazyPage(() => import('~/pages/releases/ReleasesPage'));
const Network = lazyPage(() => import('~/pages/network/NetworkPage'));
const Wifi = lazyPage(() => import('~/pages/wifi/WifiPage'));
const Agencies = lazyPage(() => import('~/pages/agencies/AgenciesPage'));
const Agency = lazyPage(() => import('~/pages/agencies/AgencyPage'));
const Reorganise = lazyPage(() => import('~/pages/agencies/ReorganisePage'));
const ImportAgencies = lazyPage(() => import('~/pages/agencies/ImportPage'));
const Checkpoints = lazyPage(() => import('~/pages/checkpoints/CheckpointsPage'));
const Evidence = lazyPage(() => import('~/pages/evidence/EvidencePage'));
const EvidenceDay = lazyPage(() => import('~/pages/evidence/DayPage'));
const Witnesses = lazyPage(() => import('~/pages/witnesses/WitnessesPage'));
const SignIn = lazyPage(() => import('~/pages/session/SignInPage'));
const Password = lazyPage(() => import('~/pages/session/PasswordPage'));
const SecondFactor = lazyPage(() => import('~/pages/session/SecondFactorPage'));
const Audit = lazyPage(() => import('~/pages/audit/AuditPage'));
const Acts = lazyPage(() => import('~/pages/acts/ActsPage'));
const People = lazyPage(() => import('~/pages/people/PeoplePage'));
const Person = lazyPage(() => import('~/pages/people/PersonPage'));
const Persons = lazyPage(() => import('~/pages/persons/PersonsPage'));
const PersonOne = lazyPage(() => import('~/pages/persons/PersonPage'));
const ImportPersons = lazyPage(() => import('~/pages/persons/ImportPersons'));
const DeviceAccounts = lazyPage(() => import('~/pages/accounts/DeviceAccountsPage'));
const Reviews = lazyPage(() => import('~/pages/reviews/ReviewsPage'));
const Review = lazyPage(() => import('~/pages/reviews/ReviewPage'));
const Leaves = lazyPage(() => import('~/pages/leaves/LeavesPage'));
const LeaveCase = lazyPage(() => import('~/pages/leaves/LeavePage'));
const Commitments = lazyPage(() => import('~/pages/commitments/CommitmentsPage'));
const SignCommitment = lazyPage(() => import('~/pages/commitments/SignPage'));
const Notices = lazyPage(() => import('~/pages/notices/NoticesPage'));
const Sources = lazyPage(() => import('~/pages/sources/SourcesPage'));
const SourceOne = lazyPage(() => import('~/pages/sources/SourcePage'));
const Emergency = lazyPage(() => import('~/pages/emergency/EmergencyPage'));
const Account = lazyPage(() => import('~/pages/account/AccountPage'));
const Incidents = lazyPage(() => import('~/pages/incidents/IncidentsPage'));
const IncidentCase = lazyPage(() => import('~/pages/incidents/IncidentPage'));
const CasePaper = lazyPage(() => import('~/pages/incidents/PaperPage'));
const IncidentMeasures = lazyPage(() => import('~/pages/incidents/MeasuresPage'));
const Holds = lazyPage(() => import('~/pages/incidents/HoldsPage'));
const StaffReports = lazyPage(() => import('~/pages/reports/StaffReportsPage'));
const Report = lazyPage(() => import('~/pages/reports/ReportPage'));
const FollowReport = lazyPage(() => import('~/pages/reports/FollowPage'));
const TownOffice = lazyPage(() => import('~/pages/town/TownOfficePage'));
const Contacts = lazyPage(() => import('~/pages/contacts/ContactsPage'));
const Inbound = lazyPage(() => import('~/pages/inbound/InboundPage'));
const InboundOne = lazyPage(() => import('~/pages/inbound/InboundOnePage'));
const OfficePapers = lazyPage(() => import('~/pages/office/OfficePapersPage'));
const OfficePaper = lazyPage(() => import('~/pages/office/OfficePaperPage'));
const ProviderRequests = lazyPage(() => import('~/pages/providers/ProviderRequestsPage'));
const ProviderRequestOne = lazyPage(() => import('~/pages/providers/ProviderRequestPage'));
const OwnRequest = lazyPage(() => import('~/pages/providers/OwnRequestPage'));
const Systems = lazyPage(() => import('~/pages/systems/SystemsPage'));
const Forms = lazyPage(() => import('~/pages/forms/FormsPage'));
const FormText = lazyPage(() => import('~/pages/forms/FormPage'));
const Trust = lazyPage(() => import('~/pages/trust/TrustPage'));
const Warnings = lazyPage(() => import('~/pages/warnings/WarningsPage'));
const Warning = lazyPage(() => import('~/pages/warnings/WarningPage'));
const Missing = lazyPage(() => import('./Missing'));

const page = (element: React.ReactNode) => <Suspense fallback={<Loading rows={8} />}>{element}</Suspense>;

const only = (action: Action, title: React.ComponentProps<typeof Only>['title'], element: React.ReactNode) =>
  page(
    <Only action={action} title={title}>
      {element}
    </Only>,
  );

export const routes: RouteObject[] = [
  { path: '/sign-in', element: page(<SignIn />), errorElement: <Broken /> },
  { path: '/password', element: page(<Password />), errorElement: <Broken /> },
  { path: '/second-factor', element: page(<SecondFactor />), errorElement: <Broken /> },
  // On posters and in instructions, so in the words of those who read them; open to whoever has no account.
  { path: '/bao-su-co', element: page(<Report />), errorElement: <Broken /> },
  { path: '/bao-su-co/theo-doi', element: page(<FollowReport />), errorElement: <Broken /> },
  {
    path: '/',
    element: page(<Shell />),
    errorElement: <Broken />,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { index: true, element: page(<Home />) },
          { path: 'obligations', element: page(<Obligations />) },
          { path: 'obligations/:obligation', element: page(<Obligation />) },
          { path: 'verdicts', element: only('verdict_read', 'verdicts', <Verdicts />) },
          { path: 'verdicts/:obligation/:subject', element: page(<Verdict />) },
          { path: 'proof/:seq', element: page(<Proof />) },
          { path: 'devices', element: only('device_read', 'devices', <Devices />) },
          { path: 'devices/enrol', element: only('device_enrol', 'devices', <Enrol />) },
          { path: 'devices/:device', element: only('device_read', 'devices', <Device />) },
          { path: 'equipment', element: only('equipment_read', 'equipment', <Equipment />) },
          {
            path: 'equipment/import',
            element: only('equipment_manage', 'equipment_import', <ImportEquipment />),
          },
          { path: 'equipment/:equipment', element: only('equipment_read', 'equipment', <EquipmentOne />) },
          { path: 'secret-devices', element: only('secret_device_read', 'secrets', <Secrets />) },
          { path: 'secret-devices/:secret', element: only('secret_device_read', 'secrets', <Secret />) },
          { path: 'senders', element: only('device_read', 'senders', <Senders />) },
          { path: 'logs', element: only('evidence_search', 'logs', <Logs />) },
          { path: 'searches', element: only('evidence_search', 'searches', <Searches />) },
          { path: 'software', element: only('software_read', 'software', <Software />) },
          { path: 'patches', element: only('device_read', 'patches', <Patches />) },
          { path: 'antivirus', element: only('device_read', 'antivirus', <Antivirus />) },
          { path: 'backups', element: only('backup_read', 'backups', <Backups />) },
          { path: 'vulnerabilities', element: only('device_read', 'vulnerabilities', <Vulnerabilities />) },
          {
            path: 'vulnerabilities/:cve',
            element: only('device_read', 'vulnerabilities', <Vulnerability />),
          },
          {
            path: 'software-requests',
            element: only('software_request', 'software_requests', <SoftwareRequests />),
          },
          { path: 'releases', element: only('device_read', 'releases', <AgentReleases />) },
          { path: 'network', element: only('network_read', 'network', <Network />) },
          { path: 'wifi', element: only('device_read', 'wifi', <Wifi />) },
          { path: 'agencies', element: only('agency_read', 'agencies', <Agencies />) },
          { path: 'agencies/reorganise', element: only('agency_manage', 'agencies', <Reorganise />) },
          { path: 'agencies/import', element: only('agency_manage', 'agencies', <ImportAgencies />) },
          { path: 'agencies/:agency', element: only('agency_read', 'agencies', <Agency />) },
          // Everybody reads their own entries.
          { path: 'audit', element: page(<Audit />) },
          { path: 'acts', element: only('act_read', 'acts', <Acts />) },
          { path: 'people', element: only('account_read', 'people', <People />) },
          { path: 'people/:account', element: only('account_read', 'people', <Person />) },
          { path: 'persons', element: only('person_read', 'persons', <Persons />) },
          { path: 'persons/import', element: only('person_manage', 'persons_import', <ImportPersons />) },
          { path: 'persons/:person', element: only('person_read', 'persons', <PersonOne />) },
          {
            path: 'device-accounts',
            element: only('account_control_read', 'device_accounts', <DeviceAccounts />),
          },
          { path: 'reviews', element: only('account_control_read', 'reviews', <Reviews />) },
          { path: 'reviews/:review', element: only('account_control_read', 'reviews', <Review />) },
          { path: 'leaves', element: only('leave_read', 'leaves', <Leaves />) },
          { path: 'leaves/:leave', element: only('leave_read', 'leaves', <LeaveCase />) },
          { path: 'commitments', element: only('commitment_read', 'commitments', <Commitments />) },
          {
            path: 'commitments/sign',
            element: only('commitment_sign', 'commitment_own', <SignCommitment />),
          },
          { path: 'emergency', element: only('act_read', 'emergency', <Emergency />) },
          { path: 'findings', element: only('finding_read', 'findings', <Findings />) },
          { path: 'findings/:finding', element: only('finding_read', 'findings', <Finding />) },
          { path: 'entities/:type/:value', element: only('evidence_search', 'findings', <Entity />) },
          { path: 'links', element: only('evidence_search', 'links', <Links />) },
          { path: 'rules', element: only('rule_read', 'rules', <Rules />) },
          { path: 'rules/new', element: only('rule_manage', 'rules', <NewRule />) },
          { path: 'rules/import', element: only('rule_manage', 'rules', <ImportRules />) },
          { path: 'rules/runs', element: only('rule_run', 'rules', <Runs />) },
          { path: 'rules/runs/:run', element: only('rule_run', 'rules', <RunPage />) },
          { path: 'rules/:rule', element: only('rule_read', 'rules', <Rule />) },
          { path: 'services', element: only('service_read', 'services', <Services />) },
          { path: 'services/:service', element: only('service_read', 'services', <Service />) },
          { path: 'indicators', element: only('indicator_read', 'indicators', <Indicators />) },
          { path: 'incidents', element: only('incident_read', 'incidents', <Incidents />) },
          { path: 'incidents/:incident', element: only('incident_read', 'incidents', <IncidentCase />) },
          {
            path: 'incidents/:incident/papers/:paper',
            element: only('incident_read', 'incidents', <CasePaper />),
          },
          { path: 'town-office', element: only('incident_read', 'town_office', <TownOffice />) },
          { path: 'contacts', element: only('incident_read', 'contacts', <Contacts />) },
          { path: 'inbound-warnings', element: only('warning_read', 'inbound', <Inbound />) },
          { path: 'inbound-warnings/:inbound', element: only('warning_read', 'inbound', <InboundOne />) },
          { path: 'papers', element: only('incident_read', 'office_papers', <OfficePapers />) },
          { path: 'papers/:paper', element: only('incident_read', 'office_papers', <OfficePaper />) },
          {
            path: 'provider-requests',
            element: only('incident_read', 'provider_requests', <ProviderRequests />),
          },
          {
            path: 'provider-requests/:request',
            element: only('incident_read', 'provider_requests', <ProviderRequestOne />),
          },
          {
            path: 'own-requests/:request',
            element: only('provider_answer', 'own_requests', <OwnRequest />),
          },
          { path: 'systems', element: only('system_read', 'systems', <Systems />) },
          { path: 'forms', element: only('incident_read', 'forms', <Forms />) },
          { path: 'forms/:form', element: only('incident_read', 'forms', <FormText />) },
          { path: 'signature-trust', element: only('account_read', 'trust', <Trust />) },
          { path: 'staff-reports', element: only('incident_read', 'staff_reports', <StaffReports />) },
          { path: 'warnings', element: only('warning_read', 'warnings', <Warnings />) },
          { path: 'warnings/:warning', element: only('warning_read', 'warnings', <Warning />) },
          {
            path: 'incident-measures',
            element: only('incident_read', 'incident_measures', <IncidentMeasures />),
          },
          { path: 'holds', element: only('incident_read', 'holds', <Holds />) },
          { path: 'notices', element: only('notice_manage', 'notices', <Notices />) },
          { path: 'sources', element: only('source_manage', 'sources', <Sources />) },
          { path: 'sources/:source', element: only('source_manage', 'sources', <SourceOne />) },
          { path: 'account', element: page(<Account />) },
          { path: 'evidence', element: only('custody_read', 'evidence', <Evidence />) },
          { path: 'evidence/days/:day', element: only('custody_read', 'evidence', <EvidenceDay />) },
          { path: 'witnesses', element: only('witness_manage', 'witnesses', <Witnesses />) },
          { path: 'checkpoints', element: only('evidence_prove', 'checkpoints', <Checkpoints />) },
          { path: 'home', element: <Navigate to="/" replace /> },
          { path: '*', element: page(<Missing />) },
        ],
      },
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes, { future: { v7_relativeSplatPath: true } });
