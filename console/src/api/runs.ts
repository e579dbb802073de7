// Rules run over evidence that is kept: on the bench, and as a hunt whose hits become findings.
import { useInfiniteQuery, useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import type { NewRuleRun, RuleRun } from './types';

// How often a run that goes on is asked how far it got.
const pollMilliseconds = 1_000;
const pageSize = 50;

export const goesOn = (run: Pick<RuleRun, 'state'>): boolean =>
  run.state === 'waiting' || run.state === 'running';

export function useRuns() {
  return useInfiniteQuery({
    queryKey: keys.runs,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/rule_runs', {
          params: { query: { cursor: pageParam, limit: pageSize } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: (query) =>
      query.state.data?.pages.some((page) => page.items.some(goesOn)) ? pollMilliseconds * 3 : false,
  });
}

export function useRun(id: string | undefined) {
  return useQuery({
    queryKey: keys.run(id ?? ''),
    enabled: Boolean(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/rule_runs/{run}', { params: { path: { run: id ?? '' } }, signal })),
    refetchInterval: (query) => (query.state.data && goesOn(query.state.data) ? pollMilliseconds : false),
  });
}

export function useStartRun() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewRuleRun) => unwrap(client.POST('/api/v1/rule_runs', { body })),
    onSuccess: (run) => {
      cache.setQueryData(keys.run(run.id), run);
      void cache.invalidateQueries({ queryKey: keys.runs });
    },
  });
}

export function useCancelRun(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/rule_runs/{run}/cancel', { params: { path: { run: id } } })),
    onSuccess: (run) => {
      cache.setQueryData(keys.run(id), run);
      void cache.invalidateQueries({ queryKey: keys.runs });
    },
  });
}

// The records that somebody marked, to see what they have in common.
export function useRecords(seqs: number[]) {
  return useQueries({
    queries: seqs.map((seq) => ({
      queryKey: keys.event(seq),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        unwrap(client.GET('/api/v1/events/{seq}', { params: { path: { seq } }, signal })),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
}
