// Which first pages a person has, their own first. Pure.
import type { Role, Session } from '~/api/types';

export type Home = 'leader' | 'officer' | 'staff' | 'provider';

const leaders: readonly Role[] = [
  'agency_head',
  'town_office',
  'culture_info',
  'police',
  'provincial_authority',
  'auditor',
];
const officers: readonly Role[] = ['security_officer', 'system_admin'];

export function homesOf(session: Pick<Session, 'grants' | 'actions'> | null | undefined): Home[] {
  const held = session?.grants.map((grant) => grant.role) ?? [];
  const leads = held.some((role) => leaders.includes(role));
  const watches = held.some((role) => officers.includes(role));
  const sees = session?.actions.includes('overview_read') ?? false;
  const out: Home[] = [];
  if (leads && sees) out.push('leader');
  if (watches && sees) out.push('officer');
  // Whoever may see the overview may see it as the leader does.
  if (!leads && sees) out.push('leader');
  if (held.includes('provider')) out.push('provider');
  if (held.includes('staff') || out.length === 0) out.push('staff');
  return out;
}
