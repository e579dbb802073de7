// The tree of agencies on any day, what became of whom, profiles, sheets, reorganisations.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';
import type { AgencyProfile, NewAgency, Reorganisation } from './types';

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
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/agencies', { params: { query: { day } }, signal }))).agencies,
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

export function useProfile(agency: string, enabled = true) {
  return useQuery({
    queryKey: keys.profile(agency),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/agencies/{agency}/profile', { params: { path: { agency } }, signal })),
    enabled: useMay('agency_read') && enabled && agency !== '',
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
      else cache.setQueryData(keys.profile(agency), made);
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
    mutationFn: ({ csv, preview }: { csv: string; preview: boolean }) =>
      unwrap(
        client.POST('/api/v1/agencies/sheet', {
          params: { query: { preview: preview ? 'true' : 'false' } },
          body: { csv },
        }),
      ),
    onSuccess: (_, { preview }) => {
      if (!preview) settled();
    },
  });
}

export function useExportSheet() {
  return useMutation({ mutationFn: async () => (await unwrap(client.GET('/api/v1/agencies/sheet'))).csv });
}
