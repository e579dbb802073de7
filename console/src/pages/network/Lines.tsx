// The address plans and the links of the agencies, each with what devices show that is not as it says.
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { type Line, type NetworkDrift, noticePaper, type Subnet, useLines, usePlan } from '~/api/network';
import { useFiles } from '~/api/papers';
import { useDevices } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { AgencyFilter, useLivingAgencies } from '~/ui/AgencySelect';
import { type Column, DataTable } from '~/ui/DataTable';
import { saveBlob } from '~/ui/files';
import { formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Age, DateOnly } from '~/ui/Time';
import { EndLine, LineForm, NoticeForm, RemoveSubnet, SubnetForm } from './LineForms';
import '../incidents/incidents.css';

type Asked<Row> = { what: string; row: Row | null } | null;

function useAgencyNames() {
  return new Map(useLivingAgencies().map((each) => [each.id, each.name]));
}

function Drifts({ drifts }: { drifts: NetworkDrift[] }) {
  const { t } = useLanguage();
  const devices = useDevices();
  const machines = new Map(devices.data?.map((each) => [each.id, each.name]) ?? []);
  const agencies = useAgencyNames();
  const columns: Column<NetworkDrift>[] = [
    {
      key: 'kind',
      title: t('drift.what'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{t(`drift_kind.${row.kind}`)}</span>
          <span className="muted">{agencies.get(row.agency) ?? ''}</span>
        </span>
      ),
    },
    { key: 'what', title: t('drift.address'), render: (row) => <code>{row.what}</code> },
    {
      key: 'devices',
      title: t('drift.devices'),
      render: (row) => (
        <>
          {row.devices.slice(0, 3).map((id) => (
            <Link key={id} to={`/devices/${id}`} className="in-list">
              {machines.get(id) ?? id}
            </Link>
          ))}
          {row.devices.length > 3 ? <span className="muted">+{row.devices.length - 3}</span> : null}
        </>
      ),
    },
    { key: 'at', title: t('drift.since'), width: 130, render: (row) => <Age at={row.at} /> },
  ];
  if (drifts.length === 0) return null;
  return (
    <Section title={t('drift.title')}>
      <DataTable
        label={t('drift.title')}
        columns={columns}
        rows={drifts}
        rowKey={(row) => `${row.agency} ${row.kind} ${row.what}`}
      />
    </Section>
  );
}

export function Plan() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState('agency');
  const query = usePlan(params.agency);
  const [asked, setAsked] = useState<Asked<Subnet>>(null);
  const agencies = useAgencyNames();
  const columns: Column<Subnet>[] = [
    {
      key: 'range',
      title: t('net_plan.range'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <code>{row.range}</code>
          <span className="muted">{agencies.get(row.agency) ?? ''}</span>
        </span>
      ),
    },
    {
      key: 'purpose',
      title: t('net_plan.purpose'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.purpose}</span>
          {row.dedicated ? <span className="muted">{t('net_plan.dedicated')}</span> : null}
        </span>
      ),
    },
    { key: 'gateway', title: t('net_plan.gateway'), width: 150, render: (row) => row.gateway || '–' },
    { key: 'vlan', title: 'VLAN', width: 80, align: 'right', render: (row) => row.vlan ?? '–' },
    {
      key: 'agreed',
      title: t('net_plan.agreed'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.agreed_with || '–'}</span>
          <span className="muted">
            {row.document} {row.agreed_on ? <DateOnly at={row.agreed_on} /> : null}
          </span>
        </span>
      ),
    },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('air.acts')}</span>,
      width: 210,
      render: (row) => (
        <span className="hold-extra">
          <MayButton action="network_manage" size="small" onClick={() => setAsked({ what: 'put', row })}>
            {t('net_plan.edit')}
          </MayButton>
          <MayButton action="network_manage" size="small" onClick={() => setAsked({ what: 'remove', row })}>
            {t('net_plan.take_out')}
          </MayButton>
        </span>
      ),
    },
  ];
  const close = () => setAsked(null);
  return (
    <Loaded query={query} rows={6}>
      {({ items, drifts }) => (
        <>
          <p className="muted">{t('net_plan.lead')}</p>
          <div className="filters">
            <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
            <MayButton
              action="network_manage"
              type="primary"
              onClick={() => setAsked({ what: 'put', row: null })}
            >
              {t('net_plan.add')}
            </MayButton>
          </div>
          <DataTable
            label={t('net_plan.title')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t('net_plan.empty')} />}
          />
          <Drifts drifts={drifts} />
          {asked?.what === 'put' ? <SubnetForm subnet={asked.row} onClose={close} /> : null}
          {asked?.what === 'remove' && asked.row ? <RemoveSubnet subnet={asked.row} onClose={close} /> : null}
        </>
      )}
    </Loaded>
  );
}

