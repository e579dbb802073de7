// What staff report without an account, the officers' queue of it, and warnings to agencies.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { useCaseSettled } from './incidents';
import type { NewReport, NewWarning, ReportStateName, Warning } from './incidentTypes';
import { keys } from './keys';
import { useMay } from './queries';

const minute = 60_000;

export function useReportForm() {
  return useQuery({
    queryKey: ['report-form'],
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/reports/form', { signal }), true),
    staleTime: 5 * minute,
  });
}

export function useSendReport() {
  return useMutation({
    mutationFn: (body: NewReport) => unwrap(client.POST('/api/v1/reports', { body }), true),
  });
}

export function useFollowReport() {
  return useMutation({
    mutationFn: ({ number, secret }: { number: string; secret: string }) =>
      unwrap(
        client.GET('/api/v1/reports/{number}', { params: { path: { number }, query: { secret } } }),
        true,
      ),
  });
}

export function useStaffReports(filter: { state?: string | undefined; agency?: string | undefined }) {
  return useInfiniteQuery({
    queryKey: keys.staffReports.of(filter),
    enabled: useMay('incident_read'),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/staff-reports', {
          params: {
            query: {
              agency: filter.agency,
              state: filter.state as ReportStateName | undefined,
              cursor: pageParam,
              limit: 100,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    // Whoever reports has no session and so no stream of theirs tells us.
    refetchInterval: minute,
  });
}

const at = (report: string) => ({ params: { path: { report } } });

export function useReceiveReport() {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (report: string) => unwrap(client.POST('/api/v1/staff-reports/{report}/receipt', at(report))),
    onSuccess: () => settled(),
  });
}

export function useCaseFromReport() {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: ({ report, title }: { report: string; title: string }) =>
      unwrap(client.POST('/api/v1/staff-reports/{report}/case', { ...at(report), body: { title } })),
    onSuccess: (detail) => settled(detail),
  });
}

export function useJoinReport() {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: ({ report, incident }: { report: string; incident: string }) =>
      unwrap(client.POST('/api/v1/staff-reports/{report}/join', { ...at(report), body: { incident } })),
    onSuccess: (detail) => settled(detail),
  });
}

export function useRefuseReport() {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: ({ report, reason }: { report: string; reason: string }) =>
      unwrap(client.POST('/api/v1/staff-reports/{report}/refusal', { ...at(report), body: { reason } })),
    onSuccess: () => settled(),
  });
}

export function useWarnings(filter: { open?: string | undefined } = {}) {
  return useQuery({
    queryKey: keys.warnings.of(filter),
    enabled: useMay('warning_read'),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/warnings', {
            params: { query: { open: filter.open as 'true' | 'false' | undefined } },
            signal,
          }),
        )
      ).items,
    refetchInterval: minute,
  });
}

export function useWarning(id: string) {
  return useQuery({
    queryKey: keys.warning(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/warnings/{warning}', { params: { path: { warning: id } }, signal })),
    refetchInterval: minute,
  });
}

function useWarningSettled() {
  const cache = useQueryClient();
  return (warning: Warning) => {
    cache.setQueryData(keys.warning(warning.id), warning);
    void cache.invalidateQueries({ queryKey: keys.warnings.all });
  };
}

export function useIssueWarning() {
  const settled = useWarningSettled();
  return useMutation({
    mutationFn: (body: NewWarning) => unwrap(client.POST('/api/v1/warnings', { body })),
    onSuccess: settled,
  });
}

export function useAnswerWarning(warning: string) {
  const settled = useWarningSettled();
  return useMutation({
    mutationFn: (body: { agency: string; act: 'read' | 'acted' | 'reported'; text?: string }) =>
      unwrap(client.POST('/api/v1/warnings/{warning}/answers', { params: { path: { warning } }, body })),
    onSuccess: settled,
  });
}
