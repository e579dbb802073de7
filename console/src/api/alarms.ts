// Alarms over accounts, which ring until somebody else has heard them, and the accounts that are sealed for emergencies.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { SealedAccountList } from './generated';
import { keys } from './keys';
import { useMay } from './queries';

const ringSeconds = 30;

export type { Alarm } from './generated';
export type SealedAccount = SealedAccountList['items'][number];

export function useAlarms() {
  return useQuery({
    queryKey: keys.alarms,
    enabled: useMay('act_read'),
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/alarms', { signal }))).items,
    refetchInterval: ringSeconds * 1000,
  });
}

export function useSealedAccounts() {
  return useQuery({
    queryKey: keys.sealed,
    enabled: useMay('act_read'),
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/sealed-accounts', { signal }))).items,
  });
}

export function useAcknowledge(alarm: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (note: string) =>
      unwrap(
        client.POST('/api/v1/alarms/{alarm}/acknowledgement', {
          params: { path: { alarm } },
          body: { note },
        }),
      ),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.alarms }),
  });
}
