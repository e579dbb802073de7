// Papers of cases: drafted, edited, issued, signed, delivered; files; certificates that people sign with.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, client, unwrap } from './client';
import { useCaseSettled } from './incidents';
import type { PaperDeliveryNote, PaperDetail } from './incidentTypes';
import { keys } from './keys';
import { useMay } from './queries';

const at = (incident: string, paper: string) => ({ params: { path: { incident, paper } } });

export function usePaper(incident: string, paper: string) {
  return useQuery({
    queryKey: keys.paper.of(paper),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/incidents/{incident}/papers/{paper}', { ...at(incident, paper), signal })),
  });
}

function usePaperSettled() {
  const cache = useQueryClient();
  const settled = useCaseSettled();
  return (paper: PaperDetail) => {
    cache.setQueryData(keys.paper.of(paper.id), paper);
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

export function useEditPaper(incident: string, paper: string) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (data: Record<string, unknown>) =>
      unwrap(
        client.PUT('/api/v1/incidents/{incident}/papers/{paper}', {
          ...at(incident, paper),
          body: { data },
        }),
      ),
    onSuccess: settled,
  });
}

export function useIssuePaper(incident: string, paper: string) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/incidents/{incident}/papers/{paper}/issue', at(incident, paper))),
    onSuccess: settled,
  });
}

export function useSignedPaper(incident: string, paper: string) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (content: string) =>
      unwrap(
        client.POST('/api/v1/incidents/{incident}/papers/{paper}/signed', {
          ...at(incident, paper),
          body: { content },
        }),
      ),
    onSuccess: settled,
  });
}

export function useSealPaper(incident: string, paper: string) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/incidents/{incident}/papers/{paper}/seal', at(incident, paper))),
    onSuccess: settled,
  });
}

export function useDeliverPaper(incident: string, paper: string) {
  const settled = usePaperSettled();
  return useMutation({
    mutationFn: (body: PaperDeliveryNote) =>
      unwrap(
        client.POST('/api/v1/incidents/{incident}/papers/{paper}/deliveries', {
          ...at(incident, paper),
          body,
        }),
      ),
    onSuccess: settled,
  });
}

// A file of the hub as bytes; what it refuses is an ApiError as everywhere. `path` is made by the functions below.
async function bytesOf(path: string): Promise<Blob> {
  const answer = await fetch(new Request(new URL(path, location.origin), { credentials: 'same-origin' }));
  if (answer.ok) return answer.blob();
  const body: unknown = await answer.json().catch(() => null);
  const error = (body as { error?: { code: string; vi: string; en: string } } | null)?.error;
  throw new ApiError(
    answer.status,
    error?.code ?? 'console.unreadable',
    error ?? { vi: answer.statusText, en: answer.statusText },
  );
}

export type PaperFile = 'pdf' | 'docx' | 'signed';
const segment = encodeURIComponent;

export function useFiles() {
  return useMutation({
    mutationFn: async ({ path, name }: { path: string; name: string }) => ({
      blob: await bytesOf(path),
      name,
    }),
  });
}

// What the paper looks like now; another `version` is another look.
export function usePaperLook(
  incident: string,
  paper: string,
  as: PaperFile,
  version: string,
  enabled: boolean,
) {
  return useQuery({
    queryKey: keys.paperLook(paper, as, version),
    enabled,
    queryFn: () => bytesOf(paperPath(incident, paper, as)),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    placeholderData: keepPreviousData,
  });
}

export const paperPath = (incident: string, paper: string, as: PaperFile) =>
  `/api/v1/incidents/${segment(incident)}/papers/${segment(paper)}/file?as=${as}`;
export const attachmentPath = (incident: string, part: string) =>
  `/api/v1/incidents/${segment(incident)}/files/${segment(part)}`;
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
    onSuccess: () => void cache.invalidateQueries({ queryKey: keys.signers }),
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
