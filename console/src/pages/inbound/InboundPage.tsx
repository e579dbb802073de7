// Warnings that came from outside: those that nobody has dealt with first; registering another.
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import type { InboundState, InboundWarning } from '~/api/caseworkTypes';
import { useInboundWarnings } from '~/api/inbound';
import { useReachesTown } from '~/app/usePages';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateIcon } from '~/ui/StateTag';
import { DateOnly, Time } from '~/ui/Time';
import { RegisterInbound } from './RegisterInbound';
import '../incidents/incidents.css';

const states: readonly InboundState[] = ['fresh', 'handled', 'no_action'];
export const inboundLook = { fresh: 'due', handled: 'kept', no_action: 'not_applicable' } as const;

export default function InboundPage() {
  const { t } = useLanguage();
  const reaches = useReachesTown('warning_read');
  if (reaches) return <Inbound />;
  return (
    <Page title={t('nav.inbound')}>
      <EmptyState why={t('inbound.of_office')} action={<Link to="/warnings">{t('inbound.to_board')}</Link>} />
    </Page>
  );
}

function Inbound() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('state', 'q');
  const state = states.find((each) => each === params.state);
  const query = useInboundWarnings({ state, q: params.q });
  const [registering, setRegistering] = useState(false);
  return (
    <Page
      title={t('nav.inbound')}
      lead={t('inbound.lead')}
      extra={
        <>
          <Link to="/warnings">{t('inbound.to_board')}</Link>
          <MayButton action="warning_issue" type="primary" onClick={() => setRegistering(true)}>
            {t('inbound.register')}
          </MayButton>
        </>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <div className="filters">
        <fieldset className="state-filter">
          <legend className="visually-hidden">{t('filter.state')}</legend>
          <button type="button" aria-pressed={!state} onClick={() => setParams({ state: undefined })}>
            {t('filter.all')}
          </button>
          {states.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={state === each}
              onClick={() => setParams({ state: each })}
            >
              <StateIcon state={inboundLook[each]} />
              {t(`inbound_state.${each}`)}
              {query.data ? (
                <span className="count">{formatNumber(query.data.counts[each], language)}</span>
              ) : null}
            </button>
          ))}
        </fieldset>
        <SearchInput value={params.q ?? ''} onChange={(q) => setParams({ q })} label={t('inbound.search')} />
      </div>
      <Loaded query={query} rows={6}>
        {(list) => (
          <DataTable
            label={t('nav.inbound')}
            columns={columnsOf(t, language)}
            rows={list.items}
            rowKey={(row) => row.id}
            onOpen={(row) => navigate(`/inbound-warnings/${row.id}`)}
            empty={<EmptyState why={t(state || params.q ? 'inbound.none_found' : 'inbound.none')} />}
          />
        )}
      </Loaded>
      {registering ? (
        <RegisterInbound
          onClose={(made) => {
            setRegistering(false);
            if (made) navigate(`/inbound-warnings/${made.id}`);
          }}
        />
      ) : null}
    </Page>
  );
}

type Texts = ReturnType<typeof useLanguage>;

function columnsOf(t: Texts['t'], language: Texts['language']): Column<InboundWarning>[] {
  return [
    { key: 'number', title: t('warning.number'), width: 140, render: (row) => <code>{row.number}</code> },
    {
      key: 'title',
      title: t('warning.title'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <Link to={`/inbound-warnings/${row.id}`}>{row.title}</Link>
          <span className="muted incident-whom">
            <span>{row.source}</span>
            {row.reference ? <span>{row.reference}</span> : null}
            {row.dated ? <DateOnly at={row.dated} /> : null}
          </span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('paper.state'),
      width: 190,
      render: (row) => (
        <span className={`state-tag state-${inboundLook[row.state]}`}>
          <StateIcon state={inboundLook[row.state]} />
          {t(`inbound_state.${row.state}`)}
        </span>
      ),
    },
    {
      key: 'received',
      title: t('inbound.received'),
      width: 150,
      render: (row) => <Time at={row.received_at} />,
    },
    {
      key: 'indicators',
      title: t('inbound.indicators'),
      width: 130,
      render: (row) =>
        row.indicator_list ? formatNumber(row.indicator_list.count, language) : <span>–</span>,
    },
    {
      key: 'passed',
      title: t('inbound.passed_on'),
      width: 140,
      render: (row) =>
        row.warning ? <Link to={`/warnings/${row.warning.id}`}>{row.warning.number}</Link> : <span>–</span>,
    },
  ];
}
