// Checkpoints of the evidence, the keys that signed them, and what joins one to another.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';

const pageSize = 50;
const often = 10_000; // A checkpoint is signed every ten seconds.
const keyDays = 400;

export function useCheckpoints() {
  return useInfiniteQuery({
    queryKey: keys.checkpoints,
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam, signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/evidence/checkpoints', {
            params: { query: { before: pageParam, limit: pageSize } },
            signal,
          }),
        )
      ).items,
    getNextPageParam: (page) => (page.length === pageSize ? page.at(-1)?.size : undefined),
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : often),
  });
}

export function useEvidenceKeys() {
  return useQuery({
    queryKey: keys.evidenceKeys,
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/evidence/keys', { params: { query: { limit: keyDays } }, signal })),
  });
}

// The newest note as it is stored, and the keys it is checked by: both fresh, for a comparison.
export async function readNewest() {
  const [page, known] = await Promise.all([
    unwrap(client.GET('/api/v1/evidence/checkpoints', { params: { query: { limit: 1 } } })),
    unwrap(client.GET('/api/v1/evidence/keys', { params: { query: { limit: keyDays } } })),
  ]);
  return { note: page.items[0]?.note ?? '', keys: known };
}

export const readConsistency = (old: number, now: number) =>
  unwrap(client.GET('/api/v1/evidence/consistency', { params: { query: { old, new: now } } }));

// The checkpoint that closed a day, by the size of the tree at its end; null where there is none of that size.
export function useClosing(size: number | null) {
  return useQuery({
    queryKey: keys.closing(size ?? 0),
    enabled: useMay('evidence_prove') && size !== null,
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(
        client.GET('/api/v1/evidence/checkpoints', {
          params: { query: { before: (size ?? 0) + 1, limit: 1 } },
          signal,
        }),
      );
      return items.find((each) => each.size === size) ?? null;
    },
  });
}
