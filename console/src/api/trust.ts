// What signatures are checked against: roots, issuers, lists of what was revoked.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';

export function useTrust() {
  return useQuery({
    queryKey: keys.trust,
    enabled: useMay('account_read'),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/signature-trust', { signal })),
  });
}

export function useRefreshTrust() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/signature-trust/refresh')),
    onSuccess: (trust) => cache.setQueryData(keys.trust, trust),
  });
}
