// What the evidence knows of a device, an account, an address or the like.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys, type TimeSpan } from './keys';
import type { Entity } from './types';

const minute = 60_000;

export function useEntity(type: Entity['type'], value: string, { from, until }: TimeSpan) {
  return useQuery({
    queryKey: keys.entity.of(type, value, { from, until }),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/entities/{type}/{value}', {
          params: { path: { type, value }, query: { from, until } },
          signal,
        }),
      ),
    staleTime: minute,
    placeholderData: keepPreviousData,
  });
}
