// Backups: how sets stand, what devices say of theirs, requests to them, and who has which medium.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './generated';
import { keys } from './keys';

type Schemas = components['schemas'];
export type BackupStanding = Schemas['BackupStanding'];
export type BackupPart = Schemas['BackupPart'];
export type BackupSetStanding = Schemas['BackupSetStanding'];
export type BackupResult = Schemas['BackupResult'];
export type DeviceBackups = Schemas['DeviceBackups'];
export type NewBackupOrder = Schemas['NewBackupOrder'];
export type NewRestore = Schemas['NewRestore'];
export type Handover = Schemas['MediumHandover'];
export type NewHandover = Schemas['NewMediumHandover'];

// The fact "backup" (src/fact/fact.h), of which older agents may tell less.
export interface BackupRun {
  set: string;
  kind: string;
  target: string;
  place: string;
  state: string;
  because: string;
  percent: number;
  succeeded_at: string | null;
  due_at: string | null;
  files: number;
  bytes: number;
  plugged_at?: string | null;
  unplugged_at?: string | null;
}
export interface RestoreDrill {
  set: string;
  target: string;
  place: string;
  snapshot: string;
  started_at: string;
  ended_at: string;
  passed: boolean;
  because: string;
  files: number;
  bytes: number;
  differing: number;
  missing: number;
  databases: number;
}
export interface BackupFact {
  tool: string;
  runs: BackupRun[];
  drills: RestoreDrill[];
}

const halfMinute = 30_000;

export function useBackups(agency?: string) {
  return useQuery({
    queryKey: keys.backups.list(agency ?? ''),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/backups', { params: { query: agency ? { agency } : {} }, signal })),
    refetchInterval: halfMinute,
  });
}

export function useDeviceBackups(device: string) {
  return useQuery({
    queryKey: keys.backups.of(device),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/devices/{device}/backups', { params: { path: { device } }, signal })),
    // A run or a preview under way tells how far it is.
    refetchInterval: halfMinute / 3,
  });
}

export function useOrderBackup(device: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewBackupOrder) =>
      unwrap(client.POST('/api/v1/devices/{device}/backups/orders', { params: { path: { device } }, body })),
    onSuccess: () => {
      for (const queryKey of [keys.backups.of(device), keys.orders.of(device)])
        void cache.invalidateQueries({ queryKey });
    },
  });
}

export function useRestore(device: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewRestore) =>
      unwrap(
        client.POST('/api/v1/devices/{device}/backups/restores', { params: { path: { device } }, body }),
      ),
    onSuccess: () => {
      for (const queryKey of [keys.backups.of(device), keys.orders.of(device), keys.acts])
        void cache.invalidateQueries({ queryKey });
    },
  });
}

export function useRevealKey(device: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/devices/{device}/backups/key', {
          params: { path: { device } },
          body: { reason },
        }),
      ),
    onSuccess: () => void cache.invalidateQueries({ queryKey: keys.acts }),
  });
}

export const minutesUrl = (device: string, endedAt: string) =>
  `/api/v1/devices/${device}/backups/minutes?ended_at=${encodeURIComponent(endedAt)}`;

export function useHandovers() {
  return useQuery({
    queryKey: keys.backups.handovers,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/media-handovers', { signal }))).items,
  });
}

export function useAddHandover() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewHandover) => unwrap(client.POST('/api/v1/media-handovers', { body })),
    onSuccess: () => void cache.invalidateQueries({ queryKey: keys.backups.handovers }),
  });
}
