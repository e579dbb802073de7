// Machines on the networks that have no agent and stand in no register: what each is, said one by one or many at once.
import { Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import {
  type Stranger,
  type StrangerKind,
  strangerKinds,
  useDecideStrangers,
  useStrangers,
} from '~/api/network';
import { useDevices, useMay } from '~/api/queries';
import type { VerdictState } from '~/api/types';
import { useLanguage } from '~/i18n';
import { AgencyFilter, useLivingAgencies } from '~/ui/AgencySelect';
import { CountFilter } from '~/ui/CountFilter';
import { type Column, DataTable } from '~/ui/DataTable';
import { FormModal } from '~/ui/FormModal';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SearchInput } from '~/ui/SearchInput';
import { StateIcon } from '~/ui/StateTag';
import { Age } from '~/ui/Time';
import { focusedRow, useQueueKeys } from '../findings/useQueueKeys';
import { callsOf, inOrder, keyOf, matches, type Standing, standingOf, standings } from './queue';
import '../findings/findings.css';
import '../incidents/incidents.css';

const looks: Record<Standing, VerdictState> = {
  undecided: 'due',
  foreign: 'violated',
  to_enrol: 'due',
  network_device: 'kept',
  printer: 'kept',
  phone: 'not_applicable',
  guest: 'not_applicable',
};

interface Asked {
  rows: Stranger[];
  kind: StrangerKind | undefined;
}

export function Strangers() {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('q', 'agency', 'kind');
  const query = useStrangers(params.agency);
  const mayDecide = useMay('network_manage');
  const [ticked, setTicked] = useState<Set<string>>(new Set());
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useColumns();
  const matching = inOrder(query.data?.items ?? []).filter((row) => matches(row, params.q ?? ''));
  const rows = matching.filter((row) => !params.kind || standingOf(row) === params.kind);
  const chosen = () => {
    if (ticked.size > 0) return rows.filter((row) => ticked.has(keyOf(row)));
    const row = rows[Number(focusedRow()?.dataset.index)];
    return row ? [row] : [];
  };
  const ask = (kind: StrangerKind | undefined) => {
    const wanted = chosen();
    if (wanted.length > 0) setAsked({ rows: wanted, kind });
  };
  useQueueKeys((key) => {
    const kind = strangerKinds[Number(key) - 1];
    if (!mayDecide || !kind) return false;
    ask(kind);
    return true;
  });
  return (
    <Loaded query={query} rows={8}>
      {({ decide_within_days, full }) => (
        <>
          <p className="muted">
            {t('stranger.lead', { number: formatNumber(decide_within_days, language) })}
            {mayDecide ? ` ${t('stranger.keys')}` : null}
          </p>
          {full ? <p role="alert">{t('stranger.full')}</p> : null}
          <div className="filters">
            <CountFilter
              label={t('stranger.what')}
              value={standings.find((each) => each === params.kind)}
              options={[
                { value: undefined, label: t('filter.all'), count: matching.length },
                ...standings.map((each) => ({
                  value: each,
                  label: t(`stranger_kind.${each}`),
                  count: matching.filter((row) => standingOf(row) === each).length,
                })),
              ]}
              onChange={(kind) => setParams({ kind })}
            />
            <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
            <SearchInput
              label={t('stranger.search')}
              value={params.q ?? ''}
              onChange={(q) => setParams({ q: q || undefined })}
            />
          </div>
          {ticked.size > 0 ? (
            <div className="bulk">
              <span>{t('stranger.ticked', { number: formatNumber(ticked.size, language) })}</span>
              <Button size="small" type="primary" onClick={() => ask(undefined)}>
                {t('stranger.decide')}
              </Button>
              <Button size="small" onClick={() => setTicked(new Set())}>
                {t('stranger.untick')}
              </Button>
            </div>
          ) : null}
          <DataTable
            label={t('stranger.title')}
            columns={columns}
            rows={rows}
            rowKey={keyOf}
            {...(mayDecide
              ? {
                  onOpen: (row: Stranger) => setAsked({ rows: [row], kind: row.decision?.kind }),
                  selected: {
                    keys: ticked,
                    change: setTicked,
                    label: (row: Stranger) => t('stranger.tick', { mac: row.mac }),
                  },
                }
              : {})}
            empty={<EmptyState why={t('stranger.empty')} />}
          />
          {asked ? (
            <Decide
              {...asked}
              onClose={() => {
                setAsked(null);
                setTicked(new Set());
              }}
            />
          ) : null}
        </>
      )}
    </Loaded>
  );
}

