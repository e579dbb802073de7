// How the evidence is kept: which days are whole, for how long, on which media, how full the disk is.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { MediumChange, NewErasure, NewMedium, NewRetentionRule } from './custodyTypes';
import { keys } from './keys';
import { useMay } from './queries';

const minute = 60_000;

export interface CoverageFilter {
  agency?: string | undefined;
  from: string;
  until: string;
}

export function useCoverage(filter: CoverageFilter) {
  const { agency, from, until } = filter;
  return useQuery({
    queryKey: keys.custody.coverage(filter),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/custody/coverage', {
          params: { query: { from, until, ...(agency ? { agency } : {}) } },
          signal,
        }),
      ),
    refetchInterval: minute,
  });
}

export function useSilences() {
  return useQuery({
    queryKey: keys.custody.silences,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/custody/silences', { signal }))).items,
    refetchInterval: minute,
  });
}

export function useCustodyDays() {
  return useQuery({
    queryKey: keys.custody.days,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/custody/days', { signal })),
    enabled: useMay('custody_read'),
    refetchInterval: minute,
  });
}

export function useMedia() {
  return useQuery({
    queryKey: keys.custody.media,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/custody/media', { signal }))).items,
    refetchInterval: minute,
  });
}

export function useRetention() {
  return useQuery({
    queryKey: keys.custody.retention,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/custody/retention', { signal })),
    refetchInterval: minute,
  });
}

export function useErasures() {
  return useQuery({
    queryKey: keys.custody.erasures,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/custody/erasures', { signal }))).items,
    refetchInterval: minute,
  });
}

export function useDisk() {
  return useQuery({
    queryKey: keys.custody.disk,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/custody/disk', { signal })),
    refetchInterval: 10_000,
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: keys.custody.all });
    void cache.invalidateQueries({ queryKey: keys.acts });
  };
}

export function useRegisterMedium() {
  return useMutation({
    mutationFn: (body: NewMedium) => unwrap(client.POST('/api/v1/custody/media', { body })),
    onSuccess: useSettled(),
  });
}

export function useChangeMedium(medium: string) {
  return useMutation({
    mutationFn: (body: MediumChange) =>
      unwrap(client.PUT('/api/v1/custody/media/{medium}', { params: { path: { medium } }, body })),
    onSuccess: useSettled(),
  });
}

export function useRetireMedium(medium: string) {
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/custody/media/{medium}/retire', {
          params: { path: { medium } },
          body: { reason },
        }),
      ),
    onSuccess: useSettled(),
  });
}

// What a term would take away; asked while somebody is still writing it.
export function useRetentionPreview(rule: NewRetentionRule | null) {
  return useQuery({
    queryKey: keys.custody.preview(rule ?? {}),
    enabled: rule !== null,
    retry: false,
    queryFn: ({ signal }) =>
      unwrap(client.POST('/api/v1/custody/retention/preview', { body: rule as NewRetentionRule, signal })),
  });
}

export function useSetRetention() {
  return useMutation({
    mutationFn: (body: NewRetentionRule) => unwrap(client.POST('/api/v1/custody/retention', { body })),
    onSuccess: useSettled(),
  });
}

export function useRemoveRetention(term: string) {
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/custody/retention/{term}/remove', {
          params: { path: { term } },
          body: { reason },
        }),
      ),
    onSuccess: useSettled(),
  });
}

export function useErasurePreview(agency: string, seq: number) {
  return useQuery({
    queryKey: keys.custody.erasing(agency, seq),
    retry: false,
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.POST('/api/v1/custody/erasures/preview', { body: { agency, seqs: [seq] }, signal }),
        )
      ).items,
  });
}

export function useAskErasure() {
  return useMutation({
    mutationFn: (body: NewErasure) => unwrap(client.POST('/api/v1/custody/erasures', { body })),
    onSuccess: useSettled(),
  });
}
