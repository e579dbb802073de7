// Parts that the homes share: totals, the matrix, what is overdue, what comes due, silent machines, acts that wait.
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useActs, useOwnAccount } from '~/api/people';
import { useDevices, useMay, useVerdicts } from '~/api/queries';
import type { Overview, Pack } from '~/api/types';
import { useLanguage } from '~/i18n';
import { AgencyMatrix } from '~/ui/AgencyMatrix';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { Seals } from '~/ui/Seal';
import { StateBar, StateIcon } from '~/ui/StateTag';
import { headline, sumCounts } from '~/ui/state';
import { Age, Overdue, Remaining, Time } from '~/ui/Time';
import { useChapterName } from '~/ui/useChapterName';
import { useNames } from '~/ui/useNames';
import { verdictPath } from '../verdicts/path';
import { byNeed, denseMin, matrixOf, type Shortfall, shortfalls } from './matrix';

const listShown = 8;
const namesShown = 4;
// The obligation that a silent device breaks; who is silent is the hub's judgement, not this page's.
export const silence = '9.1-monitoring';

export function NothingYet() {
  const { t } = useLanguage();
  const mayEnrol = useMay('device_enrol');
  return (
    <EmptyState
      why={t('home.empty')}
      action={mayEnrol ? <Link to="/devices/enrol">{t('devices.enrol')}</Link> : undefined}
    />
  );
}

