import { QueryClient } from '@tanstack/react-query';
import { ApiError, onSignedOut } from '~/api/client';
import { keys } from '~/api/keys';

// What the hub refused stays refused; only a lost connection is tried again.
const tries = 2;

export function createCaches(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (count, error) =>
          count < tries && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
  onSignedOut(() => client.setQueryData(keys.session, null));
  return client;
}
