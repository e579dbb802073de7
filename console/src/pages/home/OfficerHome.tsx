// An officer's queues: how many of each, one step from the list that is worked off.
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { useFindings } from '~/api/findings';
import { useActsWaiting } from '~/api/people';
import { useMay, useOverview, useProducts, useRegulation, useVerdicts } from '~/api/queries';
import type { Overview } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { Loaded, Page } from '~/ui/Page';
import { weekChange } from './matrix';
import { DueList, OverdueList, SilentDevices, silence, WaitingActs } from './parts';
import { Reminders } from './Reminders';

export default function OfficerHome({ others }: { others: ReactNode }) {
  const { t } = useLanguage();
  const overview = useOverview();
  const regulation = useRegulation();
  return (
    <Page
      title={t('home.officer_title')}
      lead={t('home.officer_lead')}
      extra={others}
      updatedAt={overview.dataUpdatedAt}
    >
      <Loaded query={overview} rows={10}>
        {(data) => (
          <>
            <Queues overview={data} />
            <div className="home-queues">
              <Reminders />
              <OverdueList pack={regulation.data} several={data.agencies.length > 1} overview={data} />
              <DueList pack={regulation.data} />
              <WaitingActs />
              <SilentDevices />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Queues({ overview }: { overview: Overview }) {
  const { t, language } = useLanguage();
  const waiting = useActsWaiting();
  const silent = useVerdicts({ obligation: silence, state: 'violated' });
  const software = useProducts({ state: 'unapproved' });
  const findings = useFindings({ state: 'new', sort: 'due' });
  const mayActs = useMay('act_read');
  const mayFindings = useMay('finding_read');
  const maySoftware = useMay('software_read');
  const { totals } = overview;
  const week = weekChange(overview.cells);
  const queues: { key: string; to: string; count: number | undefined; note?: string; shown?: boolean }[] = [
    {
      key: 'findings',
      to: '/findings',
      count: findings.data?.pages[0]?.counts.by_state['new'] ?? (findings.data ? 0 : undefined),
      shown: mayFindings,
      ...(findings.data?.pages[0]?.counts.overdue
        ? {
            note: t('home.findings_overdue', {
              count: findings.data.pages[0].counts.overdue,
              number: formatNumber(findings.data.pages[0].counts.overdue, language),
            }),
          }
        : {}),
    },
    { key: 'acts', to: '/acts', count: waiting, shown: mayActs },
    {
      key: 'violated',
      to: '/verdicts?state=violated',
      count: totals.violated,
      ...(week === null || week === 0
        ? {}
        : {
            note: t(week > 0 ? 'home.week_more' : 'home.week_less', {
              count: Math.abs(week),
              number: formatNumber(Math.abs(week), language),
            }),
          }),
    },
    { key: 'due', to: '/verdicts?state=due', count: totals.due },
    { key: 'silent', to: `/obligations/${silence}?state=violated`, count: silent.data?.pages[0]?.total },
    {
      key: 'software',
      to: '/software?state=unapproved',
      count: software.data?.pages[0]?.unapproved,
      shown: maySoftware,
    },
    { key: 'unknown', to: '/verdicts?state=unknown', count: totals.unknown },
  ];
  return (
    <section className="queues" aria-label={t('home.queues')}>
      <ul>
        {queues
          .filter((queue) => queue.shown !== false)
          .map(({ key, to, count, note }) => (
            <li key={key}>
              <Link to={to} className={count ? 'queue' : 'queue queue-empty'}>
                <strong>{count === undefined ? '–' : formatNumber(count, language)}</strong>
                <span>{t(`queue.${key}` as 'queue.acts')}</span>
                <span className="muted">{note ?? t(`queue_help.${key}` as 'queue_help.acts')}</span>
              </Link>
            </li>
          ))}
      </ul>
    </section>
  );
}
