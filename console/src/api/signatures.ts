// What antivirus programs know malware by: databases and lists that the hub hands out, and who has them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './generated';
import { sendInParts } from './uploads';

type Schemas = components['schemas'];
export type SignatureSet = Schemas['SignatureSet'];
export type SignatureDevice = Schemas['SignatureDevice'];
export type NewSignatureList = Schemas['NewSignatureList'];

const key = { sets: ['signature-sets'] as const, devices: ['signature-devices'] as const };

export function useSignatureSets() {
  return useQuery({
    queryKey: key.sets,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/signature_sets', { signal })),
  });
}

export function useSignatureDevices(agency: string | undefined) {
  return useQuery({
    queryKey: [...key.devices, agency],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/signature_devices', { params: { query: { agency } }, signal })),
    refetchInterval: 60_000,
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: key.sets }),
      cache.invalidateQueries({ queryKey: key.devices }),
    ]);
}

export function useImportDatabase() {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: async ({ file, onProgress }: { file: File; onProgress: (share: number) => void }) => {
      const upload = await sendInParts(
        file,
        (body) => unwrap(client.POST('/api/v1/signature_uploads', { body })),
        (id, body) =>
          unwrap(
            client.PUT('/api/v1/signature_uploads/{upload}', { params: { path: { upload: id } }, body }),
          ),
        onProgress,
      );
      return unwrap(client.POST('/api/v1/signature_sets', { body: { upload, name: file.name } }));
    },
    onSuccess,
  });
}

export function useAddSignatureList() {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: (body: NewSignatureList) => unwrap(client.POST('/api/v1/signature_lists', { body })),
    onSuccess,
  });
}

export function useRemoveSignatureSet(set: string) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/signature_sets/{signature_set}/removal', {
          params: { path: { signature_set: set } },
          body: { reason },
        }),
      ),
    onSuccess,
  });
}
