// The town office's board: which agencies fall short, and everything reported and opened in all of them, received and
// assigned from here.
import { Button, Select } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router-dom';
import type { TownItem } from '~/api/caseworkTypes';
import { useMay } from '~/api/queries';
import { useReceive, useTownOffice } from '~/api/town';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatNumber } from '~/ui/format';
import { EmptyState, ErrorNote, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { Age } from '~/ui/Time';
import { focusedRow, useQueueKeys } from '../findings/useQueueKeys';
import { LateBy, TimeLeft } from '../incidents/TimeLeft';
import { AgencyShortfalls } from './AgencyShortfalls';
import { AssignDialog } from './AssignDialog';
import { ofPart, type Part, parts } from './board';
import { Receipt, useWhyNoReceipt } from './Receipt';
import '../findings/findings.css';
import '../incidents/incidents.css';
import './town.css';

const addressOf = (item: TownItem) =>
  item.kind === 'case' ? `/incidents/${item.id}` : `/staff-reports?open=${item.id}`;

export default function TownOfficePage() {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const [params, setParams] = useParamsState('part', 'agency', 'mine', 'open');
  const query = useTownOffice({
    agency: params.agency,
    assignee: params.mine ? 'me' : undefined,
    open: params.open === 'all' ? undefined : 'true',
  });
  const receive = useReceive();
  const whyNoReceipt = useWhyNoReceipt();
  const mayHandle = useMay('incident_handle');
  const [assigning, setAssigning] = useState<TownItem | null>(null);
  const part: Part = parts.find((each) => each === params.part) ?? 'open';
  const rows = ofPart(query.data?.items ?? [], part);
  const focused = () => rows[Number(focusedRow()?.dataset.index ?? -1)];
  useQueueKeys((key) => {
    const item = focused();
    if (!item || !mayHandle) return false;
    if (key === 't' && item.received_at === null && whyNoReceipt === null) receive.mutate(item);
    else if (key === 'p') setAssigning(item);
    else return false;
    return true;
  });
  const agency = query.data?.agencies.find((each) => each.agency.id === params.agency)?.agency;
  return (
    <Page
      title={t('nav.town_office')}
      lead={t('town.lead')}
      extra={mayHandle ? <span className="muted findings-keys">{t('town.keys')}</span> : null}
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={10}>
        {(board) => (
          <>
            <AgencyShortfalls
              agencies={board.agencies}
              chosen={params.agency}
              onChoose={(id) => setParams({ agency: id })}
            />
            <div className="filters">
              <fieldset className="state-filter">
                <legend className="visually-hidden">{t('filter.state')}</legend>
                {parts.map((each) => (
                  <button
                    key={each}
                    type="button"
                    aria-pressed={part === each}
                    onClick={() => setParams({ part: each === 'open' ? undefined : each })}
                  >
                    {t(`town_part.${each}`)}
                    <span className="count">{formatNumber(board.counts[each], language)}</span>
                  </button>
                ))}
              </fieldset>
              <button
                type="button"
                className="toggle"
                aria-pressed={Boolean(params.mine)}
                onClick={() => setParams({ mine: params.mine ? undefined : '1' })}
              >
                {t('town.mine')}
              </button>
              <Select
                className="filter-narrow"
                aria-label={t('town.which')}
                value={params.open === 'all' ? 'all' : ''}
                onChange={(open) => setParams({ open })}
                options={[
                  { value: '', label: t('town.open_only') },
                  { value: 'all', label: t('town.with_closed') },
                ]}
              />
              {agency ? (
                <Button onClick={() => setParams({ agency: undefined })}>
                  {t('town.all_agencies', { name: agency.name })}
                </Button>
              ) : null}
            </div>
            {receive.error ? <ErrorNote error={receive.error} /> : null}
            <Queue
              rows={rows}
              part={part}
              onAssign={setAssigning}
              onOpen={(row) => navigate(addressOf(row))}
            />
            {board.total > board.items.length ? (
              <p className="table-foot">
                {t('table.shown', {
                  shown: formatNumber(board.items.length, language),
                  total: formatNumber(board.total, language),
                })}
              </p>
            ) : null}
          </>
        )}
      </Loaded>
      {assigning ? (
        <AssignDialog
          matter={assigning}
          name={assigning.number}
          assignee={assigning.assignee}
          onClose={() => setAssigning(null)}
        />
      ) : null}
    </Page>
  );
}

function Queue({
  rows,
  part,
  onAssign,
  onOpen,
}: {
  rows: TownItem[];
  part: Part;
  onAssign: (item: TownItem) => void;
  onOpen: (item: TownItem) => void;
}) {
  const { t, local, language } = useLanguage();
  const mayHandle = useMay('incident_handle');
  const columns: Column<TownItem>[] = [
    {
      key: 'what',
      title: t('town.matter'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          {row.kind === 'case' ? (
            <Link to={`/incidents/${row.id}`}>{row.title}</Link>
          ) : (
            <Link to={`/staff-reports?open=${row.id}`}>{row.title}</Link>
          )}
          <span className="muted incident-whom">
            <code>{row.number}</code>
            <span>{t(`town_kind.${row.kind}`)}</span>
            <span>{row.agency.name}</span>
            {row.severity ? <span>{local(row.severity.title)}</span> : null}
          </span>
        </span>
      ),
    },
    { key: 'state', title: t('town.state'), width: 190, render: (row) => local(row.state_title) },
    { key: 'at', title: t('town.since'), width: 120, render: (row) => <Age at={row.at} /> },
    {
      key: 'receipt',
      title: t('town.receipt'),
      width: 160,
      render: (row) => <Receipt matter={row} at={row.received_at} by={row.received_by} />,
    },
    {
      key: 'assignee',
      title: t('town.assignee'),
      width: 160,
      render: (row) =>
        mayHandle ? (
          <button
            type="button"
            className={row.assignee ? 'link-button' : 'link-button town-nobody'}
            aria-label={t('town.assign_which', {
              number: row.number,
              name: row.assignee?.name ?? t('town.nobody'),
            })}
            onClick={() => onAssign(row)}
          >
            {row.assignee?.name ?? t('town.assign')}
          </button>
        ) : (
          (row.assignee?.name ?? <span className="muted">{t('town.nobody')}</span>)
        ),
    },
    {
      key: 'due',
      title: t('incident.time_left'),
      width: 150,
      render: (row) =>
        row.overdue ? (
          <LateBy />
        ) : row.next_due ? (
          <TimeLeft at={row.next_due} />
        ) : (
          <span className="muted">–</span>
        ),
    },
    {
      key: 'support',
      title: t('town.support'),
      width: 110,
      render: (row) =>
        row.support_open > 0 ? (
          <Link to={`/incidents/${row.id}?tab=joint`}>
            {t('town.support_open', {
              count: row.support_open,
              number: formatNumber(row.support_open, language),
            })}
          </Link>
        ) : (
          <span className="muted">–</span>
        ),
    },
  ];
  return (
    <DataTable
      label={t('town.queue')}
      columns={columns}
      rows={rows}
      rowKey={(row) => `${row.kind} ${row.id}`}
      rowClass={(row) => (row.received_at === null ? 'town-unreceived' : undefined)}
      onOpen={onOpen}
      empty={<EmptyState why={t(part === 'open' ? 'town.none' : 'town.none_of_part')} />}
    />
  );
}
