// Papers of open cases that somebody still has to sign: the head must know which case, and that it is their turn.
import { Link } from 'react-router-dom';
import { useOpenCasesWithPapers } from '~/api/incidents';
import { useSession } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { Section } from '~/ui/Page';
import { awaitedPapers } from './awaited';

export function AwaitedPapers() {
  const { t, local } = useLanguage();
  const session = useSession().data;
  const cases = useOpenCasesWithPapers();
  const list = awaitedPapers(cases, session?.display_name ?? '', session?.grants ?? []);
  // No route lists papers of all cases: what is not among the cases read here is not said to be signed.
  if (list.length === 0) return null;
  return (
    <Section title={t('home.to_sign')}>
      <ul className="worklist">
        {list.map(({ incident, paper, mine }) => (
          <li key={paper.id}>
            <Link to={`/incidents/${incident.id}/papers/${paper.id}`} className="worklist-title">
              {local(paper.title)}
            </Link>
            <span className="worklist-meta">
              {mine ? <strong>{t('home.your_turn')}</strong> : null}
              <span>{paper.notation}</span>
              <span>
                {incident.number} · {incident.title}
              </span>
              <span>{t('paper.must_sign', { whom: paper.awaiting.map(local).join(', ') })}</span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
