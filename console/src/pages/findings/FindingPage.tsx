// One finding: what happened in plain words, what it means, what to do first, whom it concerns, the records it rests on
// with their proofs, and who said what about it.
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useFinding, useFindingEvents } from '~/api/findings';
import { useMay } from '~/api/queries';
import type { FindingDetail } from '~/api/types';
import { useLanguage } from '~/i18n';
import { EntityLink } from '~/ui/EntityLink';
import { formatNumber } from '~/ui/format';
import { Loaded, Page, Section } from '~/ui/Page';
import { SeverityTag } from '~/ui/SeverityTag';
import { Overdue, Remaining, Time } from '~/ui/Time';
import { EventList } from '../logs/EventList';
import '../logs/logs.css';
import { withField } from '../logs/search';
import { Spread } from './Spread';
import { type Asked, acts, TriageButtons, TriageModal } from './Triage';
import { useQueueKeys } from './useQueueKeys';
import './findings.css';

export default function FindingPage() {
  const { t, local } = useLanguage();
  const { finding: id = '' } = useParams();
  const query = useFinding(id);
  const mayTriage = useMay('finding_triage');
  const [asked, setAsked] = useState<Asked | null>(null);
  const finding = query.data;
  useQueueKeys((key) => {
    const act = acts.find((each) => each.key === key);
    if (!act || !mayTriage || !finding || finding.state === act.state) return false;
    setAsked({ findings: [id], state: act.state });
    return true;
  });
  return (
    <Page
      title={finding ? local(finding.title) : t('findings.one')}
      lead={finding ? <SeverityTag severity={finding.severity} /> : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/findings">{t('nav.findings')}</Link>
        </nav>
      }
      extra={finding ? <TriageButtons findings={[id]} present={finding.state} onAsk={setAsked} /> : undefined}
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={10}>
        {(data) => (
          <>
            <Facts finding={data} />
            <div className="two-columns">
              <div>
                <Section title={t('findings.story')}>
                  <p className="story">{local(data.story)}</p>
                  {local(data.meaning) && !local(data.story).includes(local(data.meaning)) ? (
                    <p className="story">{local(data.meaning)}</p>
                  ) : null}
                </Section>
                <Steps title={t('findings.first_steps')} list={data.first_steps.map(local)} />
              </div>
              <div>
                <Entities finding={data} />
                {data.false_positives.length > 0 ? (
                  <Section title={t('findings.false_positives')}>
                    <ul className="first-steps">
                      {data.false_positives.map(local).map((text) => (
                        <li key={text}>{text}</li>
                      ))}
                    </ul>
                  </Section>
                ) : null}
                <Sources finding={data} />
              </div>
            </div>
            <Records finding={data} />
            <History finding={data} />
          </>
        )}
      </Loaded>
      {asked ? <TriageModal asked={asked} onClose={() => setAsked(null)} /> : null}
    </Page>
  );
}

function Facts({ finding }: { finding: FindingDetail }) {
  const { t, language } = useLanguage();
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('verdicts.state')}</dt>
        <dd>
          {t(`finding_state.${finding.state}`)}
          {finding.incident ? (
            <>
              {': '}
              <CaseNumber incident={finding.incident} />
            </>
          ) : null}
        </dd>
      </div>
      {finding.due_at ? (
        <div>
          <dt>{t('findings.due')}</dt>
          <dd>
            {finding.overdue ? (
              <Overdue since={finding.due_at} />
            ) : finding.state === 'new' ? (
              <>
                <Time at={finding.due_at} /> (<Remaining at={finding.due_at} />)
              </>
            ) : (
              t('findings.in_time')
            )}
          </dd>
        </div>
      ) : null}
      <div>
        <dt>{t('filter.agency')}</dt>
        <dd>{finding.agency.name}</dd>
      </div>
      <div>
        <dt>{t('findings.count')}</dt>
        <dd>{formatNumber(finding.count, language)}</dd>
      </div>
      <div>
        <dt>{t('findings.first')}</dt>
        <dd>
          <Time at={finding.first_seen} />
        </dd>
      </div>
      <div>
        <dt>{t('findings.last')}</dt>
        <dd>
          <Time at={finding.last_seen} />
        </dd>
      </div>
    </dl>
  );
}