export function Lines() {
  const { t, language } = useLanguage();
  const [params, setParams] = useParamsState('agency');
  const query = useLines(params.agency);
  const [asked, setAsked] = useState<Asked<Line>>(null);
  const agencies = useAgencyNames();
  const columns: Column<Line>[] = [
    {
      key: 'name',
      title: t('line.name'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.name}</span>
          <span className="muted">
            {t(`line_kind.${row.kind}`)} · {agencies.get(row.agency) ?? ''}
          </span>
        </span>
      ),
    },
    {
      key: 'provider',
      title: t('line.provider'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.provider || '–'}</span>
          <span className="muted">{row.mbps > 0 ? `${formatNumber(row.mbps, language)} Mbit/s` : ''}</span>
        </span>
      ),
    },
    { key: 'exits', title: t('line.exits'), render: (row) => row.exits.join(', ') || '–' },
    { key: 'terms', title: t('line.terms'), render: (row) => row.terms || t('line.no_terms') },
    {
      key: 'notice',
      title: t('line.notice_state'),
      render: (row) =>
        row.kind !== 'internet' ? (
          '–'
        ) : (
          <span className="two-lines">
            <span>
              {row.notice_due_on ? t('line.notice_due') : t('line.notice_done')}{' '}
              <DateOnly at={row.notice_due_on ?? row.noticed_on} />
            </span>
            <span className="muted">{row.notice_document}</span>
            <NoticeDraft line={row} />
          </span>
        ),
    },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('air.acts')}</span>,
      width: 250,
      render: (row) => (
        <span className="hold-extra">
          {row.kind === 'internet' ? (
            <MayButton action="network_manage" size="small" onClick={() => setAsked({ what: 'notice', row })}>
              {t('line.record_notice')}
            </MayButton>
          ) : null}
          <MayButton action="network_manage" size="small" onClick={() => setAsked({ what: 'put', row })}>
            {t('net_plan.edit')}
          </MayButton>
          <MayButton action="network_manage" size="small" onClick={() => setAsked({ what: 'end', row })}>
            {t('net_plan.take_out')}
          </MayButton>
        </span>
      ),
    },
  ];
  const close = () => setAsked(null);
  return (
    <Loaded query={query} rows={6}>
      {({ items, drifts, notice_within_days }) => (
        <>
          <p className="muted">{t('line.lead', { number: formatNumber(notice_within_days, language) })}</p>
          <div className="filters">
            <AgencyFilter value={params.agency} onChange={(agency) => setParams({ agency })} />
            <MayButton
              action="network_manage"
              type="primary"
              onClick={() => setAsked({ what: 'put', row: null })}
            >
              {t('line.add')}
            </MayButton>
          </div>
          <DataTable
            label={t('line.title')}
            columns={columns}
            rows={items}
            rowKey={(row) => row.id}
            empty={<EmptyState why={t('line.empty')} />}
          />
          <Drifts drifts={drifts} />
          {asked?.what === 'put' ? <LineForm line={asked.row} onClose={close} /> : null}
          {asked?.what === 'end' && asked.row ? <EndLine line={asked.row} onClose={close} /> : null}
          {asked?.what === 'notice' && asked.row ? <NoticeForm line={asked.row} onClose={close} /> : null}
        </>
      )}
    </Loaded>
  );
}

function NoticeDraft({ line }: { line: Line }) {
  const { t } = useLanguage();
  const file = useFiles();
  return (
    <Button
      size="small"
      loading={file.isPending}
      onClick={() =>
        file.mutate(
          { path: noticePaper(line.id), name: 'thong-bao-duong-truyen.pdf' },
          { onSuccess: ({ blob, name }) => saveBlob(name, blob) },
        )
      }
    >
      {t('line.draft')}
    </Button>
  );
}
