// Tracing an origin: who talked to whom around an address, an account or a device, as a graph and as the table that decree
// 142/2016/NĐ-CP (article 10) asks for.
import { Button, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router-dom';
import { useLinks } from '~/api/entities';
import { useDevices, useMay } from '~/api/queries';
import type { LinkNode, LinkRow, Links } from '~/api/types';
import { useLanguage } from '~/i18n';
import { csvOf } from '~/ui/csv';
import { type Column, DataTable } from '~/ui/DataTable';
import { entityAddress } from '~/ui/EntityLink';
import { formatNumber, formatSeconds, isoDate } from '~/ui/format';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SealLink } from '~/ui/Seal';
import { saveText } from '~/ui/saveText';
import { Time } from '~/ui/Time';
import { RangeFilter, rangeParams, useSpan } from '../logs/RangeFilter';
import { Graph } from './Graph';
import './links.css';

const fallback = '24h';
const around = ['address', 'account', 'device'] as const;
type Around = (typeof around)[number];

export default function LinksPage() {
  const { t } = useLanguage();
  const [params, setParams] = useParamsState(...around, ...rangeParams);
  const span = useSpan(params, fallback);
  const { address, account, device } = params;
  const query = useLinks({ address, account, device, ...span });
  const center = device ? `device:${device}` : address ? `address:${address}` : undefined;
  // The same time around another end.
  const next = (node: LinkNode) => {
    const kept = rangeParams.flatMap((name) => (params[name] ? [[name, params[name] as string]] : []));
    const asked = node.type === 'device' ? 'device' : 'address';
    return String(new URLSearchParams([[asked, node.value], ...kept]));
  };
  return (
    <Page title={t('nav.links')} lead={t('links.lead')} updatedAt={query.dataUpdatedAt}>
      <div className="filters">
        <AroundFilter
          key={`${address ?? ''} ${account ?? ''} ${device ?? ''}`}
          values={{ address, account, device }}
          onChange={(which, value) =>
            setParams({ address: undefined, account: undefined, device: undefined, [which]: value }, true)
          }
        />
        <RangeFilter values={params} fallback={fallback} onChange={(range) => setParams(range, true)} />
      </div>
      <Loaded query={query} rows={10}>
        {(links) =>
          links.links === 0 ? (
            <EmptyState why={t('links.none')} />
          ) : (
            <Found links={links} center={center} next={next} />
          )
        }
      </Loaded>
    </Page>
  );
}

function AroundFilter({
  values,
  onChange,
}: {
  values: Record<Around, string | undefined>;
  onChange: (which: Around, value: string | undefined) => void;
}) {
  const { t } = useLanguage();
  const mayDevices = useMay('device_read');
  const devices = useDevices({}, mayDevices);
  const [which, setWhich] = useState<Around>(around.find((each) => values[each]) ?? 'address');
  const [text, setText] = useState(values.address ?? values.account ?? '');
  const search = (event: FormEvent) => {
    event.preventDefault();
    onChange(which, text.trim() || undefined);
  };
  return (
    <form className="around" onSubmit={search}>
      <Select<Around>
        className="around-kind"
        aria-label={t('links.around')}
        value={which}
        onChange={setWhich}
        options={around
          .filter((each) => each !== 'device' || mayDevices)
          .map((each) => ({ value: each, label: t(`links.${each}`) }))}
      />
      {which === 'device' ? (
        <Select
          className="filter-wide"
          aria-label={t('links.choose_device')}
          placeholder={t('links.choose_device')}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          value={values.device ?? null}
          onChange={(value) => onChange('device', value ?? undefined)}
          options={devices.data?.map((each) => ({ value: each.id, label: each.name }))}
        />
      ) : (
        <>
          <Input
            data-page-search=""
            className="around-text"
            aria-label={t('links.value')}
            placeholder={t('links.value')}
            maxLength={256}
            allowClear
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button htmlType="submit">{t('links.find')}</Button>
        </>
      )}
    </form>
  );
}

