// Somebody's name, leading to their page for whoever may read it.
import { Link } from 'react-router-dom';
import type { PersonRef } from '~/api/personTypes';
import { useMay } from '~/api/queries';

export function PersonLink({ person }: { person: PersonRef | null }) {
  const may = useMay('person_read');
  if (!person) return <span className="muted">–</span>;
  return may && person.id ? (
    <Link to={`/persons/${person.id}`}>{person.name}</Link>
  ) : (
    <span>{person.name}</span>
  );
}