function CaseNumber({ incident }: { incident: { id: string; number: string } }) {
  return useMay('incident_read') ? (
    <Link to={`/incidents/${incident.id}`}>{incident.number}</Link>
  ) : (
    incident.number
  );
}

function Steps({ title, list }: { title: string; list: string[] }) {
  if (list.length === 0) return null;
  return (
    <Section title={title}>
      <ol className="first-steps">
        {list.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
    </Section>
  );
}

// Where tracing begins: with the address that came from outside, else with the device.
function traceOf(finding: FindingDetail): string | null {
  const start =
    finding.entities.find((entity) => entity.type === 'address') ??
    finding.entities.find((entity) => entity.type === 'device' || entity.type === 'account');
  if (!start) return null;
  // From a day before it began, so that what led to it is seen.
  const from = new Date(Date.parse(finding.first_seen) - 86_400_000).toISOString();
  return String(new URLSearchParams({ [start.type]: start.value, from }));
}

function Entities({ finding }: { finding: FindingDetail }) {
  const { t } = useLanguage();
  const maySearch = useMay('evidence_search');
  const trace = maySearch ? traceOf(finding) : null;
  if (finding.entities.length === 0) return null;
  return (
    <Section
      title={t('findings.entities')}
      extra={trace ? <Link to={`/links?${trace}`}>{t('links.trace')}</Link> : null}
    >
      <ul className="entities">
        {finding.entities.map((entity) => (
          <li key={`${entity.type} ${entity.value}`}>
            <span className="muted">{t(`entity.${entity.type}`)}</span>
            <EntityLink entity={entity} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Sources({ finding }: { finding: FindingDetail }) {
  const { t, local } = useLanguage();
  const mayRules = useMay('rule_read');
  return (
    <Section title={t('findings.sources')}>
      <dl className="facts facts-tight">
        {finding.rule ? (
          <div>
            <dt>{t('rules.one')}</dt>
            <dd>
              {mayRules ? (
                <Link to={`/rules/${encodeURIComponent(finding.rule.id)}`}>{local(finding.title)}</Link>
              ) : (
                local(finding.title)
              )}
            </dd>
          </div>
        ) : null}
        {finding.attack.length > 0 ? (
          <div>
            <dt>ATT&CK</dt>
            <dd>{finding.attack.map((each) => `${each.id} ${each.name}`).join('; ')}</dd>
          </div>
        ) : null}
        {finding.articles.length > 0 ? (
          <div>
            <dt>{t('home.article')}</dt>
            <dd>{finding.articles.join('; ')}</dd>
          </div>
        ) : null}
        {finding.references.length > 0 ? (
          <div>
            <dt>{t('findings.references')}</dt>
            <dd className="code-input">{finding.references.join(' ')}</dd>
          </div>
        ) : null}
      </dl>
    </Section>
  );
}

function Records({ finding }: { finding: FindingDetail }) {
  const { t, language } = useLanguage();
  const query = useFindingEvents(finding.id);
  const navigate = useNavigate();
  return (
    <Section title={t('findings.records')}>
      <Loaded query={query} rows={4}>
        {(data) => {
          const hidden = data.pages.reduce((sum, page) => sum + page.hidden, 0);
          return (
            <div className="finding-records">
              <Spread
                times={data.pages.flatMap((page) => page.items.map((event) => event.received_at))}
                first={finding.first_seen}
                last={finding.last_seen}
                more={query.hasNextPage}
              />
              <EventList
                events={data.pages.flatMap((page) => page.items)}
                onPick={(field, exclude) =>
                  navigate(`/logs?${new URLSearchParams({ q: withField('', field, exclude), range: '7d' })}`)
                }
                hasMore={query.hasNextPage}
                loading={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
              {hidden > 0 ? (
                <p className="muted">
                  {t('findings.hidden', { count: hidden, number: formatNumber(hidden, language) })}
                </p>
              ) : null}
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}

function History({ finding }: { finding: FindingDetail }) {
  const { t } = useLanguage();
  return (
    <Section title={t('findings.history')}>
      <ul className="worklist">
        {finding.history.map((each) => (
          <li key={`${each.at} ${each.state}`}>
            <span className="worklist-title">{t(`finding_state.${each.state}`)}</span>
            <span className="worklist-meta">
              <Time at={each.at} />
              {each.by ? <span>{each.by}</span> : null}
            </span>
            {each.reason ? <span className="worklist-why">{each.reason}</span> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