function useColumns(): Column<Stranger>[] {
  const { t } = useLanguage();
  const devices = useDevices();
  const machines = new Map(devices.data?.map((each) => [each.id, each.name]) ?? []);
  const agencies = new Map(useLivingAgencies().map((each) => [each.id, each.name]));
  return [
    {
      key: 'mac',
      title: t('stranger.mac'),
      primary: true,
      width: 220,
      render: (row) => (
        <span className="two-lines">
          <code>{row.mac}</code>
          <span className="muted">{row.random ? t('stranger.random') : row.name}</span>
        </span>
      ),
    },
    { key: 'addresses', title: t('stranger.addresses'), render: (row) => row.addresses.join(', ') },
    {
      key: 'what',
      title: t('stranger.what'),
      width: 260,
      render: (row) => {
        const standing = standingOf(row);
        return (
          <span className="two-lines">
            <span className={`state-tag state-${row.overdue ? 'violated' : looks[standing]}`}>
              <StateIcon state={row.overdue ? 'violated' : looks[standing]} />
              {row.overdue ? t('stranger.overdue') : t(`stranger_kind.${standing}`)}
            </span>
            {row.decision ? (
              <span className="muted">
                {row.decision.reason} ({row.decision.by})
              </span>
            ) : null}
          </span>
        );
      },
    },
    {
      key: 'seen_by',
      title: t('stranger.seen_by'),
      render: (row) => (
        <span className="two-lines">
          <span>
            {row.seen_by.slice(0, 2).map((id) => (
              <Link key={id} to={`/devices/${id}`} className="in-list">
                {machines.get(id) ?? id}
              </Link>
            ))}
            {row.seen_by.length > 2 ? <span className="muted">+{row.seen_by.length - 2}</span> : null}
          </span>
          <span className="muted">{agencies.get(row.agency) ?? ''}</span>
        </span>
      ),
    },
    { key: 'first', title: t('stranger.first'), width: 130, render: (row) => <Age at={row.first_seen} /> },
    { key: 'last', title: t('stranger.last'), width: 130, render: (row) => <Age at={row.last_seen} /> },
  ];
}

function Decide({ rows, kind, onClose }: Asked & { onClose: () => void }) {
  const { t, language } = useLanguage();
  const decide = useDecideStrangers();
  const [form] = Form.useForm<{ kind: StrangerKind; reason: string }>();
  const wanted = Form.useWatch('kind', form) ?? kind;
  const only = rows.length === 1 ? rows[0] : undefined;
  return (
    <FormModal<{ kind: StrangerKind; reason: string }>
      title={
        only
          ? t('stranger.decide_this', { mac: only.mac })
          : t('stranger.decide_many', { number: formatNumber(rows.length, language) })
      }
      ok={t('stranger.decide')}
      will={wanted ? t(`stranger_will.${wanted}`) : undefined}
      error={decide.error}
      busy={decide.isPending}
      form={form}
      initial={kind ? { kind, reason: only?.decision?.reason ?? '' } : {}}
      onFinish={(said) =>
        decide.mutate(callsOf(rows, { kind: said.kind, reason: said.reason.normalize('NFC').trim() }), {
          onSuccess: onClose,
        })
      }
      onClose={onClose}
    >
      <Form.Item
        name="kind"
        label={t('stranger.what')}
        rules={[{ required: true, message: t('incident.needed') }]}
      >
        <Select options={strangerKinds.map((each) => ({ value: each, label: t(`stranger_kind.${each}`) }))} />
      </Form.Item>
      <Form.Item
        name="reason"
        label={t('stranger.reason')}
        rules={[{ required: true, whitespace: true, message: t('incident.needed') }]}
      >
        <Input maxLength={200} />
      </Form.Item>
      {rows.some((row) => row.decision) ? (
        <Button
          loading={decide.isPending}
          onClick={() => decide.mutate(callsOf(rows, null), { onSuccess: onClose })}
        >
          {t('stranger.take_back')}
        </Button>
      ) : null}
    </FormModal>
  );
}
