// How long logs are kept: the floor and where it stands, what holds for each agency and class, who decided it and since when.
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { useRetention } from '~/api/custody';
import type { Retention, RetentionRule, SourceClass } from '~/api/custodyTypes';
import { useAgencies, useMay, useRegulation } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { compareText, formatDate, formatNumber } from '~/ui/format';
import { MayButton } from '~/ui/MayButton';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { Time } from '~/ui/Time';
import { RemoveTerm } from './RemoveTerm';
import { TermForm } from './TermForm';
import { classes, floorOf, lineageOf, termOf } from './terms';

export function Terms() {
  const { t, language } = useLanguage();
  const query = useRetention();
  const [asked, setAsked] = useState<RetentionRule | 'new' | null>(null);
  const [removed, setRemoved] = useState<RetentionRule | null>(null);
  const number = (value: number) => formatNumber(value, language);
  const days = (value: number) => t('cover.days', { number: number(value) });
  return (
    <Loaded query={query} rows={8}>
      {(known) => (
        <>
          {known.running ? (
            <Alert type="error" showIcon title={t('term.running')} description={known.running} />
          ) : null}
          <dl className="facts facts-row">
            <div>
              <dt>{t('term.floor')}</dt>
              <dd>
                <strong>{days(known.floor_days)}</strong> <FloorSource />
              </dd>
            </div>
            <div>
              <dt>{t('term.own')}</dt>
              <dd>{days(known.default_days)}</dd>
            </div>
            <div>
              <dt>{t('term.goes')}</dt>
              <dd>{t('term.goes_before', { day: formatDate(known.whole_days_until) })}</dd>
            </div>
            <div>
              <dt>{t('term.held')}</dt>
              <dd>
                {known.held_from ? (
                  <Link to="/holds">{t('term.held_from', { day: formatDate(known.held_from) })}</Link>
                ) : (
                  t('term.nothing_held')
                )}
              </dd>
            </div>
          </dl>
          <Section
            title={t('term.decided')}
            extra={
              <MayButton action="retention_manage" type="primary" onClick={() => setAsked('new')}>
                {t('term.set')}
              </MayButton>
            }
          >
            <p className="kept-note">{t('term.decided_help')}</p>
            <Rules known={known} onChange={setAsked} onRemove={setRemoved} />
          </Section>
          <Section title={t('term.in_force')}>
            <p className="kept-note">{t('term.in_force_help')}</p>
            <InForce known={known} />
          </Section>
          {asked ? (
            <TermForm known={known} rule={asked === 'new' ? null : asked} onClose={() => setAsked(null)} />
          ) : null}
          {removed ? <RemoveTerm rule={removed} onClose={() => setRemoved(null)} /> : null}
        </>
      )}
    </Loaded>
  );
}

// Where the floor stands, in the pack's own words.
function FloorSource() {
  const { local } = useLanguage();
  const pack = useRegulation();
  const obligation = pack.data?.obligations.find((each) =>
    each.parameters.some((parameter) => parameter.name === 'keep_days'),
  );
  const parameter = obligation?.parameters.find((each) => each.name === 'keep_days');
  if (!obligation || !parameter) return null;
  return (
    <span className="muted">
      (<Link to={`/obligations/${obligation.id}`}>{local(parameter.source)}</Link>)
    </span>
  );
}

