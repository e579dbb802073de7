// One run of rules over kept records: how far it got, what it found and when, what it costs, a sample to judge it by.
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router-dom';
import { goesOn, useCancelRun } from '~/api/runs';
import type { RuleRun, RuleRunDetail, RunHit } from '~/api/types';
import { useLanguage } from '~/i18n';
import { type Column, DataTable } from '~/ui/DataTable';
import { formatDateTime, formatNumber } from '~/ui/format';
import { EmptyState, ErrorNote, Section } from '~/ui/Page';
import { SealLink } from '~/ui/Seal';
import { SeverityTag } from '~/ui/SeverityTag';
import { Time } from '~/ui/Time';
import { costOf, costRecordsMin } from './bench';
import { ExceptionDraft } from './ExceptionDraft';
import { RunDays } from './RunDays';

// As many marked records as are looked at for what they have in common.
const markedMax = 20;

export function RunView({
  run,
  onException,
}: {
  run: RuleRunDetail;
  onException?: (filter: string) => void;
}) {
  const { t, local } = useLanguage();
  const [marked, setMarked] = useState<Set<string>>(new Set());
  const [drafting, setDrafting] = useState(false);
  return (
    <div className="run" data-state={run.state}>
      <RunProgress run={run} />
      {run.error ? (
        <p className="will-happen" role="alert">
          {local(run.error)}
        </p>
      ) : null}
      <RunFacts run={run} />
      <RunDays days={run.days} />
      {run.rules.length > 1 ? <ByRule run={run} /> : null}
      <Section
        title={t('runs.sample')}
        extra={
          onException && marked.size > 0 ? (
            <Button type="primary" onClick={() => setDrafting(true)}>
              {t('runs.draft', { count: marked.size, number: marked.size })}
            </Button>
          ) : null
        }
      >
        {onException && run.sample.length > 0 ? (
          <p className="muted run-help">{t('runs.mark_help')}</p>
        ) : null}
        <Sample
          run={run}
          {...(onException
            ? { marked, onMark: (next) => setMarked(new Set([...next].slice(0, markedMax))) }
            : {})}
        />
      </Section>
      {drafting && onException ? (
        <ExceptionDraft
          seqs={[...marked].map(Number)}
          onClose={() => setDrafting(false)}
          onUse={(filter) => {
            setDrafting(false);
            onException(filter);
          }}
        />
      ) : null}
    </div>
  );
}

export function RunProgress({ run }: { run: RuleRun }) {
  const { t, language } = useLanguage();
  const cancel = useCancelRun(run.id);
  const number = (value: number) => formatNumber(value, language);
  const part = run.total > 0 ? Math.min(1, run.scanned / run.total) : 0;
  return (
    <>
      <div className="run-progress" role="status">
        <strong>{t(`run_state.${run.state}`)}</strong>
        {goesOn(run) ? (
          <>
            <progress value={part} max={1} aria-label={t('runs.progress')} />
            <span className="muted">
              {run.state === 'waiting'
                ? t('runs.waiting_turn')
                : t('runs.progress_of', {
                    scanned: number(run.scanned),
                    total: number(run.total),
                    percent: number(Math.floor(part * 100)),
                  })}
            </span>
            <Button size="small" loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {t('runs.cancel')}
            </Button>
          </>
        ) : null}
      </div>
      {cancel.error ? <ErrorNote error={cancel.error} /> : null}
    </>
  );
}

function useCostText() {
  const { t, language } = useLanguage();
  return ({ cpu_ns_per_event: nanoseconds, events }: RuleRun) => {
    if (nanoseconds === null) return t('runs.cost_unknown');
    if (events < costRecordsMin)
      return t('runs.cost_few', { number: formatNumber(costRecordsMin, language) });
    const { level, share } = costOf(nanoseconds);
    return t('runs.cost_text', {
      level: t(`run_cost.${level}`),
      nanoseconds: formatNumber(nanoseconds, language, 0),
      share: formatNumber(share, language, share < 1 ? 3 : 1),
    });
  };
}

