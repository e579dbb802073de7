// Reading from the hub: one hook per question.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { ApiError, client, unwrap } from './client';
import type { paths } from './generated';
import { type EventFilter, keys, type SoftwareFilter, type VerdictFilter } from './keys';
import { stream } from './stream';
import type { Action, Agreement, AuditExport, Session, VerdictState } from './types';

const minute = 60_000;
// While the live stream tells of every change, nothing is asked for again by the clock.
const unlessLive = () => (stream.current() === 'open' ? false : minute);

// null = nobody is signed in.
export function useSession() {
  return useQuery({
    queryKey: keys.session,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await unwrap(client.GET('/api/v1/session', { signal }), true);
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 5 * minute,
    retry: 1,
  });
}

// Whether the signed-in person holds the action somewhere. The hub decides; this only keeps refused doors closed.
export function useMay(action: Action | Agreement): boolean {
  return useSession().data?.actions.includes(action) ?? false;
}

export function useSystem() {
  return useQuery({
    queryKey: keys.system,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/system', { signal })),
    refetchInterval: minute,
  });
}

export function useOverview(enabled = true) {
  return useQuery({
    enabled,
    queryKey: keys.overview,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/overview', { signal })),
    refetchInterval: unlessLive,
  });
}

export function useRegulation() {
  return useQuery({
    queryKey: keys.regulation,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/regulation', { signal })),
    staleTime: 30 * minute,
  });
}

export function useAgencies(enabled = true) {
  return useQuery({
    enabled,
    queryKey: keys.agencies,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/agencies', { signal }))).agencies,
    staleTime: 5 * minute,
  });
}

export const verdictPageSize = 200;

export function useVerdicts(filter: VerdictFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: keys.verdicts.of(filter),
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/verdicts', {
          params: {
            query: {
              ...filter,
              state: filter.state as VerdictState | undefined,
              after: pageParam,
              limit: verdictPageSize,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useVerdict(obligation: string, subject: string) {
  return useQuery({
    queryKey: keys.verdict.of(obligation, subject),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/verdicts/{obligation}/{subject}', {
          params: { path: { obligation, subject } },
          signal,
        }),
      ),
  });
}

export function useDevices(filter: { q?: string; agency?: string } = {}, enabled = true) {
  return useQuery({
    enabled,
    queryKey: keys.devices.of(filter),
    queryFn: async ({ signal }) =>
      unwrap(client.GET('/api/v1/devices', { params: { query: filter }, signal })),
    select: (data) => data.devices,
    placeholderData: keepPreviousData,
    refetchInterval: unlessLive,
  });
}

export function useDevice(id: string) {
  return useQuery({
    queryKey: keys.device.of(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/devices/{device}', { params: { path: { device: id } }, signal })),
  });
}

export function useTimeline(id: string) {
  return useQuery({
    queryKey: keys.timeline.of(id),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/devices/{device}/timeline', {
            params: { path: { device: id }, query: { limit: 300 } },
            signal,
          }),
        )
      ).entries,
  });
}

type ApprovalState = 'approved' | 'unapproved';

export function useDeviceSoftware(id: string, filter: SoftwareFilter) {
  return useInfiniteQuery({
    queryKey: keys.deviceSoftware.of(id, filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/devices/{device}/software', {
          params: {
            path: { device: id },
            query: {
              q: filter.q,
              state: filter.state as ApprovalState | undefined,
              after: pageParam,
              limit: 500,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useProducts(filter: SoftwareFilter) {
  return useInfiniteQuery({
    queryKey: keys.software.of(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/software', {
          params: {
            query: {
              ...filter,
              state: filter.state as ApprovalState | undefined,
              after: pageParam,
              limit: 500,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useApprovals() {
  return useQuery({
    queryKey: keys.approvals,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/approvals', { params: { query: {} }, signal }))).approvals,
  });
}

export function useWifi() {
  return useQuery({
    queryKey: keys.wifi,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/wifi', { signal }))).networks,
  });
}

export const eventPageSize = 200;

export function useEvents(filter: EventFilter) {
  return useInfiniteQuery({
    queryKey: keys.events.of(filter),
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/events', {
          params: {
            query: { ...filter, query: filter.query || undefined, before: pageParam, limit: eventPageSize },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: minute,
  });
}

// The trail as the hub wrote it.
export type AuditSearch = Omit<
  NonNullable<paths['/api/v1/audit']['get']['parameters']['query']>,
  'cursor' | 'limit'
>;

export function useAudit(filter: AuditSearch) {
  return useInfiniteQuery({
    queryKey: keys.audit.of(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/audit', {
          params: { query: { ...filter, cursor: pageParam, limit: eventPageSize } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: minute,
  });
}

// Which acts, and on what types of objects, the trail holds for this person.
export function useAuditActs() {
  return useQuery({
    queryKey: keys.auditActs,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/audit/acts', { signal })),
    staleTime: minute,
    enabled: useMay('audit_read'),
  });
}

export function useAuditExport() {
  return useMutation({
    mutationFn: (wanted: AuditExport) =>
      unwrap(client.POST('/api/v1/audit/export', { body: wanted, parseAs: 'blob' })),
  });
}

export function useHistogram(filter: EventFilter & { from: string; until: string }) {
  return useQuery({
    queryKey: keys.histogram.of(filter),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/events/histogram', {
          params: { query: { ...filter, query: filter.query || undefined, buckets: 80 } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: minute,
  });
}

// The most frequent values of a field among the answers; nothing is asked for without a field.
export function useEventValues(filter: EventFilter, field: string | undefined) {
  return useQuery({
    enabled: Boolean(field),
    queryKey: keys.eventValues({ ...filter, field }),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/events/values', {
          params: { query: { ...filter, query: filter.query || undefined, field: field ?? '', top: 15 } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: minute,
  });
}

export function useProof(seq: number) {
  return useQuery({
    queryKey: keys.proof(seq),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/events/{seq}/proof', { params: { path: { seq } }, signal })),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    // A record that arrived within the last seconds is covered by the next checkpoint, at most 10 s later.
    refetchInterval: (query) => (query.state.error ? 5_000 : false),
  });
}

export function useDays(enabled = true) {
  return useQuery({
    enabled,
    queryKey: keys.days,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/evidence/days', { signal })),
  });
}
