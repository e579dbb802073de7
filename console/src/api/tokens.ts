// API tokens: for programs that read on somebody's behalf; told once, never wider than their owner's rights.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { at, change, read } from './ask';
import { keys } from './keys';
import { usePolicy } from './people';
import type { Named } from './personTypes';
import { useMay } from './queries';

export interface ApiToken {
  id: string;
  name: string;
  account: Named;
  actions: string[];
  agency: Named | null;
  created_at: string;
  expires_at: string;
  last_used: string | null;
  last_address: string | null;
  revoked_at: string | null;
}

export interface NewApiToken {
  name: string;
  actions: string[];
  agency?: string;
  expires_at: string;
  password: string;
}

export function useTokens(all = false) {
  return useQuery({
    queryKey: keys.tokens.of(all),
    enabled: useMay('token_own'),
    queryFn: async ({ signal }) =>
      (await read<{ items: ApiToken[] }>('/tokens', all ? { all: 'true' } : {}, signal)).items,
  });
}

export function useMakeToken() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewApiToken) => change<{ token: string; item: ApiToken }>('POST', '/tokens', body),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.tokens.all }),
  });
}

export function useEndToken() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => change('DELETE', at`/tokens/${token}`),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.tokens.all }),
  });
}

// What a token may carry of what one may do oneself; the table of rights says which.
export function useTokenActions() {
  const policy = usePolicy();
  return (policy.data?.actions ?? []).filter(
    (each) => each.allowed && (each as { token?: boolean }).token === true,
  );
}
