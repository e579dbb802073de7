// What an officer works off: the queues, one's own tasks, whose clock runs, what falls short.
import type { ReactNode } from 'react';
import { useOverview, useRegulation } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Loaded, Page } from '~/ui/Page';
import { OwnTasks } from './OwnParts';
import { DueList, OverdueList, SilentDevices, WaitingActs } from './parts';
import { Queues } from './Queues';
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
            <Queues overview={data} pack={regulation.data} />
            <div className="home-queues">
              <div>
                <Reminders />
                <OwnTasks />
                <WaitingActs />
                <DueList pack={regulation.data} />
                <SilentDevices />
              </div>
              <OverdueList pack={regulation.data} several={data.agencies.length > 1} overview={data} />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}
