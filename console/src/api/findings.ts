// Findings and detection rules: reading them, and what people do about them.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { client, unwrap } from './client';
import { type FindingFilter, keys, type RuleFilter } from './keys';
import { useMay } from './queries';
import { stream } from './stream';
import type { FindingKind, FindingState, NewRuleException, RuleOrigin, Severity } from './types';

const minute = 60_000;
export const findingPageSize = 100;
export const rulePageSize = 200;

export function useFindings(filter: FindingFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: keys.findings.of(filter),
    enabled: useMay('finding_read') && enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/findings', {
          params: {
            query: {
              ...filter,
              q: filter.q || undefined,
              state: filter.state as FindingState | undefined,
              severity: filter.severity as Severity | undefined,
              kind: filter.kind as FindingKind | undefined,
              overdue: filter.overdue as 'true' | undefined,
              sort: filter.sort as 'last' | 'severity' | 'due' | undefined,
              cursor: pageParam,
              limit: findingPageSize,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    // The stream tells of every change; without it, the clock asks.
    refetchInterval: () => (stream.current() === 'open' ? false : minute),
  });
}

export function useFinding(id: string) {
  return useQuery({
    queryKey: keys.finding.of(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/findings/{finding}', { params: { path: { finding: id } }, signal })),
  });
}

export function useFindingEvents(id: string) {
  return useInfiniteQuery({
    queryKey: keys.findingEvents.of(id),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/findings/{finding}/events', {
          params: { path: { finding: id }, query: { cursor: pageParam, limit: findingPageSize } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
}

export function useSetFindingState() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { findings: string[]; state: FindingState; reason?: string }) =>
      unwrap(client.POST('/api/v1/findings/state', { body })),
    onSuccess: () => {
      for (const queryKey of [keys.findings.all, keys.finding.all, keys.verdicts.all])
        void cache.invalidateQueries({ queryKey });
    },
  });
}

export function useRules(filter: RuleFilter) {
  return useInfiniteQuery({
    queryKey: keys.rules.of(filter),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/rules', {
          params: {
            query: {
              ...filter,
              q: filter.q || undefined,
              origin: filter.origin as RuleOrigin | undefined,
              level: filter.level as Severity | undefined,
              enabled: filter.enabled as 'true' | 'false' | undefined,
              fed: filter.fed as 'never' | 'possible' | 'seen' | undefined,
              state: filter.state as 'refused' | undefined,
              cursor: pageParam,
              limit: rulePageSize,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export function useRule(id: string) {
  return useQuery({
    queryKey: keys.rule.of(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/rules/{rule}', { params: { path: { rule: id } }, signal })),
  });
}

function useRuleSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.rules.all, keys.rule.all, keys.attack, keys.acts])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useSwitchRule(id: string) {
  const settled = useRuleSettled();
  return useMutation({
    mutationFn: (body: { enabled: boolean; reason: string }) =>
      unwrap(client.PUT('/api/v1/rules/{rule}/enabled', { params: { path: { rule: id } }, body })),
    onSuccess: settled,
  });
}

export function useAddException(id: string) {
  const settled = useRuleSettled();
  return useMutation({
    mutationFn: (body: NewRuleException) =>
      unwrap(client.POST('/api/v1/rules/{rule}/exceptions', { params: { path: { rule: id } }, body })),
    onSuccess: settled,
  });
}

export function useRemoveException(id: string) {
  const settled = useRuleSettled();
  return useMutation({
    mutationFn: (exception: string) =>
      unwrap(
        client.DELETE('/api/v1/rules/{rule}/exceptions/{exception}', {
          params: { path: { rule: id, exception } },
        }),
      ),
    onSuccess: settled,
  });
}

export function useDeleteRule(id: string) {
  const settled = useRuleSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(client.DELETE('/api/v1/rules/{rule}', { params: { path: { rule: id }, query: { reason } } })),
    onSuccess: settled,
  });
}

export function useSaveRule() {
  const settled = useRuleSettled();
  return useMutation({
    mutationFn: (yaml: string) => unwrap(client.POST('/api/v1/rules', { body: { yaml } })),
    onSuccess: settled,
  });
}

export function useImportRules() {
  const settled = useRuleSettled();
  return useMutation({
    mutationFn: (body: { package: string; name: string; preview: boolean }) =>
      unwrap(client.POST('/api/v1/rules/import', { body })),
    onSuccess: (result) => {
      if (!result.preview) settled();
    },
  });
}

export function useAttack() {
  return useQuery({
    queryKey: keys.attack,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/attack', { signal }))).tactics,
    staleTime: 5 * minute,
  });
}
