// Everything known of one device, account, address or the like: since when, how often, with whom, what was found about it,
// and the records themselves.
import { Button } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router-dom';
import { useEntity } from '~/api/entities';
import { useEvents, useMay } from '~/api/queries';
import type { Entity, EntityDetail, Finding, Neighbour } from '~/api/types';
import { useLanguage } from '~/i18n';
import { EntityLink } from '~/ui/EntityLink';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SeverityTag } from '~/ui/SeverityTag';
import { Time } from '~/ui/Time';
import { EventList } from '../logs/EventList';
import { RangeFilter, rangeParams, useSpan } from '../logs/RangeFilter';
import { quoted, type Span, withField } from '../logs/search';
import '../findings/findings.css';
import './entities.css';

const fallback = '7d';
// So many of those met most often are shown at first.
const neighboursShown = 8;

export default function EntityPage() {
  const { t } = useLanguage();
  const { type = '', value = '' } = useParams();
  const [params, setParams] = useParamsState(...rangeParams);
  const span = useSpan(params, fallback);
  const query = useEntity(type as Entity['type'], value, span);
  return (
    <Page
      title={query.data?.name ?? t('entities.one')}
      lead={t('entities.lead', { type: t(`entity.${type as Entity['type']}`, { defaultValue: type }) })}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/findings">{t('nav.findings')}</Link>
        </nav>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <RangeFilter values={params} fallback={fallback} onChange={(next) => setParams(next, true)} />
      </div>
      <Loaded query={query} rows={10}>
        {(entity) => (
          <>
            <Facts entity={entity} span={span} />
            {entity.complete ? null : <p className="will-happen">{t('entities.incomplete')}</p>}
            <div className="two-columns">
              <div>
                <FindingsOf entity={entity} />
                <Cases entity={entity} />
              </div>
              <div>
                <Registers entity={entity} />
                <Neighbours title={t('entities.met_devices')} type="device" list={entity.devices} />
                <Neighbours title={t('entities.met_accounts')} type="account" list={entity.accounts} />
                <Neighbours title={t('entities.met_addresses')} type="address" list={entity.addresses} />
              </div>
            </div>
            <Records entity={entity} span={span} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

// The search of the logs that finds the records of an entity.
function searchOf(entity: EntityDetail): { query: string; device?: string } {
  return entity.type === 'device' ? { query: '', device: entity.value } : { query: quoted(entity.value) };
}

function addressOfLogs(entity: EntityDetail, span: Span): string {
  const { query: q, device } = searchOf(entity);
  const search = { q, device, ...span };
  return String(
    new URLSearchParams(Object.entries(search).filter((each): each is [string, string] => Boolean(each[1]))),
  );
}

function Facts({ entity, span }: { entity: EntityDetail; span: Span }) {
  const { t, language } = useLanguage();
  const mayDevices = useMay('device_read');
  const count = formatNumber(entity.event_count, language);
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('findings.first')}</dt>
        <dd>
          <Time at={entity.first_seen} />
        </dd>
      </div>
      <div>
        <dt>{t('findings.last')}</dt>
        <dd>
          <Time at={entity.last_seen} />
        </dd>
      </div>
      <div>
        <dt>{t('entities.records')}</dt>
        <dd>{entity.complete ? count : t('entities.at_least', { number: count })}</dd>
      </div>
      <div>
        <dt>{t('nav.logs')}</dt>
        <dd>
          <Link to={`/logs?${addressOfLogs(entity, span)}`}>{t('entities.see_logs')}</Link>
        </dd>
      </div>
      {entity.type === 'device' || entity.type === 'address' || entity.type === 'account' ? (
        <div>
          <dt>{t('links.trace')}</dt>
          <dd>
            <Link to={`/links?${new URLSearchParams({ [entity.type]: entity.value, range: fallback })}`}>
              {t('links.graph')}
            </Link>
          </dd>
        </div>
      ) : null}
      {entity.type === 'device' && mayDevices ? (
        <div>
          <dt>{t('entities.device_page')}</dt>
          <dd>
            <Link to={`/devices/${entity.value}`}>{t('entities.open_device')}</Link>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

// What the registers know of it: the inventory, the directory, lists of indicators.
function Registers({ entity }: { entity: EntityDetail }) {
  const { t } = useLanguage();
  const { device, account, indicators } = entity;
  if (!device && !account && indicators.length === 0) return null;
  const facts: [string, string | null][] = device
    ? [
        [t('filter.agency'), device.agency.name],
        [t('entities.os'), device.os],
        [t('entities.owner'), device.person_in_charge],
        [t('entities.place'), device.place],
        [t('entity.address'), device.addresses.join(', ')],
      ]
    : account
      ? [
          [t('entities.person'), account.person],
          [t('filter.agency'), account.agency.name],
        ]
      : [];
  return (
    <Section title={t('entities.registers')}>
      <dl className="facts facts-tight">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value || <span className="muted">{t('entities.not_recorded')}</span>}</dd>
          </div>
        ))}
        {indicators.map((each) => (
          <div key={`${each.list.id} ${each.value}`} className="state-violated">
            <dt>{t('entities.on_list')}</dt>
            <dd>
              {each.list.name}: {each.value}
              {each.note ? <span className="muted"> – {each.note}</span> : null}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Cases({ entity }: { entity: EntityDetail }) {
  const { t } = useLanguage();
  if (entity.cases.length === 0) return null;
  return (
    <Section title={t('entities.cases')}>
      <ul className="entities">
        {entity.cases.map((each) => (
          <li key={each.id}>
            <Link to={`/incidents/${each.id}`}>{each.number}</Link> {each.title}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function FindingsOf({ entity }: { entity: EntityDetail }) {
  const { t } = useLanguage();
  return (
    <Section title={t('entities.findings')}>
      {entity.findings.length === 0 ? (
        <p className="muted">{t('entities.no_findings')}</p>
      ) : (
        <ol className="timeline entity-findings">
          {entity.findings.map((finding) => (
            <FindingLine key={finding.id} finding={finding} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function FindingLine({ finding }: { finding: Finding }) {
  const { t, local, language } = useLanguage();
  return (
    <li className={finding.state === 'new' ? 'state-violated' : undefined}>
      <Time at={finding.last_seen} />
      <SeverityTag severity={finding.severity} />
      <span className="two-lines">
        <Link to={`/findings/${finding.id}`}>{local(finding.title)}</Link>
        <span className="muted">
          {t(`finding_state.${finding.state}`)} ·{' '}
          {t('entities.times', { count: finding.count, number: formatNumber(finding.count, language) })}
          {finding.device ? ` · ${finding.device.name}` : ''}
        </span>
      </span>
    </li>
  );
}

function Neighbours({ title, type, list }: { title: string; type: Entity['type']; list: Neighbour[] }) {
  const { t, language } = useLanguage();
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...list.map((each) => each.count));
  const shown = all ? list : list.slice(0, neighboursShown);
  return (
    <Section title={title}>
      {list.length === 0 ? (
        <p className="muted">{t('entities.met_none')}</p>
      ) : (
        <ul className="neighbours">
          {shown.map((each) => (
            <li key={each.value}>
              <EntityLink entity={{ type, value: each.value, name: each.name }} />
              <span className="muted">
                {t('entities.met_with', { count: each.count, number: formatNumber(each.count, language) })}
              </span>
              <span className="share" aria-hidden="true" style={{ width: `${(each.count / most) * 100}%` }} />
            </li>
          ))}
        </ul>
      )}
      {list.length > shown.length ? (
        <Button size="small" onClick={() => setAll(true)}>
          {t('entities.met_all', { number: formatNumber(list.length, language) })}
        </Button>
      ) : null}
    </Section>
  );
}

function Records({ entity, span }: { entity: EntityDetail; span: Span }) {
  const { t } = useLanguage();
  const navigate = useNavigate();
  const query = useEvents({ ...searchOf(entity), ...span });
  return (
    <Section title={t('entities.newest')}>
      <Loaded query={query} rows={4}>
        {(data) => {
          const events = data.pages.flatMap((page) => page.events);
          if (events.length === 0) return <EmptyState why={t('entities.no_records')} />;
          return (
            <div className="finding-records">
              <EventList
                events={events}
                onPick={(field, exclude) =>
                  navigate(
                    `/logs?${new URLSearchParams({ q: withField('', field, exclude), range: fallback })}`,
                  )
                }
                hasMore={query.hasNextPage}
                loading={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
              />
            </div>
          );
        }}
      </Loaded>
    </Section>
  );
}