function RunFacts({ run }: { run: RuleRunDetail }) {
  const { t, language } = useLanguage();
  const cost = useCostText();
  const one = run.rules.length === 1 ? run.rules[0] : undefined;
  return (
    <dl className="facts facts-row">
      <div>
        <dt>{t('runs.hits')}</dt>
        <dd className="run-hits">{formatNumber(run.hits, language)}</dd>
      </div>
      <div>
        <dt>{t('runs.events')}</dt>
        <dd>{formatNumber(run.events, language)}</dd>
      </div>
      <div>
        <dt>{t('runs.cost')}</dt>
        <dd>{cost(run)}</dd>
      </div>
      {run.keep ? (
        <div>
          <dt>{t('runs.findings')}</dt>
          <dd>
            <Link to={`/findings?state=all${one ? `&rule=${encodeURIComponent(one.id)}` : ''}`}>
              {t('runs.see_findings', {
                count: run.findings,
                number: formatNumber(run.findings, language),
              })}
            </Link>
          </dd>
        </div>
      ) : null}
      <div>
        <dt>{t('runs.span')}</dt>
        <dd>
          {formatDateTime(run.from)} – {formatDateTime(run.to)}
        </dd>
      </div>
      <div>
        <dt>{t('runs.agency')}</dt>
        <dd>{run.agency?.name ?? t('filter.all_agencies')}</dd>
      </div>
      <div>
        <dt>{t('runs.by')}</dt>
        <dd>
          {run.by}, <Time at={run.asked_at} />
        </dd>
      </div>
    </dl>
  );
}

function ByRule({ run }: { run: RuleRunDetail }) {
  const { t, local, language } = useLanguage();
  return (
    <Section title={t('runs.by_rule')}>
      <DataTable
        label={t('runs.by_rule')}
        rows={[...run.rules].sort((a, b) => b.hits - a.hits)}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'title',
            title: t('rules.one'),
            primary: true,
            render: (row) => <Link to={`/rules/${encodeURIComponent(row.id)}`}>{local(row.title)}</Link>,
          },
          {
            key: 'level',
            title: t('findings.severity'),
            width: 160,
            render: (row) => <SeverityTag severity={row.level} />,
          },
          {
            key: 'hits',
            title: t('runs.hits'),
            width: 120,
            align: 'right',
            render: (row) => formatNumber(row.hits, language),
          },
        ]}
      />
    </Section>
  );
}

function Sample({
  run,
  marked,
  onMark,
}: {
  run: RuleRunDetail;
  marked?: Set<string>;
  onMark?: (next: Set<string>) => void;
}) {
  const { t, local, language } = useLanguage();
  const titles = new Map(run.rules.map((rule) => [rule.id, local(rule.title)]));
  const columns: Column<RunHit>[] = [
    { key: 'time', title: t('logs.time'), width: 170, render: (row) => <Time at={row.time} seconds /> },
    {
      key: 'device',
      title: t('logs.device'),
      width: 150,
      render: (row) => row.device?.name ?? row.agency.name,
    },
    {
      key: 'message',
      title: t('logs.message'),
      primary: true,
      render: (row) => (
        <span className="two-lines">
          <code className="run-message">{row.message}</code>
          {run.rules.length > 1 ? <span className="muted">{titles.get(row.rule) ?? row.rule}</span> : null}
        </span>
      ),
    },
    { key: 'proof', title: t('runs.proof'), width: 150, render: (row) => <SealLink seq={row.seq} /> },
  ];
  return (
    <>
      <DataTable
        label={t('runs.sample')}
        columns={columns}
        rows={run.sample}
        rowKey={(row) => String(row.seq)}
        {...(marked && onMark
          ? {
              selected: {
                keys: marked,
                change: onMark,
                label: (row: RunHit) => t('runs.mark', { seq: row.seq }),
              },
            }
          : {})}
        empty={<EmptyState why={t(goesOn(run) ? 'runs.no_hits_yet' : 'runs.no_hits')} />}
      />
      {run.hits > run.sample.length ? (
        <p className="table-foot">
          {t('runs.sample_part', {
            shown: formatNumber(run.sample.length, language),
            number: formatNumber(run.hits, language),
          })}
        </p>
      ) : null}
    </>
  );
}