function Found({
  links,
  center,
  next,
}: {
  links: Links;
  center: string | undefined;
  next: (node: LinkNode) => string;
}) {
  const { t, local, language } = useLanguage();
  const nodes = new Map(links.nodes.map((node) => [node.id, node]));
  const end = (id: string, name: string) => {
    const node = nodes.get(id);
    return node ? <Link to={entityAddress(node)}>{node.label}</Link> : name;
  };
  return (
    <>
      {links.complete ? null : <p className="will-happen">{t('links.incomplete')}</p>}
      {links.note ? <p className="will-happen">{local(links.note)}</p> : null}
      <Section title={t('links.graph')}>
        <Graph links={links} center={center} address={next} />
      </Section>
      <details className="pairs">
        <summary>{t('links.pairs')}</summary>
        <Pairs links={links} end={end} />
      </details>
      <Section title={t('links.table')} extra={<ExportButton rows={links.rows} />}>
        <p className="muted graph-legend">{t('links.untold')}</p>
        <Rows rows={links.rows} end={end} />
        <p className="table-foot">
          {t('links.shown', {
            shown: formatNumber(links.rows.length, language),
            number: formatNumber(links.links, language),
          })}
        </p>
      </Section>
    </>
  );
}

type End = (id: string, name: string) => React.ReactNode;

function Pairs({ links, end }: { links: Links; end: End }) {
  const { t, language } = useLanguage();
  return (
    <DataTable
      label={t('links.pairs')}
      rows={[...links.edges].sort((a, b) => b.count - a.count)}
      rowKey={(row) => `${row.from} ${row.to}`}
      columns={[
        { key: 'from', title: t('links.source'), primary: true, render: (row) => end(row.from, row.from) },
        { key: 'to', title: t('links.destination'), render: (row) => end(row.to, row.to) },
        {
          key: 'count',
          title: t('links.count'),
          width: 110,
          align: 'right',
          render: (row) => formatNumber(row.count, language),
        },
        { key: 'first', title: t('links.first'), width: 160, render: (row) => <Time at={row.first} /> },
        { key: 'last', title: t('links.last'), width: 160, render: (row) => <Time at={row.last} /> },
      ]}
    />
  );
}

const told = (text: string | null) => text ?? <span className="muted">–</span>;

function Rows({ rows, end }: { rows: LinkRow[]; end: End }) {
  const { t } = useLanguage();
  const columns: Column<LinkRow>[] = [
    { key: 'time', title: t('links.time'), width: 165, render: (row) => <Time at={row.time} seconds /> },
    {
      key: 'packet',
      title: t('links.packet'),
      primary: true,
      render: (row) => (
        <span className="two-lines link-packet">
          <span>{told(row.packet)}</span>
          <span className="muted">{row.information}</span>
        </span>
      ),
    },
    { key: 'source', title: t('links.source'), render: (row) => end(row.from, row.source) },
    {
      key: 'source_port',
      title: t('links.source_port'),
      align: 'right',
      render: (row) => told(row.source_port),
    },
    { key: 'destination', title: t('links.destination'), render: (row) => end(row.to, row.destination) },
    {
      key: 'destination_port',
      title: t('links.destination_port'),
      align: 'right',
      render: (row) => told(row.destination_port),
    },
    { key: 'method', title: t('links.method'), render: (row) => told(row.method) },
    { key: 'object', title: t('links.object'), render: (row) => told(row.object) },
    { key: 'purpose', title: t('links.purpose'), render: (row) => told(row.purpose) },
    { key: 'degree', title: t('links.degree'), render: (row) => told(row.degree) },
    {
      key: 'proof',
      title: t('links.proof'),
      width: 120,
      render: (row) => <SealLink seq={row.seq} label={String(row.seq)} />,
    },
  ];
  return (
    <DataTable
      label={t('links.table')}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.seq} ${row.from} ${row.to}`}
      empty={<EmptyState why={t('links.none')} />}
    />
  );
}

function ExportButton({ rows }: { rows: LinkRow[] }) {
  const { t } = useLanguage();
  const save = () => {
    const head = [
      t('links.time'),
      t('links.packet'),
      t('links.information'),
      t('links.source'),
      t('links.source_port'),
      t('links.destination'),
      t('links.destination_port'),
      t('links.method'),
      t('links.object'),
      t('links.purpose'),
      t('links.degree'),
      t('links.seq'),
    ];
    const lines = rows.map((row) => [
      formatSeconds(row.time),
      row.packet ?? '',
      row.information,
      row.source,
      row.source_port ?? '',
      row.destination,
      row.destination_port ?? '',
      row.method ?? '',
      row.object ?? '',
      row.purpose ?? '',
      row.degree ?? '',
      String(row.seq),
    ]);
    saveText(`${t('links.file')}-${isoDate(new Date())}.csv`, csvOf([head, ...lines]), 'text/csv');
  };
  return <Button onClick={save}>{t('links.export')}</Button>;
}
