// Who sends logs without luy-agent. Whom nobody knows waits here with its first lines; nothing of it is evidence until
// somebody says whose it is.
import { Alert } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useAgencies, useMay, useSystem } from '~/api/queries';
import { type Sender, senderKinds, senderStates, useSenders } from '~/api/senders';
import type { System } from '~/api/types';
import { useLanguage } from '~/i18n';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { ScrollRegion } from '~/ui/ScrollRegion';
import { Age, Time } from '~/ui/Time';
import { shortKey } from './place';
import { ApproveSender, IssueSenderToken, RefuseSender, RemoveSender } from './SenderDialogs';
import './senders.css';

type Asked = { act: 'approve' | 'refuse' | 'remove'; sender: Sender };

export default function SendersPage() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('state');
  const query = useSenders();
  const mayDecide = useMay('device_enrol');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [issuing, setIssuing] = useState(false);
  const senders = query.data ?? [];
  const of = (state: Sender['state']) => senders.filter((each) => each.state === state);
  const chosen = senderStates.find((each) => each === params.state);
  const state = chosen ?? (of('waiting').length > 0 || senders.length === 0 ? 'waiting' : 'approved');
  const rows = of(state).sort((a, b) => (b.last_seen ?? '').localeCompare(a.last_seen ?? ''));
  const close = () => setAsked(null);
  return (
    <Page
      title={t('nav.senders')}
      lead={t('sender.lead')}
      extra={
        <MayButton action="device_enrol" onClick={() => setIssuing(true)}>
          {t('sender.issue')}
        </MayButton>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Ports />
      <div className="filters">
        <CountFilter
          label={t('filter.state')}
          value={state}
          options={senderStates.map((each) => ({
            value: each,
            label: t(`sender_state.${each}`),
            count: query.data ? of(each).length : undefined,
          }))}
          onChange={(next) => setParams({ state: next })}
        />
      </div>
      <Loaded query={query} rows={5}>
        {() =>
          rows.length === 0 ? (
            <EmptyState
              why={t(state === 'waiting' && !mayDecide ? 'sender.none_for_you' : `sender_none.${state}`)}
            />
          ) : state === 'waiting' ? (
            <ul className="worklist">
              {rows.map((sender) => (
                <Waiting key={sender.id} sender={sender} onAsk={(act) => setAsked({ act, sender })} />
              ))}
            </ul>
          ) : (
            <Known senders={rows} onRemove={(sender) => setAsked({ act: 'remove', sender })} />
          )
        }
      </Loaded>
      <Section title={t('sender_proves.title')} id="proves">
        <dl className="sender-proves">
          {senderKinds.map((kind) => (
            <div key={kind}>
              <dt>{t(`sender_kind.${kind}`)}</dt>
              <dd>{t(`sender_proves.${kind}`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
      {asked?.act === 'approve' ? <ApproveSender sender={asked.sender} onClose={close} /> : null}
      {asked?.act === 'refuse' ? <RefuseSender sender={asked.sender} onClose={close} /> : null}
      {asked?.act === 'remove' ? <RemoveSender sender={asked.sender} onClose={close} /> : null}
      {issuing ? <IssueSenderToken onClose={() => setIssuing(false)} /> : null}
    </Page>
  );
}

const ways = [
  'syslog_tls',
  'syslog_tcp',
  'syslog_udp',
  'http',
] as const satisfies readonly (keyof System['inputs'])[];

// Which doors are open; all closed is why nobody comes.
function Ports() {
  const { t } = useLanguage();
  const inputs = useSystem().data?.inputs;
  if (!inputs) return null;
  const open = ways.filter((way) => inputs[way] !== null);
  if (open.length === 0) return <Alert type="info" showIcon title={t('sender.closed')} />;
  return (
    <p className="sender-ports">
      <span>{t('sender.ports', { address: inputs.listen })}</span>
      {open.map((way) => (
        <span key={way} className="sender-port">
          {t(`sender_port.${way}`)} <code>{inputs[way]}</code>
        </span>
      ))}
    </p>
  );
}

function Waiting({ sender, onAsk }: { sender: Sender; onAsk: (act: 'approve' | 'refuse') => void }) {
  const { t, language } = useLanguage();
  const label = t('sender.samples_of', { key: sender.key });
  return (
    <li className="sender">
      <div className="worklist-line">
        <div>
          <span className="worklist-title">
            {t(`sender_kind.${sender.kind}`)} <code title={sender.key}>{shortKey(sender.key)}</code>
          </span>
          {sender.about ? <span>{sender.about}</span> : null}
        </div>
        <span className="sender-acts">
          <MayButton action="device_enrol" type="primary" onClick={() => onAsk('approve')}>
            {t('sender.approve')}
            <span className="visually-hidden"> {sender.key}</span>
          </MayButton>
          <MayButton action="device_enrol" onClick={() => onAsk('refuse')}>
            {t('sender.refuse')}
            <span className="visually-hidden"> {sender.key}</span>
          </MayButton>
        </span>
      </div>
      <span className="worklist-meta">
        <span>
          {t('sender.first')} <Time at={sender.first_seen} />
        </span>
        <span>
          {t('sender.last')} <Age at={sender.last_seen} />
        </span>
        <span>
          {t('sender.came', { count: sender.records, number: formatNumber(sender.records, language) })}
        </span>
        {sender.dropped > 0 ? (
          <strong>{t('sender.dropped', { number: formatNumber(sender.dropped, language) })}</strong>
        ) : null}
      </span>
      <span className="worklist-meta">{t(`sender_check.${sender.kind}`)}</span>
      {sender.samples.length === 0 ? null : (
        <>
          <span className="muted">{t('sender.samples')}</span>
          <ScrollRegion label={label} className="raw-frame">
            <pre className="raw">{sender.samples.join('\n')}</pre>
          </ScrollRegion>
        </>
      )}
    </li>
  );
}

function Known({ senders, onRemove }: { senders: Sender[]; onRemove: (sender: Sender) => void }) {
  const { t, language } = useLanguage();
  const agencies = useAgencies(useMay('agency_read'));
  const nameOf = (agency: string | null) => agencies.data?.find((each) => each.id === agency)?.name ?? '';
  const columns: Column<Sender>[] = [
    {
      key: 'what',
      title: t('sender.what'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.about || <code title={row.key}>{shortKey(row.key)}</code>}</span>
          <span className="muted">
            {t(`sender_kind.${row.kind}`)}
            {row.about && row.key ? (
              <>
                {' '}
                <code title={row.key}>{shortKey(row.key)}</code>
              </>
            ) : null}
          </span>
        </span>
      ),
    },
    {
      key: 'device',
      title: t('logs.device'),
      render: (row) =>
        row.device ? (
          <span className="two-lines">
            <span>
              <Link to={`/devices/${row.device}`}>{row.device_name}</Link>
            </span>
            <span className="muted">{nameOf(row.agency)}</span>
          </span>
        ) : (
          <span className="muted">–</span>
        ),
    },
    { key: 'last', title: t('sender.last'), width: 150, render: (row) => <Age at={row.last_seen} /> },
    {
      key: 'records',
      title: t('evidence.records'),
      align: 'right',
      width: 150,
      render: (row) => (
        <span className="two-lines">
          {row.device ? (
            <span>
              <Link to={`/logs?device=${row.device}`}>{formatNumber(row.records, language)}</Link>
            </span>
          ) : (
            <span>{formatNumber(row.records, language)}</span>
          )}
          {row.dropped > 0 ? (
            <strong>{t('sender.dropped', { number: formatNumber(row.dropped, language) })}</strong>
          ) : null}
        </span>
      ),
    },
    {
      key: 'decided',
      title: t('sender.decided'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.decided_by}</span>
          <span className="muted">
            <Time at={row.decided_at} />
          </span>
        </span>
      ),
    },
    {
      key: 'act',
      title: <span className="visually-hidden">{t('sender.remove')}</span>,
      align: 'right',
      width: 110,
      render: (row) => (
        <MayButton action="device_enrol" size="small" onClick={() => onRemove(row)}>
          {t('sender.remove')}
          <span className="visually-hidden"> {row.about || row.key}</span>
        </MayButton>
      ),
    },
  ];
  return <DataTable label={t('nav.senders')} columns={columns} rows={senders} rowKey={(row) => row.id} />;
}
