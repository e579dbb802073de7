// People: reading, recording, changing, merging, from a sheet; their accounts' sessions.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { NewPerson, PersonChange, PersonMerge, PersonState } from './generated';
import { keys } from './keys';
import { useMay } from './queries';
import type { Sheet, SheetFormat } from './types';

const minute = 60_000;
const pageSize = 100;
const foundMax = 20;

export interface PersonFilter {
  q?: string | undefined;
  agency?: string | undefined;
  state?: PersonState | undefined;
}

export function usePersons(filter: PersonFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: keys.persons.of(filter),
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/persons', {
          params: { query: { ...filter, cursor: pageParam, limit: pageSize } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

// The few that a word finds, for a field that chooses one.
export function usePersonsFound(q: string, agency?: string) {
  return useQuery({
    queryKey: keys.persons.of({ found: q, agency }),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/persons', { params: { query: { q, agency, limit: foundMax } }, signal }),
        )
      ).items,
    enabled: useMay('person_read'),
    placeholderData: keepPreviousData,
    staleTime: minute,
  });
}

export function usePerson(id: string) {
  return useQuery({
    queryKey: keys.person.of(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/persons/{person}', { params: { path: { person: id } }, signal })),
    enabled: id !== '',
  });
}

export function usePersonsSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.persons.all, keys.person.all, keys.accounts, keys.acts, keys.me])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useAddPerson() {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: (body: NewPerson) => unwrap(client.POST('/api/v1/persons', { body })),
    onSuccess: settled,
  });
}

export function useChangePerson(id: string) {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: (body: PersonChange) =>
      unwrap(client.PATCH('/api/v1/persons/{person}', { params: { path: { person: id } }, body })),
    onSuccess: settled,
  });
}

export function useMergePersons() {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: (body: PersonMerge) => unwrap(client.POST('/api/v1/persons/merge', { body })),
    onSuccess: settled,
  });
}

// A further account of somebody known.
export function useSecondAccount() {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: (body: { person: string; username: string }) =>
      unwrap(client.POST('/api/v1/accounts', { body })),
    onSuccess: settled,
  });
}

export function useImportPersons() {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: ({ body, preview }: { body: Sheet; preview: boolean }) =>
      unwrap(
        client.POST('/api/v1/persons/sheet', {
          params: { query: { preview: preview ? 'true' : 'false' } },
          body,
        }),
      ),
    onSuccess: (_, { preview }) => {
      if (!preview) settled();
    },
  });
}

export function useExportPersons() {
  return useMutation({
    mutationFn: (format: SheetFormat) =>
      unwrap(client.GET('/api/v1/persons/sheet', { params: { query: { format } } })),
  });
}

export function useSessionsOf(account: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.sessionsOf(account),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/accounts/{account}/sessions', { params: { path: { account } }, signal }),
        )
      ).sessions,
    enabled: useMay('account_manage') && enabled,
  });
}

export function useEndSessionsOf(account: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(client.DELETE('/api/v1/accounts/{account}/sessions', { params: { path: { account } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.sessionsOf(account) }),
  });
}
