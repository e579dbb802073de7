// Papers of cases and of the office: drafted, edited, issued, signed, delivered; files; certificates that people sign with.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { NewOfficePaper, OfficePaper, OfficePaperDetail } from './caseworkTypes';
import { ApiError, client, unwrap } from './client';
import { useCaseSettled } from './incidents';
import type { PaperDeliveryNote, PaperDetail } from './incidentTypes';
import { keys } from './keys';
import { useMay } from './queries';

// Which paper is meant: of a case, or of none.
export interface PaperPlace {
  incident: string | null;
  paper: string;
}
const inCase = (incident: string, paper: string) => ({ params: { path: { incident, paper } } });
const alone = (paper: string) => ({ params: { path: { paper } } });

const readPaper = (
  { incident, paper }: PaperPlace,
  signal: AbortSignal,
): Promise<PaperDetail | OfficePaperDetail> =>
  incident === null
    ? unwrap(client.GET('/api/v1/papers/{paper}', { ...alone(paper), signal }))
    : unwrap(
        client.GET('/api/v1/incidents/{incident}/papers/{paper}', { ...inCase(incident, paper), signal }),
      );

export function usePaper(place: PaperPlace) {
  return useQuery({
    queryKey: keys.paper.of(place.paper),
    queryFn: ({ signal }) => readPaper(place, signal),
  });
}

// The paper as it is now, for what must not rest on what this page read some time ago.
export function useFreshPaper(place: PaperPlace) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      cache.fetchQuery({
        queryKey: keys.paper.of(place.paper),
        queryFn: ({ signal }) => readPaper(place, signal),
        staleTime: 0,
      }),
  });
}

function usePaperSettled() {
  const cache = useQueryClient();
  const settled = useCaseSettled();
  return (paper: PaperDetail) => {
    cache.setQueryData(keys.paper.of(paper.id), paper);
    void cache.invalidateQueries({ queryKey: keys.officePapers.all });
    settled();
  };
}

export function useDraft(incident: string) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (body: { form: string; fields?: Record<string, unknown> }) =>
      unwrap(client.POST('/api/v1/incidents/{incident}/papers', { params: { path: { incident } }, body })),
    onSuccess: settled,
  });
}

export function useOfficePapers(filter: {
  kind?: OfficePaper['owner']['kind'] | undefined;
  agency?: string | undefined;
  about?: string | undefined;
}) {
  return useQuery({
    queryKey: keys.officePapers.of(filter),
    enabled: useMay('incident_read'),
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/papers', { params: { query: filter }, signal }))).items,
  });
}

export function useDraftOffice() {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (body: NewOfficePaper) => unwrap(client.POST('/api/v1/papers', { body })),
    onSuccess: settled,
  });
}

export function useEditPaper({ incident, paper }: PaperPlace) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (data: Record<string, unknown>): Promise<PaperDetail> =>
      incident === null
        ? unwrap(client.PUT('/api/v1/papers/{paper}', { ...alone(paper), body: { data } }))
        : unwrap(
            client.PUT('/api/v1/incidents/{incident}/papers/{paper}', {
              ...inCase(incident, paper),
              body: { data },
            }),
          ),
    onSuccess: settled,
  });
}

// `signers`: whom a place means whose name several accounts have, by the field that names them.
export function useIssuePaper({ incident, paper }: PaperPlace) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (signers: Record<string, string>): Promise<PaperDetail> => {
      const more: object = Object.keys(signers).length > 0 ? { body: { signers } } : {};
      return incident === null
        ? unwrap(client.POST('/api/v1/papers/{paper}/issue', { ...alone(paper), ...more }))
        : unwrap(
            client.POST('/api/v1/incidents/{incident}/papers/{paper}/issue', {
              ...inCase(incident, paper),
              ...more,
            }),
          );
    },
    onSuccess: settled,
  });
}

export function useSignedPaper({ incident, paper }: PaperPlace) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (content: string): Promise<PaperDetail> =>
      incident === null
        ? unwrap(client.POST('/api/v1/papers/{paper}/signed', { ...alone(paper), body: { content } }))
        : unwrap(
            client.POST('/api/v1/incidents/{incident}/papers/{paper}/signed', {
              ...inCase(incident, paper),
              body: { content },
            }),
          ),
    onSuccess: settled,
  });
}

