// The tree of agencies on any day, what became of whom, profiles, sheets, reorganisations.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';
import type { AgencyProfile, NewAgency, NewNetworkPlan, Reorganisation, Sheet, SheetFormat } from './types';

const minute = 60_000;

function useSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [
      keys.agencies,
      keys.agenciesOn.all,
      keys.agencyPlans,
      keys.successions,
      keys.overview,
      keys.accounts,
    ]) {
      void cache.invalidateQueries({ queryKey });
    }
  };
}

// As they were on a day.
export function useAgenciesOn(day: string) {
  return useQuery({
    queryKey: keys.agenciesOn.of(day),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/agencies', { params: { query: { day } }, signal })),
    staleTime: 5 * minute,
    placeholderData: keepPreviousData,
  });
}

export function useSuccessions() {
  return useQuery({
    queryKey: keys.successions,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/agencies/successions', { signal }))).successions,
    staleTime: 5 * minute,
    enabled: useMay('agency_read'),
  });
}

// What waits for its day, or could not begin on it.
export function useAgencyPlans() {
  return useQuery({
    queryKey: keys.agencyPlans,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/agencies/plans', { signal }))).items,
    staleTime: minute,
    enabled: useMay('agency_read'),
  });
}

export function useTakeBackPlan() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (plan: string) =>
      unwrap(client.DELETE('/api/v1/agencies/plans/{plan}', { params: { path: { plan } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.agencyPlans }),
  });
}

// As it stands, or as it stood at the end of a day.
export function useProfile(agency: string, day?: string) {
  return useQuery({
    queryKey: keys.profile.of(agency, day),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/agencies/{agency}/profile', {
          params: { path: { agency }, query: day ? { day } : {} },
          signal,
        }),
      ),
    enabled: useMay('agency_read') && agency !== '',
  });
}

export function useProfileHistory(agency: string) {
  return useInfiniteQuery({
    queryKey: keys.profile.history(agency),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/agencies/{agency}/profile/history', {
          params: { path: { agency }, query: pageParam === null ? {} : { before: pageParam } },
          signal,
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    enabled: useMay('agency_read'),
  });
}

// Those that were on file at the end of a day, the one in force first.
export function useNetworkPlans(agency: string, day?: string) {
  return useQuery({
    queryKey: keys.networkPlans.of(agency, day),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/agencies/{agency}/network-plans', {
            params: { path: { agency }, query: day ? { day } : {} },
            signal,
          }),
        )
      ).items,
    enabled: useMay('system_read'),
  });
}

export function useAddNetworkPlan(agency: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewNetworkPlan) =>
      unwrap(client.POST('/api/v1/agencies/{agency}/network-plans', { params: { path: { agency } }, body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.networkPlans.all(agency) }),
  });
}

// The bytes of a version never change.
export function useNetworkPlanFile(agency: string, version: number | null) {
  return useQuery({
    queryKey: keys.networkPlans.file(agency, version ?? 0),
    queryFn: () =>
      unwrap(
        client.GET('/api/v1/agencies/{agency}/network-plans/{version}/file', {
          params: { path: { agency, version: String(version) } },
          parseAs: 'blob',
        }),
      ),
    enabled: version !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

export function useSetProfile(agency: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: AgencyProfile) =>
      unwrap(client.PUT('/api/v1/agencies/{agency}/profile', { params: { path: { agency } }, body })),
    // What waits for a second person has changed nothing yet.
    onSuccess: (made) => {
      if ('done' in made) void cache.invalidateQueries({ queryKey: keys.acts });
      else {
        cache.setQueryData(keys.profile.of(agency), made);
        void cache.invalidateQueries({ queryKey: keys.profile.history(agency) });
      }
    },
  });
}

export function useCreateAgency() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewAgency) => unwrap(client.POST('/api/v1/agencies', { body })),
    onSuccess: settled,
  });
}

// A preview changes nothing.
export function useReorganise() {
  const settled = useSettled();
  return useMutation({
    mutationFn: ({ body, preview }: { body: Reorganisation; preview: boolean }) =>
      unwrap(
        client.POST('/api/v1/agencies/reorganisations', {
          params: { query: { preview: preview ? 'true' : 'false' } },
          body,
        }),
      ),
    onSuccess: (_, { preview }) => {
      if (!preview) settled();
    },
  });
}

export function useImportSheet() {
  const settled = useSettled();
  return useMutation({
    mutationFn: ({ body, preview }: { body: Sheet; preview: boolean }) =>
      unwrap(
        client.POST('/api/v1/agencies/sheet', {
          params: { query: { preview: preview ? 'true' : 'false' } },
          body,
        }),
      ),
    onSuccess: (_, { preview }) => {
      if (!preview) settled();
    },
  });
}

export function useExportSheet() {
  return useMutation({
    mutationFn: (format: SheetFormat) =>
      unwrap(client.GET('/api/v1/agencies/sheet', { params: { query: { format } } })),
  });
}
