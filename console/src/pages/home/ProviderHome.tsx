// A company's first page: what it was asked, the most urgent first, and nothing else.
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import { useOwnRequests } from '~/api/providers';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded, Page } from '~/ui/Page';
import { DueOf, RequestState } from '../providers/RequestParts';

export default function ProviderHome({ others }: { others: ReactNode }) {
  const { t, local } = useLanguage();
  const session = useSession().data;
  const query = useOwnRequests();
  return (
    <Page
      title={t('provider.home_title')}
      lead={session?.display_name}
      extra={others}
      updatedAt={query.dataUpdatedAt}
    >
      <p className="muted">{t('provider.home_lead')}</p>
      <Loaded query={query} rows={4}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState why={t('provider.home_none')} />
          ) : (
            <ul className="worklist">
              {list.map((each) => (
                <li key={each.id} data-request={each.id}>
                  <Link to={`/own-requests/${each.id}`} className="worklist-title">
                    {each.number} · {local(each.kind_title)}
                  </Link>
                  <span className="worklist-meta">
                    <RequestState request={each} />
                    <DueOf request={each} />
                    <span>{each.agency}</span>
                    {each.incident_number ? <span>{each.incident_number}</span> : null}
                    {each.system_name ? <span>{each.system_name}</span> : null}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Page>
  );
}
