// What both sides read of a request: what is asked and why, until when, what was answered, and how it went.
import type { OwnProviderRequest, ProviderRequest } from '~/api/types';
import { useLanguage } from '~/i18n';
import { EmptyState, Section } from '~/ui/Page';
import { StateIcon } from '~/ui/StateTag';
import { Time } from '~/ui/Time';
import { TimeLeft } from '../incidents/TimeLeft';
import { isOver, lookOf } from './request';

type Shared = Pick<
  OwnProviderRequest,
  | 'state'
  | 'overdue'
  | 'due'
  | 'noted_at'
  | 'delay'
  | 'answers'
  | 'history'
  | 'text'
  | 'legal_basis'
  | 'asked_at'
>;

export function RequestState({ request }: { request: Pick<ProviderRequest, 'state' | 'overdue'> }) {
  const { t } = useLanguage();
  return (
    <span className="truth" data-state={request.state}>
      <StateIcon state={lookOf(request)} /> {t(`provider_state.${request.state}`)}
    </span>
  );
}

export function DueOf({ request }: { request: Pick<ProviderRequest, 'state' | 'due'> }) {
  return request.state === 'answered' || isOver(request.state) ? (
    <Time at={request.due} />
  ) : (
    <TimeLeft at={request.due} />
  );
}

export function Wanted({ request }: { request: Shared }) {
  const { t } = useLanguage();
  return (
    <Section title={t('provider.wanted')}>
      <p className="pre-line wrap">{request.text}</p>
      <dl className="facts facts-row">
        <div>
          <dt>{t('provider.legal_basis')}</dt>
          <dd className="pre-line">{request.legal_basis}</dd>
        </div>
        <div>
          <dt>{t('provider.asked_at')}</dt>
          <dd>
            <Time at={request.asked_at} />
          </dd>
        </div>
        <div>
          <dt>{t('provider.due')}</dt>
          <dd>
            <Time at={request.due} /> · <DueOf request={request} />
          </dd>
        </div>
        <div>
          <dt>{t('provider.noted_at')}</dt>
          <dd>{request.noted_at ? <Time at={request.noted_at} /> : t('provider.not_noted')}</dd>
        </div>
      </dl>
      {request.delay ? (
        <p
          className={request.delay.state === 'waiting' ? 'will-happen' : 'muted'}
          data-delay={request.delay.state}
        >
          {t(`provider.delay_${request.delay.state}`)} <Time at={request.delay.until} />:{' '}
          {request.delay.reason}
          {request.delay.note ? ` — ${request.delay.note}` : ''}
        </p>
      ) : null}
    </Section>
  );
}

export function Answers({ request }: { request: Shared }) {
  const { t } = useLanguage();
  return (
    <Section title={t('provider.answers')}>
      {request.answers.length === 0 ? (
        <EmptyState why={t('provider.no_answers')} />
      ) : (
        <ul className="worklist">
          {request.answers.map((answer) => (
            <li key={answer.at}>
              <p className="pre-line wrap">{answer.text}</p>
              <span className="worklist-meta">
                <Time at={answer.at} />
                <span>{answer.by}</span>
                {answer.document ? <span>{t('provider.by_letter', { number: answer.document })}</span> : null}
              </span>
              {answer.files.map((file) => (
                <span key={file.name} className="answer-file">
                  {file.name} <code className="evidence-hash">{file.sha256}</code>
                </span>
              ))}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export function History({ request }: { request: Shared }) {
  const { t } = useLanguage();
  return (
    <Section title={t('provider.history')}>
      <ul className="worklist">
        {request.history.map((entry) => (
          <li key={`${entry.at} ${entry.kind}`} data-entry={entry.kind}>
            <span className="worklist-title">{t(`provider_entry.${entry.kind}`)}</span>
            <span className="worklist-meta">
              <Time at={entry.at} />
              <span>{entry.by || t('provider.by_hub')}</span>
            </span>
            {entry.note ? <span className="worklist-why pre-line">{entry.note}</span> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}