export function useSealPaper({ incident, paper }: PaperPlace) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (): Promise<PaperDetail> =>
      incident === null
        ? unwrap(client.POST('/api/v1/papers/{paper}/seal', alone(paper)))
        : unwrap(client.POST('/api/v1/incidents/{incident}/papers/{paper}/seal', inCase(incident, paper))),
    onSuccess: settled,
  });
}

export function useDeliverPaper({ incident, paper }: PaperPlace) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (body: PaperDeliveryNote & { contact?: string }): Promise<PaperDetail> =>
      incident === null
        ? unwrap(client.POST('/api/v1/papers/{paper}/deliveries', { ...alone(paper), body }))
        : unwrap(
            client.POST('/api/v1/incidents/{incident}/papers/{paper}/deliveries', {
              ...inCase(incident, paper),
              body,
            }),
          ),
    onSuccess: settled,
  });
}

// A file of the hub as bytes; what it refuses is an ApiError as everywhere. `path` is made by the functions below; a file
// that is made out of a `body` changes nothing, but is asked for as what changes something is.
export async function bytesOf(path: string, body?: object, signal?: AbortSignal): Promise<Blob> {
  const request = new Request(new URL(path, location.origin), {
    credentials: 'same-origin',
    ...(signal ? { signal } : {}),
    ...(body
      ? {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Luy-Request': '1' },
          body: JSON.stringify(body),
        }
      : {}),
  });
  const answer = await fetch(request);
  if (answer.ok) return answer.blob();
  const said: unknown = await answer.json().catch(() => null);
  const error = (said as { error?: { code: string; vi: string; en: string } } | null)?.error;
  throw new ApiError(
    answer.status,
    error?.code ?? 'console.unreadable',
    error ?? { vi: answer.statusText, en: answer.statusText },
  );
}

export type PaperFile = 'pdf' | 'docx' | 'signed' | 'pdfa';
export const segment = encodeURIComponent;

export function useFiles() {
  return useMutation({
    mutationFn: async ({ path, name }: { path: string; name: string }) => ({
      blob: await bytesOf(path),
      name,
    }),
  });
}

// What the paper looks like now; another `version` is another look.
export function usePaperLook(place: PaperPlace, as: PaperFile, version: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.paperLook(place.paper, as, version),
    enabled,
    queryFn: () => bytesOf(paperPath(place, as)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}

export const paperPath = ({ incident, paper }: PaperPlace, as: PaperFile) =>
  incident === null
    ? `/api/v1/papers/${segment(paper)}/file?as=${as}`
    : `/api/v1/incidents/${segment(incident)}/papers/${segment(paper)}/file?as=${as}`;
export const attachmentPath = (incident: string, part: string) =>
  `/api/v1/incidents/${segment(incident)}/files/${segment(part)}`;
export const handoverPath = (incident: string, handover: string) =>
  `/api/v1/incidents/${segment(incident)}/handovers/${segment(handover)}/file`;
export const inboundPath = (inbound: string) => `/api/v1/inbound-warnings/${segment(inbound)}/file`;
export const photoPath = (report: string) => `/api/v1/staff-reports/${segment(report)}/photo`;

export function useSigners() {
  return useQuery({
    queryKey: keys.signers,
    enabled: useMay('account_read'),
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/signers', { signal }))).items,
  });
}

export function useAddSigner() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { account: string; certificate: string }) =>
      unwrap(client.POST('/api/v1/signers', { body })),
    onSuccess: () => {
      for (const queryKey of [keys.signers, keys.acts]) void cache.invalidateQueries({ queryKey });
    },
  });
}

export function useRemoveSigner() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (signer: string) =>
      unwrap(client.DELETE('/api/v1/signers/{signer}', { params: { path: { signer } } })),
    onSuccess: () => void cache.invalidateQueries({ queryKey: keys.signers }),
  });
}
