// One case: where it stands in the process, how it can go on, its clocks, and all its work.
import { useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useIncident, useProcess } from '~/api/incidents';
import type { IncidentDetail } from '~/api/incidentTypes';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Time } from '~/ui/Time';
import { CaseOrders } from '../orders/CaseOrders';
import { CaseRequests } from '../providers/CaseRequests';
import { AssignDialog } from '../town/AssignDialog';
import { Receipt } from '../town/Receipt';
import { CaseSystem } from './CaseSystem';
import { Classification } from './Classify';
import { Clocks } from './Clocks';
import { Conflict } from './Conflict';
import { Files } from './Files';
import { Handovers } from './Handovers';
import { Links } from './Links';
import { Papers } from './Papers';
import { type CaseProps, EvidenceItems, Holds, Joint, Tasks } from './Parts';
import { Process } from './Process';
import { Support } from './Support';
import { Timeline } from './Timeline';
import { WaysOn } from './WaysOn';
import '../findings/findings.css';
import './incidents.css';

const tabs = ['timeline', 'tasks', 'papers', 'joint', 'orders', 'evidence', 'links', 'conflict'] as const;
type TabName = (typeof tabs)[number];

export default function IncidentPage() {
  const { t, local } = useLanguage();
  const { incident: id = '' } = useParams();
  const query = useIncident(id);
  const process = useProcess();
  const incident = query.data;
  const both = {
    data: incident && process.data ? { incident, process: process.data } : undefined,
    error: query.error ?? process.error,
    refetch: () => {
      void query.refetch();
      void process.refetch();
    },
  };
  return (
    <Page
      title={incident?.title ?? t('incident.one')}
      lead={
        incident ? (
          <>
            {incident.agency.name} · {local(incident.state_title)}
          </>
        ) : undefined
      }
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/incidents">{t('nav.incidents')}</Link>
          {incident ? <span>{incident.number}</span> : null}
        </nav>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={both} rows={12}>
        {(data) => (
          <>
            <Process {...data} />
            <div className="two-columns case-columns">
              <div>
                <WaysOn {...data} />
                <Classification {...data} />
                <About incident={data.incident} />
              </div>
              <Clocks incident={data.incident} />
            </div>
            <Work {...data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function About({ incident }: { incident: IncidentDetail }) {
  const { t, local } = useLanguage();
  return (
    <dl className="facts case-facts">
      {incident.description ? (
        <>
          <dt>{t('incident.description')}</dt>
          <dd className="pre-line wrap">{incident.description}</dd>
        </>
      ) : null}
      <dt>{t('incident.system')}</dt>
      <dd>
        <CaseSystem incident={incident} />
      </dd>
      <dt>{t('incident.discovered')}</dt>
      <dd>
        <Time at={incident.moments.discovered} />
      </dd>
      <dt>{t('incident.opened')}</dt>
      <dd>
        <Time at={incident.opened_at} /> · {incident.opened_by}
      </dd>
      <dt>{t('town.receipt')}</dt>
      <dd>
        <Receipt
          matter={{ kind: 'case', id: incident.id }}
          at={incident.town_received_at}
          by={incident.town_received_by}
        />
      </dd>
      <dt>{t('town.assignee')}</dt>
      <dd>
        <Whose incident={incident} />
      </dd>
      <dt>{t('incident.authority')}</dt>
      <dd>{local(incident.authority)}</dd>
      {incident.merged_into ? (
        <>
          <dt>{t('incident.merged_into')}</dt>
          <dd>
            <Link to={`/incidents/${incident.merged_into}`}>{t('incident.to_that_case')}</Link>
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function Whose({ incident }: { incident: IncidentDetail }) {
  const { t } = useLanguage();
  const [assigning, setAssigning] = useState(false);
  return (
    <>
      {incident.assignee?.name ?? <span className="muted">{t('town.nobody')}</span>}{' '}
      {incident.over ? null : (
        <MayButton action="incident_handle" size="small" onClick={() => setAssigning(true)}>
          {t('town.assign')}
        </MayButton>
      )}
      {assigning ? (
        <AssignDialog
          matter={{ kind: 'case', id: incident.id }}
          name={incident.number}
          assignee={incident.assignee ?? null}
          onClose={() => setAssigning(false)}
        />
      ) : null}
    </>
  );
}

function Work(props: CaseProps) {
  const { t, language } = useLanguage();
  const [{ tab }] = useParamsState('tab');
  const active: TabName = tabs.find((name) => name === tab) ?? 'timeline';
  const { incident } = props;
  // Whoever comes by an address of one kind of work comes for that, not for the drawing above it.
  const bar = useRef<HTMLElement>(null);
  const came = useRef(tab);
  useEffect(() => {
    if (came.current) bar.current?.scrollIntoView({ block: 'start' });
  }, []);
  const count = (...kinds: string[]) => incident.parts.filter((part) => kinds.includes(part.kind)).length;
  const openTasks = incident.parts.filter(
    (part) => part.kind === 'task' && part.round === incident.round && !part.body.done_at,
  ).length;
  const counts: Partial<Record<TabName, number>> = {
    tasks: openTasks,
    papers: incident.papers.length,
    joint: count('guidance', 'action', 'support'),
    evidence: count('evidence', 'hold', 'attachment') + (incident.handovers?.length ?? 0),
    links: incident.links.length + count('entity'),
  };
  const content: Record<TabName, () => React.ReactNode> = {
    timeline: () => <Timeline incident={incident} />,
    tasks: () => <Tasks {...props} />,
    papers: () => <Papers {...props} />,
    joint: () => (
      <>
        <Support {...props} />
        <CaseRequests incident={incident} />
        <Joint {...props} />
      </>
    ),
    orders: () => <CaseOrders incident={incident} />,
    evidence: () => (
      <>
        <EvidenceItems {...props} />
        <Files {...props} />
        <Holds {...props} />
        <Handovers incident={incident} />
      </>
    ),
    links: () => <Links {...props} />,
    conflict: () => <Conflict {...props} />,
  };
  return (
    <>
      {/* Addresses, not the kit's tabs: seven do not fit a phone, and its menu for the rest is no tab list to a reader. */}
      <nav ref={bar} className="page-tabs case-tabs" aria-label={t('incident.work')}>
        {tabs.map((name) => (
          <Link
            key={name}
            to={`/incidents/${incident.id}${name === 'timeline' ? '' : `?tab=${name}`}`}
            preventScrollReset
            aria-current={name === active ? 'page' : undefined}
          >
            {t(`case_tab.${name}`)}
            {counts[name] ? <span className="tab-count"> {formatNumber(counts[name], language)}</span> : null}
          </Link>
        ))}
      </nav>
      {content[active]()}
    </>
  );
}
