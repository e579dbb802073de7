// Which agency falls short, what is overdue, what must be decided.
import type { ReactNode } from 'react';
import { useOverview, useRegulation } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Loaded, Page } from '~/ui/Page';
import { AwaitedPapers } from './AwaitedPapers';
import { wideMax } from './matrix';
import { OwnSigning } from './OwnParts';
import { DueList, Matrix, NothingYet, OverdueList, SilentDevices, Totals, WaitingActs } from './parts';
import { Reminders } from './Reminders';

export default function LeaderHome({ others }: { others: ReactNode }) {
  const { t, local } = useLanguage();
  const overview = useOverview();
  const regulation = useRegulation();
  const awaited = (
    <>
      <OwnSigning />
      <AwaitedPapers />
      <Reminders />
      <WaitingActs />
    </>
  );
  return (
    <Page
      title={t('home.title')}
      lead={regulation.data ? local(regulation.data.title) : undefined}
      extra={others}
      updatedAt={overview.dataUpdatedAt}
    >
      <Loaded query={overview} rows={10}>
        {(data) => {
          // A wide matrix fills the screen; what waits for the leader's word must not stand below it.
          const stacked = data.agencies.length > wideMax;
          return (
            <>
              <Totals overview={data} />
              {data.cells.length === 0 ? (
                <>
                  <NothingYet />
                  {awaited}
                </>
              ) : (
                <div className={stacked ? 'home-stacked' : 'home-columns'}>
                  {stacked ? <div className="home-side">{awaited}</div> : null}
                  <div className="home-matrix">
                    <Loaded query={regulation} rows={12}>
                      {(pack) => <Matrix overview={data} pack={pack} />}
                    </Loaded>
                  </div>
                  <div className="home-side">
                    {stacked ? null : awaited}
                    <OverdueList pack={regulation.data} several={data.agencies.length > 1} overview={data} />
                    <DueList pack={regulation.data} />
                    <SilentDevices />
                  </div>
                </div>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
