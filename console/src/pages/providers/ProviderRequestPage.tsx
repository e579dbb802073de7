// One request as the asking side sees it, with what it decides next.
import { useState } from 'react';
import { Link, useParams } from 'react-router-dom';
import { useProviderRequest } from '~/api/providers';
import type { ProviderRequest } from '~/api/types';
import { useLanguage } from '~/i18n';
import { MayButton } from '~/ui/MayButton';
import { Loaded, Page, Section } from '~/ui/Page';
import { AboutPapers } from '../office/AboutPapers';
import { DecideRequest, RecordLetter } from './Decisions';
import { Answers, History, RequestState, Wanted } from './RequestParts';
import { type Decision, decisionsOf, isOver, takesLetter } from './request';
import './providers.css';

export default function ProviderRequestPage() {
  const { t, local } = useLanguage();
  const { request: id = '' } = useParams();
  const query = useProviderRequest(id);
  const { data } = query;
  return (
    <Page
      title={data ? `${data.number} · ${data.provider}` : t('provider.request')}
      lead={data ? local(data.kind_title) : undefined}
      above={
        <nav className="crumbs" aria-label={t('page.crumbs')}>
          <Link to="/provider-requests">{t('nav.provider_requests')}</Link>
        </nav>
      }
      updatedAt={query.dataUpdatedAt}
    >
      <Loaded query={query} rows={8}>
        {(request) => (
          <>
            <Whom request={request} />
            <Wanted request={request} />
            <AboutPapers
              kind="provider_request"
              about={request.id}
              action="provider_ask"
              whyNot={
                request.may_decide
                  ? isOver(request.state)
                    ? t('provider.over')
                    : null
                  : t('provider.not_yours')
              }
            />
            <Answers request={request} />
            <History request={request} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Whom({ request }: { request: ProviderRequest }) {
  const { t } = useLanguage();
  const [asked, setAsked] = useState<Decision | 'letter' | null>(null);
  const decisions = decisionsOf(request);
  const whyNot = request.may_decide ? null : t('provider.not_yours');
  return (
    <Section
      title={t('provider.standing')}
      extra={
        <span className="provider-acts">
          {decisions.map((each, index) => (
            <MayButton
              key={each}
              action="provider_ask"
              size="small"
              type={index === 0 && each !== 'withdraw' ? 'primary' : 'default'}
              whyNot={whyNot}
              onClick={() => setAsked(each)}
            >
              {t(`provider_decision.${each}`)}
            </MayButton>
          ))}
          {takesLetter(request) ? (
            <MayButton action="provider_ask" size="small" whyNot={whyNot} onClick={() => setAsked('letter')}>
              {t('provider.letter')}
            </MayButton>
          ) : null}
        </span>
      }
    >
      <dl className="facts facts-row">
        <div>
          <dt>{t('provider.state')}</dt>
          <dd>
            <RequestState request={request} />
          </dd>
        </div>
        <div>
          <dt>{t('provider.agency')}</dt>
          <dd>{request.agency.name}</dd>
        </div>
        <div>
          <dt>{t('provider.incident')}</dt>
          <dd>
            {request.incident ? (
              <Link to={`/incidents/${request.incident.id}`}>
                {request.incident.number} · {request.incident.title}
              </Link>
            ) : (
              '–'
            )}
          </dd>
        </div>
        <div>
          <dt>{t('provider.system')}</dt>
          <dd>{request.system?.name ?? '–'}</dd>
        </div>
        <div>
          <dt>{t('provider.asked_by')}</dt>
          <dd>{request.asked_by}</dd>
        </div>
        <div>
          <dt>{t('provider.accounts')}</dt>
          <dd>
            {request.accounts.map((each) => `${each.name} (${each.username})`).join(', ') ||
              t('provider.on_paper')}
          </dd>
        </div>
      </dl>
      {asked === 'letter' ? <RecordLetter request={request.id} onClose={() => setAsked(null)} /> : null}
      {asked && asked !== 'letter' ? (
        <DecideRequest request={request} decision={asked} onClose={() => setAsked(null)} />
      ) : null}
    </Section>
  );
}
