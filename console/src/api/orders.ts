// Orders to a machine's agent, and what became of them.
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
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

// Of several machines, those that name the case; the hub lists orders by machine only.
export function useOrdersOfCase(devices: readonly string[], number: string) {
  const may = useMay('device_read');
  return useQueries({
    queries: devices.map((device) => ordersOf(device, may)),
    combine: (results) => ({
      data: results.every((each) => each.data !== undefined)
        ? results
            .flatMap((each) => each.data ?? [])
            .filter((order) => order.case === number)
            .sort((a, b) => b.issued_at.localeCompare(a.issued_at))
        : undefined,
      error: results.find((each) => each.error)?.error ?? null,
      refetch: () => {
        for (const each of results) void each.refetch();
      },
    }),
  });
}

export function useIssueOrder() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ device, body }: { device: string; body: NewOrder }) =>
      unwrap(client.POST('/api/v1/devices/{device}/orders', { params: { path: { device } }, body })),
    onSuccess: (_, { device }) => {
      void cache.invalidateQueries({ queryKey: keys.orders.of(device) });
      void cache.invalidateQueries({ queryKey: keys.acts });
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
    onSettled: (_, __, { device }) => void cache.invalidateQueries({ queryKey: keys.orders.of(device) }),
  });
}
