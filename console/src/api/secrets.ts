// Devices for state secrets: reading, entering, moves, checks that come back on paper.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type {
  NewSecretDevice,
  NewSecretMove,
  SecretDeviceChange,
  SecretHandover,
  SecretReport,
} from './generated';
import { keys } from './keys';

export type {
  NewSecretDevice,
  NewSecretMove,
  SecretCheck,
  SecretDetail,
  SecretDevice,
  SecretHandover,
  SecretMove,
  SecretMoveState,
  SecretPurpose,
  SecretReport,
  SecretSighting,
} from './generated';

export const secretPurposes = ['drafting', 'printing', 'storage', 'other'] as const;

export function useSecrets(agency: string | undefined) {
  return useQuery({
    queryKey: keys.secrets.of({ agency }),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/secret-devices', { params: { query: { agency } }, signal })),
  });
}

export function useSecret(secret: string) {
  return useQuery({
    queryKey: keys.secrets.of({ secret }),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/secret-devices/{secret}', { params: { path: { secret } }, signal })),
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: keys.secrets.all });
}

export function useAddSecret() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewSecretDevice) => unwrap(client.POST('/api/v1/secret-devices', { body })),
    onSuccess: settled,
  });
}

export function useChangeSecret(secret: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: SecretDeviceChange) =>
      unwrap(client.PUT('/api/v1/secret-devices/{secret}', { params: { path: { secret } }, body })),
    onSuccess: settled,
  });
}

export function useRetireSecret(secret: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/secret-devices/{secret}/retirement', {
          params: { path: { secret } },
          body: { reason },
        }),
      ),
    onSuccess: settled,
  });
}

export function useIssueCode(secret: string) {
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/secret-devices/{secret}/codes', { params: { path: { secret } } })),
  });
}

export function useEnterReport(secret: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: SecretReport) =>
      unwrap(client.POST('/api/v1/secret-devices/{secret}/reports', { params: { path: { secret } }, body })),
    onSuccess: settled,
  });
}

export function useCloseSightings(secret: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/secret-devices/{secret}/sightings/closing', {
          params: { path: { secret } },
          body: { reason },
        }),
      ),
    onSuccess: settled,
  });
}

export function useAskMove(secret: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewSecretMove) =>
      unwrap(client.POST('/api/v1/secret-devices/{secret}/moves', { params: { path: { secret } }, body })),
    onSuccess: settled,
  });
}

export function useDecideMove(move: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: ({ approved, note }: { approved: boolean; note: string }) => {
      const asked = { params: { path: { move } }, body: { note } };
      return approved
        ? unwrap(client.POST('/api/v1/secret-moves/{move}/approval', asked))
        : unwrap(client.POST('/api/v1/secret-moves/{move}/refusal', asked));
    },
    onSuccess: settled,
  });
}

export function useFinishMove(move: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: SecretHandover) =>
      unwrap(client.POST('/api/v1/secret-moves/{move}/handover', { params: { path: { move } }, body })),
    onSuccess: settled,
  });
}

export function useSignMove(move: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (signed_on: string) =>
      unwrap(
        client.POST('/api/v1/secret-moves/{move}/signing', {
          params: { path: { move } },
          body: { signed_on },
        }),
      ),
    onSuccess: settled,
  });
}

export const movePaper = (move: string) => `/api/v1/secret-moves/${encodeURIComponent(move)}/paper`;
