// Alarms over accounts, which ring until somebody else has heard them, and the accounts that are sealed for emergencies.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { at, change, read } from './ask';
import type { MaybeNamed } from './controlTypes';
import { keys } from './keys';
import type { Named } from './personTypes';
import { useMay } from './queries';
import type { LocalText, Severity } from './types';

const ringSeconds = 30;

export interface Alarm {
  id: string;
  kind: string;
  severity: Severity;
  at: string;
  times: number;
  title: LocalText;
  agency: Named;
  account: Named | null;
  address: string | null;
  seq: number;
  finding: string;
  acknowledged_by: MaybeNamed | null;
  acknowledged_at: string | null;
  note: string | null;
}

export interface SealedAccount {
  account: Named;
  agency: Named;
  enabled: boolean;
  sealed_at: string;
  broken: boolean;
  used_at: string | null;
  reseal_due: string;
  seq: number | null;
}

export function useAlarms() {
  return useQuery({
    queryKey: keys.alarms,
    enabled: useMay('act_read'),
    queryFn: async ({ signal }) => (await read<{ items: Alarm[] }>('/alarms', {}, signal)).items,
    refetchInterval: ringSeconds * 1000,
  });
}

export function useSealedAccounts() {
  return useQuery({
    queryKey: keys.sealed,
    enabled: useMay('act_read'),
    queryFn: async ({ signal }) =>
      (await read<{ items: SealedAccount[] }>('/sealed-accounts', {}, signal)).items,
  });
}

export function useAcknowledge(alarm: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (note: string) => change<Alarm>('POST', at`/alarms/${alarm}/acknowledgement`, { note }),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.alarms }),
  });
}
