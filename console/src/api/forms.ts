// Forms of official papers: the pack's, and what the town made of them, version by version.
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import { bytesOf, segment } from './papers';
import { useMay } from './queries';

export function useForms() {
  return useQuery({
    queryKey: keys.forms,
    enabled: useMay('incident_read'),
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/forms', { signal }))).items,
  });
}

export function useForm(form: string, version?: number, enabled = true) {
  return useQuery({
    queryKey: keys.form.of(form, version),
    enabled,
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/forms/{form}', {
          params: { path: { form }, query: version === undefined ? {} : { version } },
          signal,
        }),
      ),
  });
}

// What the text prints; a text with faults is an ApiError that names the line.
export function useFormLook(form: string, yaml: string) {
  return useQuery({
    queryKey: keys.formLook(form, yaml),
    enabled: yaml !== '',
    queryFn: ({ signal }) => bytesOf(`/api/v1/forms/${segment(form)}/preview`, { yaml, as: 'pdf' }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    placeholderData: keepPreviousData,
  });
}

function useFormSettled(form: string) {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: keys.form.all(form) });
    void cache.invalidateQueries({ queryKey: keys.forms });
    // Fields of papers begun from now on are those of the new version.
    void cache.invalidateQueries({ queryKey: keys.incidentProcess });
  };
}

export function useSaveForm(form: string) {
  const settled = useFormSettled(form);
  return useMutation({
    mutationFn: (body: { yaml: string; reason: string; version: number }) =>
      unwrap(client.PUT('/api/v1/forms/{form}', { params: { path: { form } }, body })),
    onSuccess: settled,
  });
}

export function useResetForm(form: string) {
  const settled = useFormSettled(form);
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(client.POST('/api/v1/forms/{form}/reset', { params: { path: { form } }, body: { reason } })),
    onSuccess: settled,
  });
}
