// Who did what: the audit trail as the hub wrote it, by person, by object, by act, by place and time. Each entry opens on what
// changed and on its proof. Whoever may not read others' acts reads their own and what was done to their account.
import { Button, Drawer } from 'antd';
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useAudit, useMay } from '~/api/queries';
import { useReadsOthers } from '~/app/usePages';
import { useLanguage } from '~/i18n';
import { ChangeTable } from '~/ui/ChangeTable';
import { type Column, DataTable } from '~/ui/DataTable';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { useParamsState } from '~/ui/query';
import { SealLink } from '~/ui/Seal';
import { Time } from '~/ui/Time';
import { useNames } from '~/ui/useNames';
import { usePersonName } from '~/ui/usePersonName';
import { useSpan } from '../logs/RangeFilter';
import { ExportButton } from './ExportButton';
import { type Entry, exportOf, pageOf, queryOf } from './entry';
import { auditParams, Filters } from './Filters';
import './audit.css';

export default function AuditPage() {
  const { t } = useLanguage();
  const everybody = useReadsOthers();
  const mayProve = useMay('evidence_prove');
  const [params, change] = useParamsState(...auditParams);
  const { from, until } = useSpan(params, '30d');
  const asked = { ...queryOf(params), ...(from ? { from } : {}), ...(until ? { until } : {}) };
  const query = useAudit(asked);
  const entries = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useColumns(mayProve);
  const names = useNames();
  const open = entries.find((each) => String(each.seq) === params.open);
  const more = (word: string) => (
    <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {word}
    </Button>
  );
  return (
    <Page
      title={t('nav.audit')}
      lead={t(everybody ? 'trail.lead' : 'trail.lead_own')}
      extra={<ExportButton wanted={exportOf(asked)} />}
      updatedAt={query.dataUpdatedAt}
    >
      <Filters values={params} everybody={everybody} onChange={change} />
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
            empty={
              // A page of the hub ends after some seconds of searching, found or not.
              query.hasNextPage ? (
                <EmptyState why={t('trail.none_yet')} action={more(t('trail.search_on'))} />
              ) : (
                <EmptyState why={t('trail.none')} />
              )
            }
            after={query.hasNextPage ? <p className="table-foot">{more(t('table.more'))}</p> : null}
          />
        )}
      </Loaded>
      {open ? (
        <EntryDrawer entry={open} proof={mayProve} onClose={() => change({ open: undefined })} />
      ) : null}
    </Page>
  );
}

function useActName() {
  const { t } = useLanguage();
  return (act: string) => t(`act.${act.replaceAll('.', '_')}` as 'act.sign_in', { defaultValue: act });
}

function useColumns(mayProve: boolean): Column<Entry>[] {
  const { t } = useLanguage();
  const actName = useActName();
  const names = useNames();
  const person = usePersonName();
  const columns: Column<Entry>[] = [
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
      render: (row) => (
        <>
          <span className="trail-act">{actName(row.act)}</span>
          {row.alarm ? <strong className="trail-ring"> {t('trail.alarm')}</strong> : null}
        </>
      ),
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
  ];
  if (mayProve)
    columns.push({
      key: 'proof',
      title: t('trail.proof'),
      width: 150,
      render: (row) => <SealLink seq={row.seq} />,
    });
  return columns;
}

function EntryDrawer({ entry, proof, onClose }: { entry: Entry; proof: boolean; onClose: () => void }) {
  const { t } = useLanguage();
  const actName = useActName();
  const names = useNames();
  const person = usePersonName();
  const changed = Object.keys(entry.before).length + Object.keys(entry.after).length > 0;
  const page = entry.object ? pageOf(entry.object) : null;
  return (
    <Drawer
      open
      size={640}
      onClose={onClose}
      title={<span className="trail-act">{actName(entry.act)}</span>}
      extra={proof ? <SealLink seq={entry.seq} /> : null}
    >
      {entry.alarm ? (
        <p className="will-happen">
          <strong className="trail-ring">{t('trail.alarm')}</strong>
        </p>
      ) : null}
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
            {entry.who.name ? person(entry.who.name) : t('audit.nobody')}{' '}
            {entry.address ? `(${t('audit.from', { address: entry.address })})` : ''}
          </dd>
        </div>
        {entry.agreed_by ? (
          <div>
            <dt>{t('trail.agreed_by')}</dt>
            <dd>{person(entry.agreed_by)}</dd>
          </div>
        ) : null}
        <div>
          <dt>{t('trail.object')}</dt>
          <dd>
            {entry.object ? (
              <>
                {page ? (
                  <Link to={`/${page}`}>{names.object(entry.object)}</Link>
                ) : (
                  names.object(entry.object)
                )}
                {' · '}
                <Link to={`/audit?object=${encodeURIComponent(entry.object)}&range=all`}>
                  {t('trail.same_object')}
                </Link>
              </>
            ) : (
              '–'
            )}
          </dd>
        </div>
        {entry.agency ? (
          <div>
            <dt>{t('trail.agency')}</dt>
            <dd>{names.name(entry.agency)}</dd>
          </div>
        ) : null}
        <div>
          <dt>{t('trail.outcome')}</dt>
          <dd>{t(`trail.${entry.outcome}`)}</dd>
        </div>
        {entry.error ? (
          <div>
            <dt>{t('trail.why')}</dt>
            <dd>
              <code>{entry.error}</code>
            </dd>
          </div>
        ) : null}
      </dl>
      {changed ? (
        <ChangeTable label={t('waiting.changes')} before={entry.before} after={entry.after} />
      ) : (
        <p className="muted">{t('change.nothing')}</p>
      )}
    </Drawer>
  );
}
