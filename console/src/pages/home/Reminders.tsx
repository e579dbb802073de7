// What legal clocks remind one of, the most urgent first.
import { Link } from 'react-router-dom';
import { useReminders } from '~/api/incidents';
import { useMay } from '~/api/queries';
import { useLanguage } from '~/i18n';
import { EmptyState, Loaded, Section } from '~/ui/Page';
import { TimeLeft } from '../incidents/TimeLeft';

const listShown = 8;

export function Reminders() {
  const { t, local } = useLanguage();
  const may = useMay('incident_read');
  const query = useReminders();
  if (!may) return null;
  return (
    <Section title={t('home.reminders')} extra={<Link to="/incidents">{t('nav.incidents')}</Link>}>
      <Loaded query={query} rows={2}>
        {(list) =>
          list.length === 0 ? (
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
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