export function Totals({ overview }: { overview: Overview }) {
  const { t, language } = useLanguage();
  const { totals } = overview;
  const all = sumCounts(totals);
  return (
    <section className="totals" aria-label={t('home.totals')}>
      <ul>
        {headline.map((state) => (
          <li key={state}>
            <Link to={`/verdicts?state=${state}`} className={`total state-${state}`} data-state={state}>
              <span className="total-name">
                <StateIcon state={state} />
                {t(`state.${state}`)}
              </span>
              <strong>{formatNumber(totals[state], language)}</strong>
              <span className="total-share">
                {all > 0 ? `${formatNumber((100 * totals[state]) / all, language)} %` : '–'}
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <StateBar counts={totals} tall />
    </section>
  );
}

export function Matrix({ overview, pack }: { overview: Overview; pack: Pack }) {
  const { t } = useLanguage();
  const chapterName = useChapterName(pack.chapters);
  const chapters = useMemo(() => matrixOf(overview, pack), [overview, pack]);
  const agencies = useMemo(() => byNeed(overview.agencies, chapters), [overview.agencies, chapters]);
  const dense = agencies.length >= denseMin;
  const obligations = useMemo(() => new Map(pack.obligations.map((each) => [each.id, each])), [pack]);
  return (
    <Section
      title={t('home.matrix')}
      extra={
        <span className="muted section-note">
          {dense ? t('home.matrix_note_dense') : t('home.matrix_note')}
        </span>
      }
    >
      <AgencyMatrix
        chapters={chapters}
        agencies={agencies}
        obligations={obligations}
        chapterName={chapterName}
      />
    </Section>
  );
}

export function OverdueList({
  pack,
  several,
  overview,
}: {
  pack: Pack | undefined;
  several: boolean;
  overview: Overview;
}) {
  const { t, local, language } = useLanguage();
  const violated = useVerdicts({ state: 'violated' });
  const titles = useMemo(() => new Map(pack?.obligations.map((each) => [each.id, each]) ?? []), [pack]);
  const agencies = useMemo(() => new Map(overview.agencies.map((each) => [each.id, each.name])), [overview]);
  const total = overview.totals.violated;
  const agencyText = ({ agencies: ids }: Shortfall) =>
    ids.length === 1
      ? agencies.get(ids[0] ?? '')
      : t('home.agencies', { count: ids.length, number: formatNumber(ids.length, language) });
  const list = useMemo(() => shortfalls(overview.cells).slice(0, listShown), [overview.cells]);
  const verdicts = violated.data?.pages.flatMap((page) => page.verdicts) ?? [];
  return (
    <Section
      title={t('home.overdue')}
      extra={
        total > 0 ? (
          <Link to="/verdicts?state=violated">
            {t('home.see_all', { count: total, number: formatNumber(total, language) })}
          </Link>
        ) : null
      }
    >
      {list.length === 0 ? (
        <EmptyState why={t('home.overdue_none')} />
      ) : (
        <ol className="worklist">
          {list.map((entry) => {
            const obligation = titles.get(entry.obligation);
            const known = verdicts.filter((verdict) => verdict.obligation === entry.obligation);
            const only = entry.violated === 1 ? known[0] : undefined;
            return (
              <li key={entry.obligation}>
                <Link
                  to={only ? verdictPath(only) : `/obligations/${entry.obligation}?state=violated`}
                  className="worklist-title"
                >
                  {obligation ? local(obligation.title) : entry.obligation}
                </Link>
                <span className="worklist-meta">
                  {entry.since ? <Overdue since={entry.since} /> : null}
                  {obligation ? <span>{local(obligation.reference)}</span> : null}
                  {several ? <span>{agencyText(entry)}</span> : null}
                </span>
                {only ? (
                  <>
                    <span className="worklist-why">
                      {only.subject.name}: {local(only.reason)}
                    </span>
                    <Seals proof={only.proof} />
                  </>
                ) : (
                  <span className="worklist-why">
                    {t('home.subjects', {
                      count: entry.violated,
                      number: formatNumber(entry.violated, language),
                    })}
                    {known.length > 0 ? ': ' : ''}
                    {known
                      .slice(0, namesShown)
                      .map((verdict) => verdict.subject.name)
                      .join(', ')}
                    {known.length > 0 && entry.violated > namesShown ? '…' : ''}
                  </span>
                )}
              </li>
            );
          })}
        </ol>
      )}
    </Section>
  );
}

export function SilentDevices() {
  const { t, local } = useLanguage();
  const silent = useVerdicts({ obligation: silence, state: 'violated' });
  const devices = useDevices();
  const seen = new Map(devices.data?.map((device) => [device.id, device.last_seen]) ?? []);
  return (
    <Section title={t('home.silent')}>
      <Loaded query={silent} rows={2}>
        {(data) => {
          const list = data.pages.flatMap((page) => page.verdicts);
          if (list.length === 0) return <EmptyState why={t('home.silent_none')} />;
          return (
            <ul className="worklist">
              {list.slice(0, listShown).map((verdict) => (
                <li key={verdict.subject.id}>
                  <Link to={`/devices/${verdict.subject.id}`} className="worklist-title">
                    {verdict.subject.name}
                  </Link>
                  <span className="worklist-meta">
                    <span>
                      {t('devices.last_seen')}: <Age at={seen.get(verdict.subject.id) ?? verdict.since} />
                    </span>
                  </span>
                  <span className="worklist-why">{local(verdict.reason)}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}

// What time alone will turn into a violation, soonest first.
export function DueList({ pack }: { pack: Pack | undefined }) {
  const { t, local } = useLanguage();
  const due = useVerdicts({ state: 'due' });
  const titles = useMemo(() => new Map(pack?.obligations.map((each) => [each.id, each.title]) ?? []), [pack]);
  return (
    <Section title={t('home.due')} extra={<Link to="/verdicts?state=due">{t('state.due')}</Link>}>
      <Loaded query={due} rows={2}>
        {(data) => {
          const list = data.pages
            .flatMap((page) => page.verdicts)
            .sort((a, b) => (a.changes_at ?? '9').localeCompare(b.changes_at ?? '9'));
          if (list.length === 0) return <EmptyState why={t('home.due_none')} />;
          return (
            <ul className="worklist">
              {list.slice(0, listShown).map((verdict) => {
                const title = titles.get(verdict.obligation);
                return (
                  <li key={`${verdict.obligation} ${verdict.subject.id}`}>
                    <Link to={verdictPath(verdict)} className="worklist-title">
                      {title ? local(title) : verdict.obligation}
                    </Link>
                    <span className="worklist-meta">
                      <span>{verdict.subject.name}</span>
                      <Remaining at={verdict.changes_at} />
                    </span>
                    <span className="worklist-why">{local(verdict.reason)}</span>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}

// What waits for this person's word.
export function WaitingActs() {
  const { t } = useLanguage();
  const acts = useActs();
  const own = useOwnAccount();
  const names = useNames();
  const may = useMay('act_read');
  if (!may) return null;
  return (
    <Section title={t('home.waiting')} extra={<Link to="/acts">{t('nav.acts')}</Link>}>
      <Loaded query={acts} rows={2}>
        {(data) => {
          const list = data.acts.filter((act) => act.state === 'waiting' && act.proposed_by !== own?.id);
          if (list.length === 0) return <EmptyState why={t('home.waiting_none')} />;
          return (
            <ul className="worklist">
              {list.slice(0, listShown).map((act) => (
                <li key={act.id}>
                  <Link to={`/acts?open=${act.id}`} className="worklist-title worklist-act">
                    {t(`act.${act.kind}` as 'act.role_grant', { defaultValue: act.kind })}
                  </Link>
                  <span className="worklist-meta">
                    <span>{names.object(act.object)}</span>
                    <span>{t('waiting.asked_by', { name: names.name(act.proposed_by) })}</span>
                    <Time at={act.proposed_at} />
                    <Remaining at={act.ends_at} />
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}
