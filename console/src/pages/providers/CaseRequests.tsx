// Requests to companies that a case waits for.
import { Link } from 'react-router-dom';
import type { IncidentDetail } from '~/api/incidentTypes';
import { useProviderRequests } from '~/api/providers';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { DueOf, RequestState } from './RequestParts';

export function CaseRequests({ incident }: { incident: IncidentDetail }) {
  const { t, local } = useLanguage();
  const query = useProviderRequests({ incident: incident.id });
  return (
    <Section
      title={t('nav.provider_requests')}
      extra={<Link to={`/provider-requests?incident=${incident.id}`}>{t('provider.all_of_case')}</Link>}
    >
      <Loaded query={query} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState why={t('provider.none_of_case')} />
          ) : (
            <ul className="worklist">
              {items.map((each) => (
                <li key={each.id} data-request={each.id}>
                  <Link to={`/provider-requests/${each.id}`} className="worklist-title">
                    {each.number} · {each.provider}
                  </Link>
                  <span className="worklist-meta">
                    <RequestState request={each} />
                    <span>{local(each.kind_title)}</span>
                    <DueOf request={each} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
