// Every page and its address. Each page is its own file of the bundle, read when it is first opened.
import { lazy, Suspense } from 'react';
import { createBrowserRouter, Navigate, type RouteObject } from 'react-router-dom';
import type { Action } from '~/api/types';
import { Loading } from '~/ui/Page';
import { Broken } from './Broken';
import { Only } from './Only';

// Who is not signed in does not need it: the sign-in page and the page to report on stay small.
const Shell = lazy(() => import('./Shell').then((module) => ({ default: module.Shell })));
const Home = lazy(() => import('~/pages/home/HomePage'));
const Obligations = lazy(() => import('~/pages/obligations/ObligationsPage'));
const Obligation = lazy(() => import('~/pages/obligations/ObligationPage'));
const Verdicts = lazy(() => import('~/pages/verdicts/VerdictsPage'));
const Verdict = lazy(() => import('~/pages/verdicts/VerdictPage'));
const Proof = lazy(() => import('~/pages/proof/ProofPage'));
const Findings = lazy(() => import('~/pages/findings/FindingsPage'));
const Finding = lazy(() => import('~/pages/findings/FindingPage'));
const Entity = lazy(() => import('~/pages/entities/EntityPage'));
const Links = lazy(() => import('~/pages/links/LinksPage'));
const Rules = lazy(() => import('~/pages/rules/RulesPage'));
const Rule = lazy(() => import('~/pages/rules/RulePage'));
const Runs = lazy(() => import('~/pages/rules/RunsPage'));
const ImportRules = lazy(() => import('~/pages/rules/ImportRulesPage'));
const RunPage = lazy(() => import('~/pages/rules/RunPage'));
const NewRule = lazy(() => import('~/pages/rules/NewRulePage'));
const Services = lazy(() => import('~/pages/services/ServicesPage'));
const Service = lazy(() => import('~/pages/services/ServicePage'));
const Indicators = lazy(() => import('~/pages/indicators/IndicatorsPage'));
const Devices = lazy(() => import('~/pages/devices/DevicesPage'));
const Device = lazy(() => import('~/pages/devices/DevicePage'));
const Senders = lazy(() => import('~/pages/senders/SendersPage'));
const Enrol = lazy(() => import('~/pages/devices/EnrolPage'));
const Logs = lazy(() => import('~/pages/logs/LogsPage'));
const Searches = lazy(() => import('~/pages/searches/SearchesPage'));
const Software = lazy(() => import('~/pages/software/SoftwarePage'));
const Wifi = lazy(() => import('~/pages/wifi/WifiPage'));
const Agencies = lazy(() => import('~/pages/agencies/AgenciesPage'));
const Agency = lazy(() => import('~/pages/agencies/AgencyPage'));
const Reorganise = lazy(() => import('~/pages/agencies/ReorganisePage'));
const ImportAgencies = lazy(() => import('~/pages/agencies/ImportPage'));
const Checkpoints = lazy(() => import('~/pages/checkpoints/CheckpointsPage'));
const Evidence = lazy(() => import('~/pages/evidence/EvidencePage'));
const SignIn = lazy(() => import('~/pages/session/SignInPage'));
const Password = lazy(() => import('~/pages/session/PasswordPage'));
const SecondFactor = lazy(() => import('~/pages/session/SecondFactorPage'));
const Audit = lazy(() => import('~/pages/audit/AuditPage'));
const Acts = lazy(() => import('~/pages/acts/ActsPage'));
const People = lazy(() => import('~/pages/people/PeoplePage'));
const Person = lazy(() => import('~/pages/people/PersonPage'));
const Persons = lazy(() => import('~/pages/persons/PersonsPage'));
const PersonOne = lazy(() => import('~/pages/persons/PersonPage'));
const ImportPersons = lazy(() => import('~/pages/persons/ImportPersons'));
const DeviceAccounts = lazy(() => import('~/pages/accounts/DeviceAccountsPage'));
const Reviews = lazy(() => import('~/pages/reviews/ReviewsPage'));
const Review = lazy(() => import('~/pages/reviews/ReviewPage'));
const Leaves = lazy(() => import('~/pages/leaves/LeavesPage'));
const LeaveCase = lazy(() => import('~/pages/leaves/LeavePage'));
const Commitments = lazy(() => import('~/pages/commitments/CommitmentsPage'));
const SignCommitment = lazy(() => import('~/pages/commitments/SignPage'));
const Sources = lazy(() => import('~/pages/sources/SourcesPage'));
const SourceOne = lazy(() => import('~/pages/sources/SourcePage'));
const Emergency = lazy(() => import('~/pages/emergency/EmergencyPage'));
const Account = lazy(() => import('~/pages/account/AccountPage'));
const Incidents = lazy(() => import('~/pages/incidents/IncidentsPage'));
const IncidentCase = lazy(() => import('~/pages/incidents/IncidentPage'));
const CasePaper = lazy(() => import('~/pages/incidents/PaperPage'));
const IncidentMeasures = lazy(() => import('~/pages/incidents/MeasuresPage'));
const Holds = lazy(() => import('~/pages/incidents/HoldsPage'));
const StaffReports = lazy(() => import('~/pages/reports/StaffReportsPage'));
const Report = lazy(() => import('~/pages/reports/ReportPage'));
const FollowReport = lazy(() => import('~/pages/reports/FollowPage'));
const TownOffice = lazy(() => import('~/pages/town/TownOfficePage'));
const Contacts = lazy(() => import('~/pages/contacts/ContactsPage'));
const Inbound = lazy(() => import('~/pages/inbound/InboundPage'));
const InboundOne = lazy(() => import('~/pages/inbound/InboundOnePage'));
const OfficePapers = lazy(() => import('~/pages/office/OfficePapersPage'));
const OfficePaper = lazy(() => import('~/pages/office/OfficePaperPage'));
const Systems = lazy(() => import('~/pages/systems/SystemsPage'));
const Forms = lazy(() => import('~/pages/forms/FormsPage'));
const FormText = lazy(() => import('~/pages/forms/FormPage'));
const Trust = lazy(() => import('~/pages/trust/TrustPage'));
const Warnings = lazy(() => import('~/pages/warnings/WarningsPage'));
const Warning = lazy(() => import('~/pages/warnings/WarningPage'));
const Missing = lazy(() => import('./Missing'));

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
          { path: 'senders', element: only('device_read', 'senders', <Senders />) },
          { path: 'logs', element: only('evidence_search', 'logs', <Logs />) },
          { path: 'searches', element: only('evidence_search', 'searches', <Searches />) },
          { path: 'software', element: only('software_read', 'software', <Software />) },
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
          { path: 'sources', element: only('source_manage', 'sources', <Sources />) },
          { path: 'sources/:source', element: only('source_manage', 'sources', <SourceOne />) },
          { path: 'account', element: page(<Account />) },
          { path: 'evidence', element: only('evidence_search', 'evidence', <Evidence />) },
          { path: 'checkpoints', element: only('evidence_prove', 'checkpoints', <Checkpoints />) },
          { path: 'home', element: <Navigate to="/" replace /> },
          { path: '*', element: page(<Missing />) },
        ],
      },
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes, { future: { v7_relativeSplatPath: true } });
