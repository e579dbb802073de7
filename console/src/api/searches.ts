// Saved searches: one's own and those that colleagues share, with an alert where more records come than expected.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { at, change, read } from './ask';
import { keys } from './keys';
import type { LocalText, Severity } from './types';

export interface SearchAlert {
  over: number; // One more than this is a finding.
  window_seconds: number;
  by: string | null; // A field: each of its values is counted by itself.
  severity: Severity;
}
export interface SavedSearch {
  id: string;
  name: string;
  query: string;
  agency: { id: string; name: string } | null; // null: every agency in which its owner may search.
  owner: { account: string; name: string };
  mine: boolean;
  shared: boolean;
  alert: SearchAlert | null;
  last_alert_at: string | null;
  next_seq: number;
  problem: LocalText | null; // Why it is not watched although it should be.
  version: number;
}
export interface NewSearch {
  name: string;
  query: string;
  agency: string | null;
  shared: boolean;
  alert: SearchAlert | null;
}
export interface SearchPreview {
  from: string;
  window_seconds: number;
  matches_per_window: number[];
  complete: boolean;
  damaged: number;
}

// Alerts are weighed by the minute; the finding itself comes over the stream.
const often = 60_000;

export function useSearches() {
  return useQuery({
    queryKey: keys.searches,
    queryFn: async ({ signal }) => (await read<{ items: SavedSearch[] }>('/searches', {}, signal)).items,
    refetchInterval: often,
  });
}

export function useSaveSearch(old: Pick<SavedSearch, 'id' | 'version'> | null) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSearch) =>
      old
        ? change<SavedSearch>('PUT', at`/searches/${old.id}`, { ...body, version: old.version })
        : change<SavedSearch>('POST', '/searches', body),
    // Somebody else changed it: what stands there now is read, and the sentence says so.
    onSettled: () => cache.invalidateQueries({ queryKey: keys.searches }),
  });
}

export function useRemoveSearch() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (search: string) => change('DELETE', at`/searches/${search}`),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.searches }),
  });
}

export function usePreviewSearch() {
  return useMutation({
    mutationFn: (body: { query: string; agency: string | null; alert: SearchAlert }) =>
      change<SearchPreview>('POST', '/searches/preview', body),
  });
}
