// The pages of the menu that this person has, by what they may do and for whom.
import { useMemo } from 'react';
import { usePolicy } from '~/api/people';
import { useAgencies, useMay, useSession } from '~/api/queries';
import type { Action } from '~/api/types';
import { navigation } from './navigation';

// Whether a right reaches the town's own agency: what the town office keeps for all is read there. Not known yet: yes.
export function useReachesTown(action: Action): boolean {
  const { data: session } = useSession();
  const policy = usePolicy();
  const agencies = useAgencies(useMay('agency_read'));
  const reach = policy.data?.actions.find((each) => each.name === action)?.reach as
    | Record<string, string>
    | undefined;
  if (!session || !reach || !agencies.data) return true;
  const tops = new Set(agencies.data.filter((each) => !each.superior).map((each) => each.id));
  return session.grants.some(
    ({ role, agency }) => reach[role] === 'town' || ((reach[role] ?? 'none') !== 'none' && tops.has(agency)),
  );
}

// Whether the audit trail shows this person more than what concerns themselves. Not known yet: no.
export function useReadsOthers(): boolean {
  const { data: session } = useSession();
  const policy = usePolicy();
  const reach = policy.data?.actions.find((each) => each.name === 'audit_read')?.reach as
    | Record<string, string>
    | undefined;
  return session?.grants.some(({ role }) => !['none', 'own'].includes(reach?.[role] ?? 'none')) ?? false;
}

export function usePages() {
  const { data: session } = useSession();
  const inbound = useReachesTown('warning_read');
  const others = useReadsOthers();
  const actions = session?.actions;
  return useMemo(
    () =>
      navigation.filter(
        (item) =>
          actions?.includes(item.action) &&
          (item.key !== 'inbound' || inbound) &&
          // Their own entries everybody reads from the page of their account.
          (item.key !== 'audit' || others),
      ),
    [actions, inbound, others],
  );
}
