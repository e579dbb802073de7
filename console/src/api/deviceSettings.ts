// What machines are to do by themselves: as it holds for an agency or a machine, where it was set, and setting it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './generated';

type Schemas = components['schemas'];
export type AntivirusSettings = Schemas['AntivirusSettings'];
export type BackupSettings = Schemas['BackupSettings'];
export type BackupSet = Schemas['BackupSet'];
export type DeviceSettings = Schemas['DeviceSettings'];
export type SettingsOrigin = Schemas['SettingsOrigin'];
export type DevicePolicy = Schemas['DevicePolicy'];

// Whose settings: an agency's, or a machine's own.
export interface SettingsOf {
  agency?: string;
  device?: string;
}

const all = ['device-settings'] as const;

export function useDeviceSettings(device: string) {
  return useQuery({
    queryKey: [...all, 'device', device],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/devices/{device}/settings', { params: { path: { device } }, signal })),
  });
}

export function useAgencySettings(agency: string | undefined) {
  return useQuery({
    queryKey: [...all, 'agency', agency],
    enabled: Boolean(agency),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/agencies/{agency}/device-settings', {
          params: { path: { agency: agency ?? '' } },
          signal,
        }),
      ),
  });
}

// A section as it shall be; null: as the nearest agency above says.
interface Sections {
  antivirus?: AntivirusSettings | null;
  backup?: BackupSettings | null;
}

export function useSetSections({ agency, device }: SettingsOf) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: Sections & { reason: string }) =>
      unwrap(
        device
          ? client.PUT('/api/v1/devices/{device}/settings', { params: { path: { device } }, body })
          : client.PUT('/api/v1/agencies/{agency}/device-settings', {
              params: { path: { agency: agency ?? '' } },
              body,
            }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: all }),
  });
}
