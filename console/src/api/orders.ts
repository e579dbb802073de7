// Orders to a machine's agent, and what became of them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';
import { stream } from './stream';
import type { NewOrder } from './types';

const minute = 60_000;

function ordersOf(device: string, enabled: boolean) {
  return {
    queryKey: keys.orders.of(device),
    enabled,
    queryFn: async ({ signal }: { signal: AbortSignal }) =>
      (await unwrap(client.GET('/api/v1/devices/{device}/orders', { params: { path: { device } }, signal })))
        .orders,
    refetchInterval: () => (stream.current() === 'open' ? false : minute),
  } as const;
}

export function useOrders(device: string) {
  return useQuery(ordersOf(device, useMay('device_read')));
}

// All orders of a case, with the machines they went to.
export function useCaseOrders(incident: string) {
  return useQuery({
    queryKey: keys.caseOrders.of(incident),
    enabled: useMay('device_read'),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/incidents/{incident}/orders', { params: { path: { incident } }, signal }),
        )
      ).items,
    refetchInterval: () => (stream.current() === 'open' ? false : minute),
  });
}

export function useIssueOrder() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ device, body }: { device: string; body: NewOrder }) =>
      unwrap(client.POST('/api/v1/devices/{device}/orders', { params: { path: { device } }, body })),
    onSuccess: (_, { device }) => {
      for (const queryKey of [keys.orders.of(device), keys.caseOrders.all, keys.acts])
        void cache.invalidateQueries({ queryKey });
    },
  });
}

export function useCancelOrder() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ device, order }: { device: string; order: string }) =>
      unwrap(
        client.DELETE('/api/v1/devices/{device}/orders/{order}', { params: { path: { device, order } } }),
      ),
    // Also when it came too late: then the order's new state tells why.
    onSettled: (_, __, { device }) => {
      for (const queryKey of [keys.orders.of(device), keys.caseOrders.all])
        void cache.invalidateQueries({ queryKey });
    },
  });
}
