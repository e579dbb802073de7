// Leavers and movers: the cases that see to it that nothing of theirs stays behind (article 7.3.b).
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { at, change, read } from './ask';
import type { MaybeNamed } from './controlTypes';
import { keys } from './keys';
import type { Listed, Named, Outcome } from './personTypes';
import { useMay } from './queries';
import type { LocalText } from './types';

const pageSize = 100;

export type LeaveKind = 'leave' | 'move';
export const leaveStates = ['planned', 'open', 'closed'] as const;
export type LeaveState = (typeof leaveStates)[number];

export interface LeaveItem {
  id: string | null; // Null in a preview.
  kind: string;
  title: LocalText;
  ref: string | null;
  system: string | null;
  state: 'open' | 'done' | 'waived';
  alive: boolean; // What the hub sees of it now.
  seen_at: string | null;
  seq: number | null;
  owner: MaybeNamed | null;
  done_at: string | null;
  done_by: MaybeNamed | null;
  how: string | null;
}

export interface Leave {
  id: string;
  number: string;
  person: Named;
  kind: LeaveKind;
  agency: Named;
  to: Named | null;
  last_day: string;
  reason: string;
  state: LeaveState;
  overdue: boolean;
  opened_at: string;
  opened_by: MaybeNamed;
  ended_at: string | null; // When access to Lũy ended.
  closed_at: string | null;
  open_items: number;
  items: LeaveItem[];
  seq: number | null;
}

export interface LeaveList extends Listed<Leave> {
  counts: { planned: number; open: number; overdue: number; closed: number };
}

export interface NewLeave {
  person: string;
  kind: LeaveKind;
  to?: string;
  last_day: string;
  reason: string;
}

export interface LeaveFilter {
  agency?: string | undefined;
  state?: string | undefined;
  overdue?: string | undefined;
  q?: string | undefined;
}

export function useLeaves(filter: LeaveFilter) {
  return useInfiniteQuery({
    queryKey: keys.leaves.of(filter),
    enabled: useMay('leave_read'),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      read<LeaveList>('/leaves', { ...filter, cursor: pageParam, limit: pageSize }, signal),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useLeave(id: string) {
  return useQuery({
    queryKey: keys.leave.of(id),
    queryFn: ({ signal }) => read<Leave>(at`/leaves/${id}`, {}, signal),
  });
}

export function useLeavePreview(person: string | undefined, kind: LeaveKind) {
  return useQuery({
    queryKey: [...keys.leavePreview(person ?? ''), kind],
    enabled: Boolean(person),
    queryFn: ({ signal }) =>
      read<{ items: LeaveItem[]; warnings: LocalText[] }>('/leaves/preview', { person, kind }, signal),
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
    mutationFn: (body: NewLeave) => change<Leave>('POST', '/leaves', body),
    onSuccess: settled,
  });
}

export function useAddLeaveItem(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: (body: {
      kind: 'other_account' | 'device';
      title: string;
      system?: string;
      owner?: string;
    }) => change<Leave>('POST', at`/leaves/${leave}/items`, body),
    onSuccess: settled,
  });
}

export function useFinishLeaveItem(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: ({ item, how }: { item: string; how: string }) =>
      change<Leave>('POST', at`/leaves/${leave}/items/${item}/done`, { how }),
    onSuccess: settled,
  });
}

export function useTransferLeaveItem(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: ({ item, ...body }: { item: string; to: string; how: string }) =>
      change<Leave>('POST', at`/leaves/${leave}/items/${item}/transfer`, body),
    onSuccess: settled,
  });
}

export function useWaiveLeaveItem(leave: string) {
  const cache = useQueryClient();
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: ({ item, reason }: { item: string; reason: string }) =>
      change<Outcome>('POST', at`/leaves/${leave}/items/${item}/waive`, { reason }),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: keys.leave.of(leave) });
      settled();
    },
  });
}

export function useCloseLeave(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: () => change<Leave>('POST', at`/leaves/${leave}/close`),
    onSuccess: settled,
  });
}

export function useWithdrawLeave(leave: string) {
  const settled = useLeavesSettled();
  return useMutation({
    mutationFn: (reason: string) => change('DELETE', at`/leaves/${leave}`, { reason }),
    onSuccess: () => settled(),
  });
}
