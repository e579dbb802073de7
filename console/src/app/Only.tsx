// A page for those who hold a right. Everybody else reads, in the hub's own words, why not and who may.
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { usePolicy } from '~/api/people';
import { useMay } from '~/api/queries';
import type { Action } from '~/api/types';
import { useLanguage } from '~/i18n';
import type { vi } from '~/i18n/vi';
import { EmptyState, Loaded, Page } from '~/ui/Page';

// Pages of the menu, and those that other pages lead to.
type Key = Exclude<keyof typeof vi.nav, `group_${string}`>;

export function Only({ action, title, children }: { action: Action; title: Key; children: ReactNode }) {
  const may = useMay(action);
  return may ? children : <Refused action={action} title={title} />;
}

function Refused({ action, title }: { action: Action; title: Key }) {
  const { t, local } = useLanguage();
  const policy = usePolicy();
  return (
    <Page title={t(`nav.${title}`)}>
      <Loaded query={policy} rows={3}>
        {(table) => {
          const line = table.actions.find((each) => each.name === action);
          return (
            <EmptyState
              why={line?.why_not ? local(line.why_not) : t('page.refused')}
              action={<Link to="/">{t('page.to_home')}</Link>}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}
