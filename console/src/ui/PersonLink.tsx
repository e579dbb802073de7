// Somebody's name, leading to their page for whoever may read it.
import { Link } from 'react-router-dom';
import { useMay } from '~/api/queries';

export function PersonLink({ person }: { person: { id: string; name: string } | null }) {
  const may = useMay('person_read');
  if (!person) return <span className="muted">–</span>;
  return may ? <Link to={`/persons/${person.id}`}>{person.name}</Link> : <span>{person.name}</span>;
}
