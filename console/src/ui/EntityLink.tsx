// A device, an account, an address or the like, leading to everything that is known of it.
import { Link } from 'react-router-dom';
import { useMay } from '~/api/queries';
import type { Entity } from '~/api/types';

export function entityAddress({ type, value }: Pick<Entity, 'type' | 'value'>): string {
  return `/entities/${type}/${encodeURIComponent(value)}`;
}

export function EntityLink({ entity }: { entity: Entity }) {
  const may = useMay('evidence_search');
  return may ? <Link to={entityAddress(entity)}>{entity.name}</Link> : <span>{entity.name}</span>;
}
