// Legal clocks of open cases: what they remind one of, the most urgent first; then the cases whose next term is further off.
import { Link } from 'react-router-dom';
import { useIncidents, useReminders } from '~/api/incidents';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { TimeLeft } from '../incidents/TimeLeft';
import { restOf } from './cases';

const listShown = 8;

export function Reminders() {
  const { t, local } = useLanguage();
  const may = useMay('incident_read');
  const query = useReminders();
  const open = useIncidents({ open: 'true' }).data?.pages.flatMap((page) => page.items) ?? [];
  if (!may) return null;
  return (
    <Section title={t('home.reminders')} extra={<Link to="/incidents">{t('nav.incidents')}</Link>}>
      <Loaded query={query} rows={2}>
        {(list) => {
          const reminded = new Set(list.map((each) => each.incident.id));
          const others = restOf(open, reminded).slice(0, Math.max(0, listShown - list.length));
          return list.length + others.length === 0 ? (
            <EmptyState why={t('home.reminders_none')} />
          ) : (
            <ul className="worklist">
              {list.slice(0, listShown).map((each) => (
                <li key={`${each.incident.id} ${each.clock}`}>
                  <Link to={`/incidents/${each.incident.id}`} className="worklist-title">
                    {local(each.title)}
                  </Link>
                  <span className="worklist-meta">
                    <TimeLeft at={each.due} />
                    <span>
                      {each.incident.number} · {each.incident.title}
                    </span>
                    <span>{each.incident.agency.name}</span>
                  </span>
                </li>
              ))}
              {others.map((each) => (
                <li key={each.id}>
                  <Link to={`/incidents/${each.id}`} className="worklist-title">
                    {each.number} · {each.title}
                  </Link>
                  <span className="worklist-meta">
                    {each.next_due ? <TimeLeft at={each.next_due} /> : null}
                    <span>{local(each.state_title)}</span>
                    <span>{each.agency.name}</span>
                  </span>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Section>
  );
}
