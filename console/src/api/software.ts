// Software under control: requests of staff, what is wrong with what is installed, the gates.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import type {
  NewSoftwareRequest,
  SheetFormat,
  SoftwareRequestApproval,
  SoftwareRequestState,
  SoftwareSettings,
  WrongKind,
} from './types';

export interface WrongFilter {
  q?: string | undefined;
  kind?: string | undefined;
  device?: string | undefined;
  agency?: string | undefined;
}

const wrongQuery = ({ q, kind, device, agency }: WrongFilter) => ({
  q: q || undefined,
  kind: kind as WrongKind | undefined,
  device,
  agency,
});

const cache = {
  requests: ['software-requests'] as const,
  wrong: ['software-wrong'] as const,
  gates: ['software-gates'] as const,
};

export function useWrongSoftware(filter: WrongFilter) {
  return useInfiniteQuery({
    queryKey: [...cache.wrong, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/software-wrong', {
          params: { query: { ...wrongQuery(filter), after: pageParam, limit: 200 } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useExportWrong() {
  return useMutation({
    mutationFn: ({ filter, format }: { filter: WrongFilter; format: SheetFormat }) =>
      unwrap(
        client.GET('/api/v1/software-wrong/sheet', { params: { query: { ...wrongQuery(filter), format } } }),
      ),
  });
}

export function useBaseline(device: string) {
  return useQuery({
    queryKey: [...keys.deviceSoftware.all, device, 'baseline'],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/devices/{device}/baseline', { params: { path: { device } }, signal })),
  });
}

export function useGate(device: string) {
  return useQuery({
    queryKey: [...cache.gates, device],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/devices/{device}/software-gate', { params: { path: { device } }, signal })),
    refetchInterval: 60_000,
  });
}

export function useGates() {
  return useQuery({
    queryKey: cache.gates,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/software-gates', { signal })),
    refetchInterval: 60_000,
  });
}

export function useSetGate(device: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ software, reason }: { software: SoftwareSettings; reason: string }) =>
      unwrap(
        client.PUT('/api/v1/devices/{device}/settings', {
          params: { path: { device } },
          body: { software, reason },
        }),
      ),
    onSuccess: () => void queries.invalidateQueries({ queryKey: cache.gates }),
  });
}

export function useSoftwareRequests(filter: { state?: string | undefined; mine?: boolean }) {
  return useQuery({
    queryKey: [...cache.requests, filter],
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/software-requests', {
          params: {
            query: {
              state: filter.state as SoftwareRequestState | undefined,
              mine: filter.mine || undefined,
            },
          },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
}

function useRequestCaches() {
  const queries = useQueryClient();
  return () => {
    for (const queryKey of [cache.requests, keys.approvals, keys.software.all, keys.deviceSoftware.all]) {
      void queries.invalidateQueries({ queryKey });
    }
  };
}

export function useAskForSoftware() {
  const settle = useRequestCaches();
  return useMutation({
    mutationFn: (body: NewSoftwareRequest) => unwrap(client.POST('/api/v1/software-requests', { body })),
    onSuccess: settle,
  });
}

export function useApproveRequest() {
  const settle = useRequestCaches();
  return useMutation({
    mutationFn: ({ wish, body }: { wish: string; body: SoftwareRequestApproval }) =>
      unwrap(client.POST('/api/v1/software-requests/{wish}/approval', { params: { path: { wish } }, body })),
    onSuccess: settle,
  });
}

export function useRefuseRequest() {
  const settle = useRequestCaches();
  return useMutation({
    mutationFn: ({ wish, reason }: { wish: string; reason: string }) =>
      unwrap(
        client.POST('/api/v1/software-requests/{wish}/refusal', {
          params: { path: { wish } },
          body: { reason },
        }),
      ),
    onSuccess: settle,
  });
}

export function useTakeBackRequest() {
  const settle = useRequestCaches();
  return useMutation({
    mutationFn: (wish: string) =>
      unwrap(client.DELETE('/api/v1/software-requests/{wish}', { params: { path: { wish } } })),
    onSuccess: settle,
  });
}
