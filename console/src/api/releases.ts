// Releases of luy-agent: what was brought in, how far it has gone, and the code with which the agent is taken off a machine.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { components } from './generated';
import { sendInParts } from './uploads';

type Schemas = components['schemas'];
export type AgentRelease = Schemas['AgentRelease'];
export type AgentReleaseDevice = Schemas['AgentReleaseDevice'];
export type AgentReleaseRing = Schemas['AgentReleaseRing'];
export type NewAgentReleaseKey = Schemas['NewAgentReleaseKey'];

const key = {
  all: ['agent-releases'] as const,
  removal: (device: string) => ['agent-removal', device] as const,
};
const often = 30_000;

export function useReleases() {
  return useQuery({
    queryKey: [...key.all, 'list'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/agent_releases', { signal })),
    refetchInterval: often,
  });
}

export function useReleaseDevices(agency: string | undefined) {
  return useQuery({
    queryKey: [...key.all, 'devices', agency],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/agent_release_devices', { params: { query: { agency } }, signal })),
    refetchInterval: often,
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => cache.invalidateQueries({ queryKey: key.all });
}

export interface NewRelease {
  file: File;
  statement: string;
  notes: string;
  onProgress: (share: number) => void;
}

export function useBringRelease() {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: async ({ file, statement, notes, onProgress }: NewRelease) => {
      const upload = await sendInParts(
        file,
        (body) => unwrap(client.POST('/api/v1/agent_release_uploads', { body })),
        (id, body) =>
          unwrap(
            client.PUT('/api/v1/agent_release_uploads/{upload}', { params: { path: { upload: id } }, body }),
          ),
        onProgress,
      );
      return unwrap(client.POST('/api/v1/agent_releases', { body: { upload, statement, notes } }));
    },
    onSuccess,
  });
}

export function useAddReleaseKey() {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: (body: NewAgentReleaseKey) => unwrap(client.POST('/api/v1/agent_release_keys', { body })),
    onSuccess,
  });
}

const one = (release: string) => ({ params: { path: { agent_release: release } } });

export function useAgreeRelease(release: string) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/agent_releases/{agent_release}/agreement', one(release))),
    onSuccess,
  });
}

export function useSetRing(release: string) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: (body: AgentReleaseRing) =>
      unwrap(client.POST('/api/v1/agent_releases/{agent_release}/ring', { ...one(release), body })),
    onSuccess,
  });
}

export function useWithdrawRelease(release: string) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/agent_releases/{agent_release}/withdrawal', {
          ...one(release),
          body: { reason },
        }),
      ),
    onSuccess,
  });
}

export function useRemovalCode(device: string) {
  return useQuery({
    queryKey: key.removal(device),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/devices/{device}/removal_code', { params: { path: { device } }, signal })),
  });
}

export function useIssueRemovalCode(device: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/devices/{device}/removal_code', {
          params: { path: { device } },
          body: { reason },
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: key.removal(device) }),
  });
}
