// Leavers and movers: the cases that see to it that nothing of theirs stays behind (article 7.3.b).
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { Leave, LeaveKind, LeaveState, NewLeave, NewLeaveItem } from './generated';
import { keys } from './keys';
import { useMay } from './queries';

const pageSize = 100;

export const leaveStates = ['planned', 'open', 'closed'] as const satisfies LeaveState[];

export type { Leave, LeaveItem, LeaveKind, LeaveList, LeaveState, NewLeave, NewLeaveItem } from './generated';

export interface LeaveFilter {
  agency?: string | undefined;
  state?: LeaveState | undefined;
  overdue?: 'true' | undefined;
  q?: string | undefined;
}

export function useLeaves(filter: LeaveFilter) {
  return useInfiniteQuery({
    queryKey: keys.leaves.of(filter),
    enabled: useMay('leave_read'),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/leaves', {
          params: { query: { ...filter, cursor: pageParam, limit: pageSize } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useLeave(id: string) {
  return useQuery({
    queryKey: keys.leave.of(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/leaves/{leave}', { params: { path: { leave: id } }, signal })),
  });
}

export function useLeavePreview(person: string | undefined, kind: LeaveKind) {
  return useQuery({
    queryKey: [...keys.leavePreview(person ?? ''), kind],
    enabled: Boolean(person),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/leaves/preview', { params: { query: { person: person ?? '', kind } }, signal }),
      ),
  });
}

function useLeavesSettled() {
  const cache = useQueryClient();
  return (leave?: Leave) => {
    if (leave) cache.setQueryData(keys.leave.of(leave.id), leave);
    const old = [keys.leaves.all, keys.persons.all, keys.person.all, keys.accounts, keys.deviceAccounts.all];
    for (const queryKey of [...old, keys.acts, keys.verdicts.all, keys.overview, keys.me])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useOpenLeave() {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: (body: NewLeave) => unwrap(client.POST('/api/v1/leaves', { body })),
    onSuccess: settled,
  });
}

export function useAddLeaveItem(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: (body: NewLeaveItem) =>
      unwrap(client.POST('/api/v1/leaves/{leave}/items', { params: { path: { leave } }, body })),
    onSuccess: settled,
  });
}

export function useFinishLeaveItem(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: ({ item, how }: { item: string; how: string }) =>
      unwrap(
        client.POST('/api/v1/leaves/{leave}/items/{item}/done', {
          params: { path: { leave, item } },
          body: { how },
        }),
      ),
    onSuccess: settled,
  });
}

export function useTransferLeaveItem(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: ({ item, ...body }: { item: string; to: string; how: string }) =>
      unwrap(
        client.POST('/api/v1/leaves/{leave}/items/{item}/transfer', {
          params: { path: { leave, item } },
          body,
        }),
      ),
    onSuccess: settled,
  });
}

export function useWaiveLeaveItem(leave: string) {
  const cache = useQueryClient();
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: ({ item, reason }: { item: string; reason: string }) =>
      unwrap(
        client.POST('/api/v1/leaves/{leave}/items/{item}/waive', {
          params: { path: { leave, item } },
          body: { reason },
        }),
      ),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: keys.leave.of(leave) });
      settled();
    },
  });
}

export function useCloseLeave(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/leaves/{leave}/close', { params: { path: { leave } } })),
    onSuccess: settled,
  });
}

export function useWithdrawLeave(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(client.DELETE('/api/v1/leaves/{leave}', { params: { path: { leave } }, body: { reason } })),
    onSuccess: () => settled(),
  });
}
