// Services as the hub sees them, and indicators of attacks: reading and keeping them.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client, unwrap } from './client';
import { type IndicatorFilter, keys, type ServiceFilter, type TimeSpan } from './keys';
import type {
  IndicatorType,
  NewIndicatorList,
  NewService,
  ServiceAnnouncement,
  ServiceChange,
  ServiceState,
} from './types';

const minute = 60_000;
// Services are measured by the minute; nothing on the stream tells of it.
const often = minute / 2;
const indicatorPageSize = 200;

export function useServices(filter: ServiceFilter) {
  return useQuery({
    queryKey: keys.services.of(filter),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/services', {
            params: {
              query: {
                agency: filter.agency,
                q: filter.q || undefined,
                state: filter.state as ServiceState | undefined,
              },
            },
            signal,
          }),
        )
      ).items,
    placeholderData: keepPreviousData,
    refetchInterval: often,
  });
}

export function useService(id: string) {
  return useQuery({
    queryKey: keys.service.of(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/services/{service}', { params: { path: { service: id } }, signal })),
    refetchInterval: often,
  });
}

export function useServiceHistory(id: string, { from, until }: TimeSpan) {
  return useQuery({
    queryKey: keys.serviceHistory(id, { from, until }),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/services/{service}/history', {
            params: { path: { service: id }, query: { from, to: until } },
            signal,
          }),
        )
      ).points,
    staleTime: often,
    refetchInterval: minute,
    placeholderData: keepPreviousData,
  });
}

export function useServiceContent(id: string) {
  return useQuery({
    queryKey: keys.serviceContent(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/services/{service}/content', { params: { path: { service: id } }, signal })),
    refetchInterval: minute,
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.services.all, keys.service.all, keys.findings.all, ['service-content']])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useAddService() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewService) => unwrap(client.POST('/api/v1/services', { body })),
    onSuccess: settled,
  });
}

export function useChangeService(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: ServiceChange) =>
      unwrap(client.PATCH('/api/v1/services/{service}', { params: { path: { service: id } }, body })),
    onSuccess: settled,
  });
}

export function useRemoveService(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: () =>
      unwrap(client.DELETE('/api/v1/services/{service}', { params: { path: { service: id } } })),
    onSuccess: settled,
  });
}

export function useAnnounceWork(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: ServiceAnnouncement) =>
      unwrap(
        client.POST('/api/v1/services/{service}/announcements', {
          params: { path: { service: id } },
          body,
        }),
      ),
    onSuccess: settled,
  });
}

export function useAcceptContent(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: { reason: string; fingerprint: string | null }) =>
      unwrap(
        client.POST('/api/v1/services/{service}/accept', {
          params: { path: { service: id } },
          body,
        }),
      ),
    onSuccess: settled,
  });
}

export function useIndicators(filter: IndicatorFilter) {
  return useInfiniteQuery({
    queryKey: keys.indicators.of(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/indicators', {
          params: {
            query: {
              q: filter.q || undefined,
              type: filter.type as IndicatorType | undefined,
              list: filter.list,
              cursor: pageParam === undefined ? undefined : Number(pageParam),
              limit: indicatorPageSize,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useIndicatorLists() {
  return useQuery({
    queryKey: keys.indicatorLists,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/indicator_lists', { signal }))).items,
  });
}

function useListsSettled() {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: keys.indicatorLists });
    void cache.invalidateQueries({ queryKey: keys.indicators.all });
  };
}

export function useImportIndicators() {
  const settled = useListsSettled();
  return useMutation({
    mutationFn: (body: NewIndicatorList) => unwrap(client.POST('/api/v1/indicator_lists', { body })),
    onSuccess: settled,
  });
}

export function useRemoveIndicatorList() {
  const settled = useListsSettled();
  return useMutation({
    mutationFn: (list: string) =>
      unwrap(client.DELETE('/api/v1/indicator_lists/{list}', { params: { path: { list } } })),
    onSuccess: settled,
  });
}
