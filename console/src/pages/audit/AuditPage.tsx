// Who did what: the audit trail as it lies in the evidence, by person, by object, by act. Each entry opens on what changed
// and on its proof.
import { Button, Drawer, Select, Switch } from 'antd';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useAccounts } from '~/api/people';
import { useAudit } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { ChangeTable } from '~/ui/ChangeTable';
import { type Column, DataTable } from '~/ui/DataTable';
import { fold } from '~/ui/format';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SealLink } from '~/ui/Seal';
import { Time } from '~/ui/Time';
import { useNames } from '~/ui/useNames';
import { spanOfSearch } from '../logs/search';
import { type Entry, queryOf } from './entry';
import './audit.css';

const ranges = ['24h', '7d', '30d', 'all'] as const;
// Acts that people look for; every other is found without this filter.
const offered = [
  'sign_in',
  'password_change',
  'password_issue',
  'account_create',
  'account_disable',
  'role_grant',
  'role_revoke',
  'role_delegate',
  'second_factor_reset',
  'act_propose',
  'act_agree',
  'act_refuse',
  'agency_reorganise',
  'agency_profile',
  'software_approved',
  'wifi_recorded',
  'break_glass_use',
] as const;

export default function AuditPage() {
  const { t } = useLanguage();
  const [params, change] = useParamsState('person', 'object', 'act', 'outcome', 'searches', 'range', 'open');
  const span = useMemo(() => spanOfSearch({ range: params.range ?? '30d' }, new Date()), [params.range]);
  const query = useAudit({ ...queryOf(params), ...(span.from ? { from: span.from } : {}) });
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useColumns();
  const names = useNames();
  const open = entries.find((each) => String(each.seq) === params.open);
  return (
    <Page title={t('nav.audit')} lead={t('trail.lead')} updatedAt={query.dataUpdatedAt}>
      <div className="filters">
        <PersonFilter value={params.person} onChange={(person) => change({ person })} />
        <Select
          className="filter-wide"
          aria-label={t('trail.act')}
          value={params.act ?? ''}
          onChange={(act) => change({ act })}
          options={[
            { value: '', label: t('trail.all_acts') },
            ...offered.map((act) => ({ value: act, label: t(`act.${act}`) })),
          ]}
        />
        <Select
          className="filter-narrow"
          aria-label={t('trail.outcome')}
          value={params.outcome ?? ''}
          onChange={(outcome) => change({ outcome })}
          options={[
            { value: '', label: t('trail.all_outcomes') },
            { value: 'done', label: t('trail.done') },
            { value: 'failed', label: t('trail.not_done') },
          ]}
        />
        <Select
          className="filter-narrow"
          aria-label={t('trail.range')}
          value={params.range ?? '30d'}
          onChange={(range) => change({ range: range === '30d' ? undefined : range })}
          options={ranges.map((range) => ({ value: range, label: t(`logs.range_${range}`) }))}
        />
        <span className="trail-switch">
          <Switch
            size="small"
            aria-label={t('trail.searches')}
            checked={params.searches === '1'}
            onChange={(on) => change({ searches: on ? '1' : undefined })}
          />
          <span aria-hidden="true">{t('trail.searches')}</span>
        </span>
      </div>
      {params.object ? (
        <p className="will-happen">
          {t('trail.of_object', { object: names.object(params.object) })}{' '}
          <Button size="small" onClick={() => change({ object: undefined })}>
            {t('trail.of_all')}
          </Button>
        </p>
      ) : null}
      <Loaded query={query} rows={8}>
        {() => (
          <DataTable
            label={t('nav.audit')}
            columns={columns}
            rows={entries}
            rowKey={(row) => String(row.seq)}
            onOpen={(row) => change({ open: String(row.seq) })}
            rowClass={(row) => (row.alarm ? 'trail-alarm' : undefined)}
            empty={<EmptyState why={t('trail.none')} />}
            after={
              query.hasNextPage ? (
                <p className="table-foot">
                  <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('table.more')}
                  </Button>
                </p>
              ) : null
            }
          />
        )}
      </Loaded>
      {open ? <EntryDrawer entry={open} onClose={() => change({ open: undefined })} /> : null}
    </Page>
  );
}

function PersonFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (person: string | undefined) => void;
}) {
  const { t } = useLanguage();
  const accounts = useAccounts();
  const known = accounts.data ?? [];
  const options = known.map((each) => ({
    value: each.username,
    label: `${each.display_name} (${each.username})`,
  }));
  if (value && !known.some((each) => each.username === value)) options.push({ value, label: value });
  return (
    <Select
      className="filter-wide"
      aria-label={t('trail.person')}
      showSearch={{ filterOption: (text, option) => fold(String(option?.label)).includes(fold(text)) }}
      value={value ?? ''}
      onChange={(person) => onChange(person)}
      options={[{ value: '', label: t('trail.everybody') }, ...options]}
    />
  );
}

function useActName() {
  const { t } = useLanguage();
  return (act: string) => t(`act.${act.replaceAll('.', '_')}` as 'act.sign_in', { defaultValue: act });
}

function useColumns(): Column<Entry>[] {
  const { t } = useLanguage();
  const actName = useActName();
  const names = useNames();
  const accounts = useAccounts();
  const person = (username: string) =>
    accounts.data?.find((each) => each.username === username)?.display_name ?? username;
  return [
    { key: 'at', title: t('trail.at'), width: 160, render: (row) => <Time at={row.at} seconds /> },
    {
      key: 'who',
      title: t('trail.person'),
      render: (row) => (
        <span className="two-lines">
          <span>{row.who.name ? person(row.who.name) : t('audit.nobody')}</span>
          {row.address ? <span className="muted">{row.address}</span> : null}
        </span>
      ),
    },
    {
      key: 'act',
      title: t('trail.act'),
      primary: true,
      render: (row) => <span className="trail-act">{actName(row.act)}</span>,
    },
    {
      key: 'object',
      title: t('trail.object'),
      render: (row) => (row.object ? names.object(row.object) : '–'),
    },
    {
      key: 'outcome',
      title: t('trail.outcome'),
      width: 130,
      render: (row) =>
        row.outcome === 'done' ? (
          t('trail.done')
        ) : (
          <span className="overdue">{t(`trail.${row.outcome}`)}</span>
        ),
    },
    { key: 'proof', title: t('trail.proof'), width: 150, render: (row) => <SealLink seq={row.seq} /> },
  ];
}

function EntryDrawer({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const { t } = useLanguage();
  const actName = useActName();
  const names = useNames();
  const changed = Object.keys(entry.before).length + Object.keys(entry.after).length > 0;
  return (
    <Drawer
      open
      size={640}
      onClose={onClose}
      title={<span className="trail-act">{actName(entry.act)}</span>}
      extra={<SealLink seq={entry.seq} />}
    >
      <dl className="facts facts-tight">
        <div>
          <dt>{t('trail.at')}</dt>
          <dd>
            <Time at={entry.at} seconds />
          </dd>
        </div>
        <div>
          <dt>{t('trail.person')}</dt>
          <dd>
            {entry.who.name || t('audit.nobody')}{' '}
            {entry.address ? `(${t('audit.from', { address: entry.address })})` : ''}
          </dd>
        </div>
        <div>
          <dt>{t('trail.object')}</dt>
          <dd>
            {entry.object ? (
              <>
                {names.object(entry.object)} ·{' '}
                <Link to={`/audit?object=${encodeURIComponent(entry.object)}&range=all`}>
                  {t('trail.same_object')}
                </Link>
              </>
            ) : (
              '–'
            )}
          </dd>
        </div>
        <div>
          <dt>{t('trail.outcome')}</dt>
          <dd>
            {t(`trail.${entry.outcome}`)} {entry.error ? <code>{entry.error}</code> : null}
          </dd>
        </div>
      </dl>
      {changed ? (
        <ChangeTable label={t('waiting.changes')} before={entry.before} after={entry.after} />
      ) : (
        <p className="muted">{t('change.nothing')}</p>
      )}
    </Drawer>
  );
}
