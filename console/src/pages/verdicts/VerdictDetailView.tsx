// One verdict: state and reason, what it rests on and how that was learnt, and every change before.
import { Link } from 'react-router-dom';
import { useRegulation } from '~/api/queries';
import type { ProofReference, VerdictDetail } from '~/api/types';
import { useLanguage } from '~/i18n';
import { EmptyState, Section } from '~/ui/Page';
import { SealLink, Seals } from '~/ui/Seal';
import { StateTag } from '~/ui/StateTag';
import { Age, Overdue, Remaining, Time } from '~/ui/Time';
import { useFactName } from '~/ui/useFactName';

export function VerdictDetailView({ detail }: { detail: VerdictDetail }) {
  const { t, local } = useLanguage();
  const { verdict, history } = detail;
  const regulation = useRegulation();
  const obligation = regulation.data?.obligations.find((each) => each.id === verdict.obligation);
  const device = verdict.subject.kind === 'device' ? verdict.subject.id : null;
  return (
    <div className="verdict-detail">
      <div className={`verdict-head state-${verdict.state}`}>
        <StateTag state={verdict.state} />
        <p className="verdict-reason">{local(verdict.reason)}</p>
        <p className="verdict-when">
          {verdict.state === 'violated' ? <Overdue since={verdict.since} /> : null}
          <span>
            {t('verdicts.since')} <Time at={verdict.since} />
          </span>
          <span>
            {t('verdicts.judged')} <Age at={verdict.judged_at} />
          </span>
          {verdict.changes_at ? (
            <span>
              {t('verdicts.changes')} <Time at={verdict.changes_at} /> <Remaining at={verdict.changes_at} />
            </span>
          ) : null}
        </p>
      </div>
      <dl className="facts">
        <dt>{t('verdicts.obligation')}</dt>
        <dd>
          <Link to={`/obligations/${verdict.obligation}`}>
            {obligation ? local(obligation.title) : verdict.obligation}
          </Link>{' '}
          <span className="muted">{obligation ? local(obligation.reference) : null}</span>
        </dd>
        <dt>{t('verdicts.subject')}</dt>
        <dd>
          {device ? <Link to={`/devices/${device}`}>{verdict.subject.name}</Link> : verdict.subject.name}{' '}
          <span className="muted">{t(`subject.${verdict.subject.kind}`)}</span>
        </dd>
        {obligation ? (
          <>
            <dt>{t('obligation.violated_when')}</dt>
            <dd>{local(obligation.violated_when)}</dd>
          </>
        ) : null}
      </dl>
      <Section title={t('verdicts.rests_on')}>
        {verdict.proof.length === 0 ? (
          <EmptyState why={t('verdicts.rests_on_nothing')} />
        ) : (
          <ProofList proof={verdict.proof} />
        )}
      </Section>
      <Section title={t('verdicts.history')}>
        {history.length === 0 ? (
          <EmptyState why={t('verdicts.history_none')} />
        ) : (
          <ol className="timeline">
            {history.map((change) => (
              <li key={`${change.at} ${change.reason_code}`} className={`state-${change.state}`}>
                <Time at={change.at} seconds />
                <StateTag state={change.state} />
                <span>{local(change.reason)}</span>
                <Seals proof={change.proof} />
              </li>
            ))}
          </ol>
        )}
      </Section>
    </div>
  );
}

function ProofList({ proof }: { proof: ProofReference[] }) {
  const { t } = useLanguage();
  const factName = useFactName();
  return (
    <ul className="proof-list">
      {proof.map((entry) => (
        <li key={`${entry.kind} ${entry.seq} ${entry.learnt_at}`}>
          <span className="proof-kind">{factName(entry.kind)}</span>
          <span className="muted">
            {t('verdicts.learnt')} <Time at={entry.learnt_at} seconds />
            {entry.method ? (
              <>
                {' · '}
                <code>{entry.method}</code>
              </>
            ) : null}
          </span>
          {entry.seq === null ? (
            <span className="muted">{t('proof.none')}</span>
          ) : (
            <SealLink seq={entry.seq} />
          )}
        </li>
      ))}
    </ul>
  );
}
