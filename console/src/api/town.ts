// The town office's board: everything reported and opened in all agencies, who has taken note of it and who works on it.
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type { TownItem } from './caseworkTypes';
import { client, unwrap } from './client';
import { useCaseSettled } from './incidents';
import { keys } from './keys';
import { useMay } from './queries';

const minute = 60_000;

export interface TownFilter {
  agency?: string | undefined;
  assignee?: string | undefined;
  open?: 'true' | 'false' | undefined;
  unreceived?: 'true' | undefined;
}

export function useTownOffice(filter: TownFilter) {
  return useQuery({
    queryKey: keys.town.of(filter),
    enabled: useMay('incident_read'),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/town-office', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    // Whoever reports has no session and so no stream of theirs tells us.
    refetchInterval: minute,
  });
}

// What is meant on the board or on a page: a case or a report of staff.
export type Matter = Pick<TownItem, 'kind' | 'id'>;

// The town office takes note of it.
export function useReceive() {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: async ({ kind, id }: Matter) => {
      if (kind === 'report')
        return void (await unwrap(
          client.POST('/api/v1/staff-reports/{report}/receipt', { params: { path: { report: id } } }),
        ));
      return unwrap(
        client.POST('/api/v1/incidents/{incident}/receipt', { params: { path: { incident: id } } }),
      );
    },
    onSuccess: (detail) => settled(detail ?? undefined),
  });
}

export function useAssignees({ kind, id }: Matter) {
  return useQuery({
    queryKey: keys.assignees(kind, id),
    queryFn: async ({ signal }) =>
      (kind === 'report'
        ? await unwrap(
            client.GET('/api/v1/staff-reports/{report}/assignees', {
              params: { path: { report: id } },
              signal,
            }),
          )
        : await unwrap(
            client.GET('/api/v1/incidents/{incident}/assignees', {
              params: { path: { incident: id } },
              signal,
            }),
          )
      ).items,
  });
}

export function useAssign() {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: async ({ kind, id, account, note }: Matter & { account: string | null; note: string }) => {
      if (kind === 'report')
        return void (await unwrap(
          client.PUT('/api/v1/staff-reports/{report}/assignee', {
            params: { path: { report: id } },
            body: { account, ...(note ? { note } : {}) },
          }),
        ));
      return unwrap(
        client.PUT('/api/v1/incidents/{incident}/assignee', {
          params: { path: { incident: id } },
          body: { account, ...(note ? { note } : {}) },
        }),
      );
    },
    onSuccess: (detail) => settled(detail ?? undefined),
  });
}
