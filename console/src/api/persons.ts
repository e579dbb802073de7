// People: reading, recording, changing, merging, from a sheet; their accounts' sessions.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { at, change, read } from './ask';
import { keys } from './keys';
import type { Listed, Outcome, Person, PersonFields, PersonSheet, SessionOf } from './personTypes';
import { useMay } from './queries';
import type { Sheet, SheetFormat } from './types';

const minute = 60_000;
const pageSize = 100;
const foundMax = 20;

export interface PersonFilter {
  q?: string | undefined;
  agency?: string | undefined;
  state?: string | undefined;
}

export function usePersons(filter: PersonFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: keys.persons.of(filter),
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      read<Listed<Person>>('/persons', { ...filter, cursor: pageParam, limit: pageSize }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

// The few that a word finds, for a field that chooses one.
export function usePersonsFound(q: string, agency?: string) {
  return useQuery({
    queryKey: keys.persons.of({ found: q, agency }),
    queryFn: async ({ signal }) =>
      (await read<Listed<Person>>('/persons', { q, agency, limit: foundMax }, signal)).items,
    enabled: useMay('person_read'),
    placeholderData: keepPreviousData,
    staleTime: minute,
  });
}

export function usePerson(id: string) {
  return useQuery({
    queryKey: keys.person.of(id),
    queryFn: ({ signal }) => read<Person>(at`/persons/${id}`, {}, signal),
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

export function useKeepPerson(id: string | null) {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: (body: PersonFields) =>
      id === null
        ? change<Person>('POST', '/persons', body)
        : change<Person>('PATCH', at`/persons/${id}`, body),
    onSuccess: settled,
  });
}

export function useMergePersons() {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: (body: { keep: string; gone: string; reason: string }) =>
      change<Outcome>('POST', '/persons/merge', body),
    onSuccess: settled,
  });
}

// A further account of somebody known.
export function useSecondAccount() {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: (body: { person: string; username: string }) =>
      change<{ account: { id: string; username: string }; one_time_password: string }>(
        'POST',
        '/accounts',
        body,
      ),
    onSuccess: settled,
  });
}

export function useImportPersons() {
  const settled = usePersonsSettled();
  return useMutation({
    mutationFn: ({ body, preview }: { body: Sheet; preview: boolean }) =>
      change<PersonSheet>('POST', '/persons/sheet', body, { preview: preview ? 'true' : 'false' }),
    onSuccess: (_, { preview }) => {
      if (!preview) settled();
    },
  });
}

export function useExportPersons() {
  return useMutation({
    mutationFn: (format: SheetFormat) => read<Sheet>('/persons/sheet', { format }),
  });
}

export function useSessionsOf(account: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.sessionsOf(account),
    queryFn: async ({ signal }) =>
      (await read<{ sessions: SessionOf[] }>(at`/accounts/${account}/sessions`, {}, signal)).sessions,
    enabled: useMay('account_manage') && enabled,
  });
}

export function useEndSessionsOf(account: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => change('DELETE', at`/accounts/${account}/sessions`),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.sessionsOf(account) }),
  });
}
