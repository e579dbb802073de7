// What the evidence knows of a device, an account, an address or the like, and who talked to whom.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys, type LinkFilter, type TimeSpan } from './keys';
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

export const linkRowsMax = 500;

export function useLinks(filter: LinkFilter) {
  return useQuery({
    queryKey: keys.links(filter),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/links', { params: { query: { ...filter, limit: linkRowsMax } }, signal })),
    staleTime: minute,
    placeholderData: keepPreviousData,
  });
}