function Rules({
  known,
  onChange,
  onRemove,
}: {
  known: Retention;
  onChange: (rule: RetentionRule) => void;
  onRemove: (rule: RetentionRule) => void;
}) {
  const { t, language } = useLanguage();
  const number = (value: number) => formatNumber(value, language);
  const columns: Column<RetentionRule>[] = [
    {
      key: 'where',
      title: t('term.where'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <span>{row.agency ? row.agency.name : t('term.everywhere')}</span>
          <span className="muted">
            {row.agency ? `${t('term.and_below')} · ` : ''}
            {row.class ? t(`source_class.${row.class}`) : t('term.every_class')}
          </span>
        </span>
      ),
    },
    {
      key: 'keep',
      title: t('term.keep'),
      width: 150,
      render: (row) => t('cover.days', { number: number(row.keep_days) }),
    },
    {
      key: 'erase',
      title: t('term.erase'),
      width: 190,
      render: (row) =>
        row.erase_after_days === null ? (
          <span className="muted">{t('term.with_file')}</span>
        ) : (
          t('term.after', { number: number(row.erase_after_days) })
        ),
    },
    { key: 'reason', title: t('waiting.note'), render: (row) => <span className="wrap">{row.reason}</span> },
    {
      key: 'by',
      title: t('term.by'),
      width: 220,
      render: (row) => (
        <span className="two-lines">
          <span>{row.decided_by.join(', ')}</span>
          <span className="muted">
            {t('term.since')} <Time at={row.decided_at} />
          </span>
        </span>
      ),
    },
    {
      key: 'acts',
      title: <span className="visually-hidden">{t('medium.acts')}</span>,
      width: 130,
      render: (row) => (
        <span className="kept-actions">
          <MayButton action="retention_manage" size="small" onClick={() => onChange(row)}>
            {t('term.change')}
          </MayButton>
          <MayButton action="retention_manage" size="small" onClick={() => onRemove(row)}>
            {t('term.remove')}
          </MayButton>
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('term.decided')}
      columns={columns}
      rows={known.rules}
      rowKey={(row) => row.id}
      empty={
        <EmptyState
          why={t('term.none', {
            number: number(Math.max(known.default_days, known.floor_days)),
          })}
        />
      }
    />
  );
}

interface Row {
  id: string;
  name: string;
  lineage: string[];
}

function InForce({ known }: { known: Retention }) {
  const { t, language, local } = useLanguage();
  const [all, setAll] = useState(false);
  const agencies = useAgencies(useMay('agency_read')).data ?? [];
  const number = (value: number) => formatNumber(value, language);
  const named = new Set([
    ...known.floors.map((each) => each.agency.id),
    ...known.rules.flatMap((each) => (each.agency ? [each.agency.id] : [])),
  ]);
  const rows: Row[] = [
    { id: '', name: t(named.size > 0 ? 'term.elsewhere' : 'term.everywhere'), lineage: [] },
    ...agencies
      .filter((each) => all || named.has(each.id))
      .map((each) => ({ id: each.id, name: each.name, lineage: lineageOf(each.id, agencies) }))
      .sort((a, b) => compareText(a.name, b.name)),
  ];
  const columns: Column<Row>[] = [
    {
      key: 'agency',
      title: t('filter.agency'),
      primary: true,
      render: (row) => {
        const floor = floorOf(known.floors, row.id);
        return (
          <span className="two-lines">
            <span>{row.name}</span>
            {floor ? (
              <span className="muted">
                {t('term.at_least', { number: number(floor.days) })}: {local(floor.basis)}
              </span>
            ) : null}
          </span>
        );
      },
    },
    ...classes.map(
      (of: SourceClass): Column<Row> => ({
        key: of,
        title: t(`source_class.${of}`),
        render: (row) => {
          const term = termOf(known, row.lineage, of);
          return (
            <span className="two-lines">
              <span>{t('term.at_least', { number: number(term.keep) })}</span>
              <span className="muted">
                {term.eraseAfter === null
                  ? t('term.with_file')
                  : t('term.after', { number: number(term.eraseAfter) })}
              </span>
            </span>
          );
        },
      }),
    ),
  ];
  return (
    <>
      <DataTable label={t('term.in_force')} columns={columns} rows={rows} rowKey={(row) => row.id} />
      {agencies.length > named.size ? (
        <p className="table-foot">
          <Button size="small" onClick={() => setAll(!all)}>
            {t(all ? 'term.named_only' : 'term.every_agency')}
          </Button>
        </p>
      ) : null}
    </>
  );
}
