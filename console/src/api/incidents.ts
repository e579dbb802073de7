// Cases: what the pack says of them, reading them, and everything that people do in them.
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { NewHandover } from './caseworkTypes';
import { client, unwrap } from './client';
import type {
  ConflictAct,
  IncidentClassificationChange,
  IncidentDetail,
  IncidentMove,
  NewIncident,
  NewIncidentPart,
} from './incidentTypes';
import { type IncidentFilter, keys } from './keys';
import { useMay } from './queries';
import { stream } from './stream';

const minute = 60_000;
export const incidentPageSize = 100;
// The stream tells of every change; without it, the clock asks.
const untold = () => (stream.current() === 'open' ? false : minute);

export function useProcess() {
  return useQuery({
    queryKey: keys.incidentProcess,
    enabled: useMay('incident_read'),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/incident-process', { signal })),
    staleTime: 10 * minute,
  });
}

export function useIncidents(filter: IncidentFilter, enabled = true) {
  return useInfiniteQuery({
    queryKey: keys.incidents.of(filter),
    enabled: useMay('incident_read') && enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/v1/incidents', {
          params: {
            query: {
              agency: filter.agency,
              state: filter.state,
              q: filter.q || undefined,
              open: filter.open as 'true' | 'false' | undefined,
              overdue: filter.overdue as 'true' | undefined,
              cursor: pageParam,
              limit: incidentPageSize,
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: untold,
  });
}

export function useIncident(id: string) {
  return useQuery({
    queryKey: keys.incident.of(id),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/incidents/{incident}', { params: { path: { incident: id } }, signal })),
    refetchInterval: untold,
  });
}

// The papers of cases stand in the cases alone: so many open ones are read for the first page, the most urgent first.
const casesRead = 10;

export function useOpenCasesWithPapers(): IncidentDetail[] {
  const open = useIncidents({ open: 'true' });
  const first = (open.data?.pages[0]?.items ?? []).slice(0, casesRead);
  return useQueries({
    queries: first.map(({ id }) => ({
      queryKey: keys.incident.of(id),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        unwrap(client.GET('/api/v1/incidents/{incident}', { params: { path: { incident: id } }, signal })),
      staleTime: minute,
    })),
    combine: (read) => read.flatMap((each) => each.data ?? []),
  });
}

export function useReminders() {
  return useQuery({
    queryKey: keys.reminders,
    enabled: useMay('incident_read'),
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/incident-reminders', { signal }))).items,
    // Reminders come up by the clock, not by what people do.
    refetchInterval: minute,
  });
}

export function useHolds() {
  return useQuery({
    queryKey: keys.holds,
    enabled: useMay('incident_read'),
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/holds', { signal }))).items,
    refetchInterval: untold,
  });
}

export function useMeasures(span: { from: string; to: string; agency?: string | undefined }) {
  return useQuery({
    queryKey: keys.measures(span),
    enabled: Boolean(span.from && span.to && span.from <= span.to),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/incident-measures', { params: { query: span }, signal })),
    placeholderData: keepPreviousData,
  });
}

// Puts what an act gave back in place of the case, and lets everything that counts cases be read again.
export function useCaseSettled() {
  const cache = useQueryClient();
  return (detail?: IncidentDetail) => {
    if (detail) cache.setQueryData(keys.incident.of(detail.id), detail);
    else void cache.invalidateQueries({ queryKey: keys.incident.all });
    for (const queryKey of [
      keys.incidents.all,
      keys.reminders,
      keys.holds,
      keys.staffReports.all,
      keys.town.all,
      keys.findings.all,
    ])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useOpenIncident() {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: NewIncident) => unwrap(client.POST('/api/v1/incidents', { body })),
    onSuccess: (detail) => settled(detail),
  });
}

const at = (incident: string) => ({ params: { path: { incident } } });

export function useMove(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: IncidentMove) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/moves', { ...at(id), body })),
    onSuccess: (detail) => settled(detail),
  });
}

export function useClassify(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: IncidentClassificationChange) =>
      unwrap(client.PUT('/api/v1/incidents/{incident}/classification', { ...at(id), body })),
    onSuccess: (detail) => settled(detail),
  });
}

export function useJoinFindings() {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: ({ incident, findings }: { incident: string; findings: string[] }) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/findings', { ...at(incident), body: { findings } })),
    onSuccess: (detail) => settled(detail),
  });
}

export function useMark(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: { moment: 'notified' | 'breach_notified'; at: string; how: string }) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/moments', { ...at(id), body })),
    onSuccess: (detail) => settled(detail),
  });
}

export function useNote(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (text: string) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/notes', { ...at(id), body: { text } })),
    onSuccess: (detail) => settled(detail),
  });
}

export function useAddPart(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: NewIncidentPart) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/parts', { ...at(id), body })),
    onSuccess: () => settled(),
  });
}

export function useChangePart(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: ({ part, changes }: { part: string; changes: Record<string, unknown> }) =>
      unwrap(
        client.PATCH('/api/v1/incidents/{incident}/parts/{part}', {
          params: { path: { incident: id, part } },
          body: { changes },
        }),
      ),
    onSuccess: () => settled(),
  });
}

export function useReleaseHold(id: string) {
  const settled = useCaseSettled();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ part, reason }: { part: string; reason: string }) =>
      unwrap(
        client.POST('/api/v1/incidents/{incident}/parts/{part}/release', {
          params: { path: { incident: id, part } },
          body: { reason },
        }),
      ),
    onSuccess: () => {
      settled();
      void cache.invalidateQueries({ queryKey: keys.acts });
    },
  });
}

export function useAddFile(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: { name: string; content: string }) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/files', { ...at(id), body })),
    onSuccess: () => settled(),
  });
}

export function useConflict(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: ConflictAct) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/conflict', { ...at(id), body })),
    onSuccess: (detail) => settled(detail),
  });
}

// From the register, or by name alone; while nothing is decided in step 1.
export function useSetSystem(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: { system_id: string | null; system?: string }) =>
      unwrap(client.PUT('/api/v1/incidents/{incident}/system', { ...at(id), body })),
    onSuccess: (detail) => settled(detail),
  });
}

export function useMakeHandover(id: string) {
  const settled = useCaseSettled();
  return useMutation({
    mutationFn: (body: NewHandover) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/handovers', { ...at(id), body })),
    onSuccess: () => settled(),
  });
}
