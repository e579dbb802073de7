// API tokens: for programs that read on somebody's behalf; told once, never wider than their owner's rights.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { NewApiToken } from './generated';
import { keys } from './keys';
import { usePolicy } from './people';
import { useMay } from './queries';

export type { ApiToken, NewApiToken } from './generated';

export function useTokens(all = false) {
  return useQuery({
    queryKey: keys.tokens.of(all),
    enabled: useMay('token_own'),
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/tokens', { params: { query: all ? { all: 'true' } : {} }, signal })))
        .items,
  });
}

export function useMakeToken() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewApiToken) => unwrap(client.POST('/api/v1/tokens', { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.tokens.all }),
  });
}

export function useEndToken() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (token: string) =>
      unwrap(client.DELETE('/api/v1/tokens/{token}', { params: { path: { token } } })),
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
