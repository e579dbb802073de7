// Accounts, roles, delegations, acts that wait for a second person, and the table of rights.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { capital } from '~/ui/text';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay, useSession } from './queries';
import type { Action, NewAccount, NewDelegation, NewGrant, Role } from './types';

const minute = 60_000;

export function usePolicy() {
  return useQuery({
    queryKey: keys.policy,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/policy', { signal })),
    staleTime: 5 * minute,
  });
}

export function useAccounts() {
  return useQuery({
    queryKey: keys.accounts,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/accounts', { signal }))).accounts,
    staleTime: minute,
    enabled: useMay('account_read'),
  });
}

// The session names no account; the list of accounts holds at least one's own.
export function useOwnAccount() {
  const session = useSession();
  const accounts = useAccounts();
  return accounts.data?.find((account) => account.username === session.data?.username);
}

function useSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.accounts, keys.acts, keys.delegations])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useCreateAccount() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewAccount) => unwrap(client.POST('/api/v1/accounts', { body })),
    onSuccess: settled,
  });
}

export function useEnableAccount() {
  const settled = useSettled();
  return useMutation({
    mutationFn: ({ account, enabled }: { account: string; enabled: boolean }) =>
      unwrap(
        client.PATCH('/api/v1/accounts/{account}', { params: { path: { account } }, body: { enabled } }),
      ),
    onSuccess: settled,
  });
}

// The three acts on an account that have no body of their own.
export type AccountAct = 'password' | 'seal' | 'factors/reset';
export function useAccountAct() {
  const settled = useSettled();
  return useMutation({
    mutationFn: ({ account, act }: { account: string; act: AccountAct }) =>
      unwrap(client.POST(`/api/v1/accounts/{account}/${act}`, { params: { path: { account } } })),
    onSuccess: settled,
  });
}

export function useGrantRole() {
  const settled = useSettled();
  return useMutation({
    mutationFn: ({ account, ...body }: NewGrant & { account: string }) =>
      unwrap(client.POST('/api/v1/accounts/{account}/roles', { params: { path: { account } }, body })),
    onSuccess: settled,
  });
}

export function useRevokeRole() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (path: { account: string; role: Role; agency: string }) =>
      unwrap(client.DELETE('/api/v1/accounts/{account}/roles/{role}/{agency}', { params: { path } })),
    onSuccess: settled,
  });
}

export function useDelegations() {
  return useQuery({
    queryKey: keys.delegations,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/delegations', { signal }))).delegations,
    enabled: useMay('account_read'),
  });
}

export function useDelegate() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewDelegation) => unwrap(client.POST('/api/v1/delegations', { body })),
    onSuccess: settled,
  });
}

export function useEndDelegation() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (delegation: string) =>
      unwrap(client.DELETE('/api/v1/delegations/{delegation}', { params: { path: { delegation } } })),
    onSuccess: settled,
  });
}

export function useActs() {
  return useQuery({
    queryKey: keys.acts,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/acts', { signal })),
    refetchInterval: minute,
    enabled: useMay('act_read'),
  });
}

// What is about oneself is for others to decide; only that a certificate is theirs, its owner knows best.
export function isAboutMe(act: { kind: string; object: string }, own: string | undefined): boolean {
  return act.object === `account:${own}` && act.kind !== 'signer_add';
}

// What waits for somebody, and not only for whom asked for it.
export function useActsWaiting(): number {
  const acts = useActs();
  const own = useOwnAccount();
  return (
    acts.data?.acts.filter(
      (act) => act.state === 'waiting' && act.proposed_by !== own?.id && !isAboutMe(act, own?.id),
    ).length ?? 0
  );
}

export function useDecide() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ act, agree, note }: { act: string; agree: boolean; note: string }) => {
      const params = { path: { act } };
      return agree
        ? unwrap(client.POST('/api/v1/acts/{act}/agree', { params }))
        : unwrap(client.POST('/api/v1/acts/{act}/refuse', { params, body: note ? { note } : {} }));
    },
    // Also when it failed: somebody else may have decided meanwhile.
    onSettled: () => {
      for (const queryKey of [
        keys.accounts,
        keys.acts,
        keys.delegations,
        keys.signers,
        keys.agencies,
        keys.custody.all,
      ])
        void cache.invalidateQueries({ queryKey });
    },
  });
}

// Why the signed-in person may not do something, as the hub says it; null when they may or nothing is known yet.
export function useWhyNot(action: Action) {
  const policy = usePolicy();
  const line = policy.data?.actions.find((each) => each.name === action);
  const why = line && !line.allowed ? line.why_not : null;
  // The hub's words go on in a sentence of its own; here they are one.
  return why ? { vi: capital(why.vi), en: capital(why.en) } : null;
}
