// An officer's queues: how many of each, one step from the list that is worked off. What somebody sent or asked stands first,
// then what the duties of devices say, then everything judged together.
import { Link } from 'react-router-dom';
import { useDeviceAccounts } from '~/api/control';
import { useFindings } from '~/api/findings';
import { useLeaves } from '~/api/leaves';
import { useActsWaiting } from '~/api/people';
import { useMay, useProducts } from '~/api/queries';
import { useTownOffice } from '~/api/town';
import type { Overview, Pack } from '~/api/types';
import { useLanguage } from '~/i18n';
import { formatNumber } from '~/ui/format';
import { weekChange } from './matrix';
import { dutyQueues, shortOf } from './queues';

interface Queue {
  key: string;
  to: string;
  count: number | undefined;
  duty?: string; // What it is about: the article is named below it.
  note?: string | undefined;
  shown?: boolean;
}

function useCounted() {
  const { t, language } = useLanguage();
  return (key: string, count: number | undefined) =>
    count ? t(key as 'home.findings_overdue', { count, number: formatNumber(count, language) }) : undefined;
}

function useAskedFor(): Queue[] {
  const counted = useCounted();
  const mayFindings = useMay('finding_read');
  const mayCases = useMay('incident_read');
  const mayAccounts = useMay('account_control_read');
  const findings = useFindings({ state: 'new', sort: 'due' }).data?.pages[0]?.counts;
  const board = useTownOffice({ open: 'true' }).data?.counts;
  const leaves = useLeaves({}).data?.pages[0]?.counts;
  const accounts = useDeviceAccounts({}).data?.pages[0]?.counts;
  const waiting = useActsWaiting();
  const software = useProducts({ state: 'unapproved' }).data?.pages[0]?.unapproved;
  return [
    {
      key: 'findings',
      to: '/findings',
      count: findings ? (findings.by_state.new ?? 0) : undefined,
      note: counted('home.findings_overdue', findings?.overdue),
      shown: mayFindings,
    },
    {
      key: 'cases',
      to: '/town-office',
      count: board?.open,
      note: counted('home.unreceived', board?.unreceived),
      shown: mayCases,
    },
    { key: 'acts', to: '/acts', count: waiting, shown: useMay('act_read') },
    {
      key: 'leaves',
      to: '/leaves',
      count: leaves && leaves.open + leaves.planned,
      note: counted('home.leaves_overdue', leaves?.overdue),
      duty: '7.4-offboarding',
      shown: useMay('leave_read'),
    },
    {
      key: 'accounts',
      to: '/device-accounts',
      count: accounts && Object.values(accounts).reduce((sum, each) => sum + each, 0),
      duty: '10.2-account-control',
      shown: mayAccounts,
    },
    {
      key: 'software',
      to: '/software?state=unapproved',
      count: software,
      duty: '5.1-software-approval',
      shown: useMay('software_read'),
    },
  ];
}

export function Queues({ overview, pack }: { overview: Overview; pack: Pack | undefined }) {
  const { t, language, local } = useLanguage();
  const counted = useCounted();
  const asked = useAskedFor();
  const { totals } = overview;
  const week = weekChange(overview.cells) ?? 0;
  const duties: Queue[] = dutyQueues.map(({ key, obligation }) => ({
    key,
    duty: obligation,
    to: `/obligations/${obligation}?state=violated`,
    ...shortOf(overview, obligation),
  }));
  const judged: Queue[] = [
    {
      key: 'violated',
      to: '/verdicts?state=violated',
      count: totals.violated,
      note: counted(week > 0 ? 'home.week_more' : 'home.week_less', Math.abs(week)),
    },
    { key: 'due', to: '/verdicts?state=due', count: totals.due },
    { key: 'unknown', to: '/verdicts?state=unknown', count: totals.unknown },
  ];
  const articleOf = (duty: string | undefined) => {
    const found = pack?.obligations.find((each) => each.id === duty);
    return found ? local(found.reference) : undefined;
  };
  return (
    <section className="queues" aria-label={t('home.queues')}>
      {[asked, duties, judged].map((row, index) => (
        <ul key={String(index)}>
          {row
            .filter((queue) => queue.shown !== false)
            .map(({ key, to, count, note, duty }) => (
              <li key={key}>
                <Link to={to} className={count ? 'queue' : 'queue queue-empty'}>
                  <strong>{count === undefined ? '–' : formatNumber(count, language)}</strong>
                  <span>{t(`queue.${key}` as 'queue.acts')}</span>
                  <span className="muted">
                    {note ??
                      articleOf(duty) ??
                      t(`queue_help.${key}` as 'queue_help.acts', { defaultValue: '' })}
                  </span>
                </Link>
              </li>
            ))}
        </ul>
      ))}
    </section>
  );
}
