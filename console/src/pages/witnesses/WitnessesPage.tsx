// Who vouches for this hub's evidence off the hub, and for whom it does so: what was signed last, and what was exposed.
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import type { Witness, Witnessing, WitnessOrigin } from '~/api/custodyTypes';
import { useAskWitnesses, useWitnessing } from '~/api/witness';
import { useLanguage } from '~/i18n';
import { Copy } from '~/ui/Copy';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDate, formatNumber } from '~/ui/format';
import { EmptyState, ErrorNote, Loaded, Page, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Age, Time } from '~/ui/Time';
import { Exposed } from './Exposed';
import { AddOrigin, AddWitness, RemoveOrigin, RemoveWitness, TimeStampForm } from './WitnessDialogs';
import './witnesses.css';

type Asked =
  | { act: 'witness' | 'origin' | 'stamp' }
  | { act: 'remove_witness'; witness: Witness }
  | { act: 'remove_origin'; origin: WitnessOrigin };

const lookOf = {
  new: 'unknown',
  good: 'kept',
  missing: 'due',
  silent: 'due',
  exposed: 'violated',
} as const;

export default function WitnessesPage() {
  const { t } = useLanguage();
  const query = useWitnessing();
  const ask = useAskWitnesses();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Page
      title={t('nav.witnesses')}
      lead={t('witness.lead')}
      extra={
        query.data?.may_change && query.data.witnesses.length > 0 ? (
          <Button loading={ask.isPending} onClick={() => ask.mutate()}>
            {t('witness.ask_now')}
          </Button>
        ) : undefined
      }
      updatedAt={query.dataUpdatedAt}
    >
      {ask.error ? <ErrorNote error={ask.error} /> : null}
      <Loaded query={query} rows={8}>
        {(known) => (
          <>
            {known.proofs.length > 0 ? <Exposed proofs={known.proofs} known={known} /> : null}
            <Section
              title={t('witness.ours')}
              extra={
                known.may_change ? (
                  <Button type="primary" onClick={() => setAsked({ act: 'witness' })}>
                    {t('witness.add')}
                  </Button>
                ) : undefined
              }
            >
              <p className="witness-note">{t('witness.ours_help')}</p>
              <Ours known={known} onRemove={(witness) => setAsked({ act: 'remove_witness', witness })} />
            </Section>
            <Section
              title={t('witness.theirs')}
              extra={
                known.may_change ? (
                  <Button onClick={() => setAsked({ act: 'origin' })}>{t('witness.add_origin')}</Button>
                ) : undefined
              }
            >
              <p className="witness-note">{t('witness.theirs_help')}</p>
              <Theirs known={known} onRemove={(origin) => setAsked({ act: 'remove_origin', origin })} />
            </Section>
            <Section
              title={t('witness.stamps')}
              extra={
                known.may_change ? (
                  <Button onClick={() => setAsked({ act: 'stamp' })}>{t('witness.stamp_set')}</Button>
                ) : undefined
              }
            >
              <Stamps known={known} />
            </Section>
            <Section title={t('witness.give')}>
              <p className="witness-note">{t('witness.give_help')}</p>
              <dl className="facts witness-give">
                <Give name={t('witness.vkey')} help={t('witness.vkey_help')} value={known.vkey} />
                <Give
                  name={t('witness.witness_vkey')}
                  help={t('witness.witness_vkey_help')}
                  value={known.witness_vkey}
                />
                <Give
                  name={t('witness.prefix')}
                  help={t('witness.prefix_help')}
                  value={known.submission_prefix}
                />
              </dl>
            </Section>
            {asked ? <Dialog asked={asked} known={known} onClose={() => setAsked(null)} /> : null}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Dialog({ asked, known, onClose }: { asked: Asked; known: Witnessing; onClose: () => void }) {
  switch (asked.act) {
    case 'witness':
      return <AddWitness onClose={onClose} />;
    case 'origin':
      return <AddOrigin onClose={onClose} />;
    case 'stamp':
      return <TimeStampForm url={known.time_stamp.url} onClose={onClose} />;
    case 'remove_witness':
      return <RemoveWitness witness={asked.witness} last={known.witnesses.length === 1} onClose={onClose} />;
    case 'remove_origin':
      return <RemoveOrigin origin={asked.origin} onClose={onClose} />;
  }
}

function State({ state }: { state: Witness['state'] | WitnessOrigin['state'] }) {
  const { t } = useLanguage();
  return (
    <span className={`state-tag state-${lookOf[state]}`} data-state={state}>
      <StateIcon state={lookOf[state]} />
      {t(`witness_state.${state}`)}
    </span>
  );
}

function Ours({ known, onRemove }: { known: Witnessing; onRemove: (witness: Witness) => void }) {
  const { t, local, language } = useLanguage();
  const columns: Column<Witness>[] = [
    {
      key: 'name',
      title: t('witness.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines" data-witness={row.id}>
          <span>{row.name}</span>
          <span className="muted wrap">{row.url}</span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('evidence.state'),
      width: 270,
      render: (row) => (
        <span className="two-lines">
          <State state={row.state} />
          {row.problem ? <span className="wrap">{local(row.problem)}</span> : null}
        </span>
      ),
    },
    {
      key: 'size',
      title: t('witness.up_to'),
      width: 180,
      render: (row) =>
        row.size > 0 ? (
          <Link to={`/proof/${row.size - 1}`}>
            {t('cover.records', { count: row.size, number: formatNumber(row.size, language) })}
          </Link>
        ) : (
          <span className="muted">{t('witness.nothing_yet')}</span>
        ),
    },
    {
      key: 'at',
      title: t('witness.cosigned_at'),
      width: 200,
      render: (row) => (
        <span className="two-lines">
          <Time at={row.cosigned_at} seconds />
          <span className="muted">
            {t('witness.asked')} <Age at={row.asked_at} />
          </span>
        </span>
      ),
    },
    {
      key: 'key',
      title: t('witness.key'),
      width: 200,
      render: (row) => <Key text={row.vkey} />,
    },
    ...(known.may_change
      ? [
          {
            key: 'acts',
            title: <span className="visually-hidden">{t('medium.acts')}</span>,
            width: 80,
            render: (row: Witness) => (
              <Button size="small" onClick={() => onRemove(row)}>
                {t('witness.remove')}
                <span className="visually-hidden"> {row.name}</span>
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <DataTable
      label={t('witness.ours')}
      columns={columns}
      rows={known.witnesses}
      rowKey={(row) => row.id}
      empty={<EmptyState why={t('witness.none')} />}
    />
  );
}

function Theirs({ known, onRemove }: { known: Witnessing; onRemove: (origin: WitnessOrigin) => void }) {
  const { t, language } = useLanguage();
  const columns: Column<WitnessOrigin>[] = [
    {
      key: 'name',
      title: t('witness.hub'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.name}</span>
          <span className="muted wrap">{row.origin}</span>
        </span>
      ),
    },
    {
      key: 'state',
      title: t('evidence.state'),
      width: 270,
      render: (row) => <State state={row.state} />,
    },
    {
      key: 'size',
      title: t('witness.up_to'),
      width: 180,
      render: (row) =>
        row.size > 0 ? (
          t('cover.records', { count: row.size, number: formatNumber(row.size, language) })
        ) : (
          <span className="muted">{t('witness.nothing_yet')}</span>
        ),
    },
    {
      key: 'at',
      title: t('witness.seen_at'),
      width: 200,
      render: (row) => <Time at={row.seen_at} seconds />,
    },
    {
      key: 'key',
      title: t('witness.key'),
      width: 200,
      render: (row) => <Key text={row.vkey} />,
    },
    ...(known.may_change
      ? [
          {
            key: 'acts',
            title: <span className="visually-hidden">{t('medium.acts')}</span>,
            width: 80,
            render: (row: WitnessOrigin) => (
              <Button size="small" onClick={() => onRemove(row)}>
                {t('witness.remove')}
                <span className="visually-hidden"> {row.name}</span>
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <DataTable
      label={t('witness.theirs')}
      columns={columns}
      rows={known.origins}
      rowKey={(row) => row.id}
      empty={<EmptyState why={t('witness.none_theirs')} />}
    />
  );
}

function Key({ text }: { text: string }) {
  return (
    <span className="witness-key">
      <code title={text}>{text.split('+').slice(1).join('+').slice(0, 14)}…</code>
      <Copy text={text} />
    </span>
  );
}

function Stamps({ known }: { known: Witnessing }) {
  const { t, local } = useLanguage();
  const { url, newest_day, stamped_at, problem } = known.time_stamp;
  if (!url) return <p className="witness-note">{t('witness.stamp_none')}</p>;
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('witness.stamp_from')}</dt>
        <dd>
          <span className="wrap">{url}</span>
        </dd>
      </div>
      <div>
        <dt>{t('witness.stamp_newest')}</dt>
        <dd>
          {newest_day ? (
            <>
              <Link to={`/evidence/days/${newest_day}`}>{formatDate(newest_day)}</Link>{' '}
              <span className="muted">
                <Time at={stamped_at} seconds />
              </span>
            </>
          ) : (
            t('witness.stamp_not_yet')
          )}
        </dd>
      </div>
      {problem ? (
        <div>
          <dt>{t('witness.stamp_problem')}</dt>
          <dd>
            <strong>{local(problem)}</strong>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function Give({ name, help, value }: { name: string; help: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <span className="witness-value">
          <code className="wrap">{value}</code> <Copy text={value} />
        </span>
        <span className="muted">{help}</span>
      </dd>
    </>
  );
}
