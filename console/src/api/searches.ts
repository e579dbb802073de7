// Saved searches: one's own and those that colleagues share, with an alert where more records come than expected.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { NewSearch, SavedSearch, SearchTrial } from './generated';
import { keys } from './keys';

export type { NewSearch, SavedSearch, SearchAlert, SearchPreview } from './generated';

// Alerts are weighed by the minute; the finding itself comes over the stream.
const often = 60_000;

export function useSearches() {
  return useQuery({
    queryKey: keys.searches,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/searches', { signal }))).items,
    refetchInterval: often,
  });
}

export function useSaveSearch(old: Pick<SavedSearch, 'id' | 'version'> | null) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSearch) =>
      old
        ? unwrap(
            client.PUT('/api/v1/searches/{search}', {
              params: { path: { search: old.id } },
              body: { ...body, version: old.version },
            }),
          )
        : unwrap(client.POST('/api/v1/searches', { body })),
    // Somebody else changed it: what stands there now is read, and the sentence says so.
    onSettled: () => cache.invalidateQueries({ queryKey: keys.searches }),
  });
}

export function useRemoveSearch() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (search: string) =>
      unwrap(client.DELETE('/api/v1/searches/{search}', { params: { path: { search } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.searches }),
  });
}

export function usePreviewSearch() {
  return useMutation({
    mutationFn: (body: SearchTrial) => unwrap(client.POST('/api/v1/searches/preview', { body })),
  });
}
