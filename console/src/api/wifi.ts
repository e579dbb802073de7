// Wireless networks in the air, beside those of the register.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { AirMark } from './generated';
import { keys } from './keys';

export type { AirMark, AirNetwork } from './generated';

export function useAir() {
  return useQuery({
    queryKey: keys.air,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/wifi/seen', { signal })),
  });
}

export function useMarkAir() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: AirMark) => unwrap(client.POST('/api/v1/wifi/seen', { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.air }),
  });
}
