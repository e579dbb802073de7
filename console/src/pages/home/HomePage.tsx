// Which agency falls short, what is overdue, which machines are silent.
import { useMemo } from 'react';
import { Link } from 'react-router-dom';
import { useDevices, useMay, useOverview, useRegulation, useVerdicts } from '~/api/queries';
import type { Overview, Pack } from '~/api/types';
import { useLanguage } from '~/i18n';
import { AgencyMatrix } from '~/ui/AgencyMatrix';
import { formatNumber } from '~/ui/format';
import { EmptyState, Loaded, Page, Section } from '~/ui/Page';
import { Seals } from '~/ui/Seal';
import { StateBar, StateIcon } from '~/ui/StateTag';
import { headline, sumCounts } from '~/ui/state';
import { Age, Overdue } from '~/ui/Time';
import { useChapterName } from '~/ui/useChapterName';
import { verdictPath } from '../verdicts/path';
import { byNeed, denseMin, matrixOf, type Shortfall, shortfalls, wideMax } from './matrix';
import './home.css';

const overdueShown = 8;
const namesShown = 4;
// The obligation that a silent device breaks; who is silent is the hub's judgement, not this page's.
const silence = '9.1-monitoring';

export default function HomePage() {
  const { t, local } = useLanguage();
  const overview = useOverview();
  const regulation = useRegulation();
  return (
    <Page
      title={t('home.title')}
      lead={regulation.data ? local(regulation.data.title) : undefined}
      updatedAt={overview.dataUpdatedAt}
    >
      <Loaded query={overview} rows={10}>
        {(data) => (
          <>
            <Totals overview={data} />
            {data.cells.length === 0 ? (
              <NothingYet />
            ) : (
              <div className={data.agencies.length > wideMax ? 'home-stacked' : 'home-columns'}>
                <div className="home-matrix">
                  <Loaded query={regulation} rows={12}>
                    {(pack) => <Matrix overview={data} pack={pack} />}
                  </Loaded>
                </div>
                <div className="home-side">
                  <OverdueList pack={regulation.data} several={data.agencies.length > 1} overview={data} />
                  <SilentDevices />
                </div>
              </div>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function NothingYet() {
  const { t } = useLanguage();
  const mayEnrol = useMay('device_enrol');
  return (
    <EmptyState
      why={t('home.empty')}
      action={mayEnrol ? <Link to="/devices/enrol">{t('devices.enrol')}</Link> : undefined}
    />
  );
}

function Totals({ overview }: { overview: Overview }) {
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

function Matrix({ overview, pack }: { overview: Overview; pack: Pack }) {
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

function OverdueList({
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
  const list = useMemo(() => shortfalls(overview.cells).slice(0, overdueShown), [overview.cells]);
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

function SilentDevices() {
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
              {list.slice(0, overdueShown).map((verdict) => (
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
