// Unknown machines on the agencies' networks.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { DecideStrangers, Line, LineNotice, NewLine, NewSubnet, Subnet } from './generated';
import { keys } from './keys';

export type { DecideStrangers, Stranger, StrangerKind, StrangerList } from './generated';

export const strangerKinds = ['network_device', 'printer', 'phone', 'guest', 'to_enrol', 'foreign'] as const;

export function useStrangers(agency: string | undefined) {
  return useQuery({
    queryKey: keys.strangers.of({ agency }),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/network/strangers', { signal, params: { query: { agency } } })),
  });
}

// One call for each agency: what is said is recorded there.
export function useDecideStrangers() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (bodies: DecideStrangers[]) => {
      for (const body of bodies) await unwrap(client.POST('/api/v1/network/strangers', { body }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.strangers.all }),
  });
}

export type { Line, LineKind, NetworkDrift, NewLine, Subnet } from './generated';

export const lineKinds = ['internet', 'dedicated', 'other'] as const;

export function usePlan(agency: string | undefined) {
  return useQuery({
    queryKey: keys.plan.of({ agency }),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/network/plan', { signal, params: { query: { agency } } })),
  });
}

export function useLines(agency: string | undefined) {
  return useQuery({
    queryKey: keys.lines.of({ agency }),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/network/lines', { signal, params: { query: { agency } } })),
  });
}

// What changes a plan may ask for another notice of the links, hence both.
function useSettled() {
  const cache = useQueryClient();
  return () =>
    Promise.all([
      cache.invalidateQueries({ queryKey: keys.plan.all }),
      cache.invalidateQueries({ queryKey: keys.lines.all }),
    ]);
}

export function useSaveSubnet(subnet: Subnet | null) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: ({ agency, ...body }: NewSubnet) =>
      subnet
        ? unwrap(
            client.PUT('/api/v1/network/plan/{subnet}', {
              params: { path: { subnet: subnet.id } },
              body: { ...body, version: subnet.version },
            }),
          )
        : unwrap(client.POST('/api/v1/network/plan', { body: { ...body, agency } })),
    onSuccess,
  });
}

export function useRemoveSubnet(subnet: string) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/network/plan/{subnet}/removal', {
          params: { path: { subnet } },
          body: { reason },
        }),
      ),
    onSuccess,
  });
}

export function useSaveLine(line: Line | null) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: ({ agency, ...body }: NewLine) =>
      line
        ? unwrap(
            client.PUT('/api/v1/network/lines/{line}', {
              params: { path: { line: line.id } },
              body: { ...body, version: line.version },
            }),
          )
        : unwrap(client.POST('/api/v1/network/lines', { body: { ...body, agency } })),
    onSuccess,
  });
}

export function useEndLine(line: string) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/network/lines/{line}/end', { params: { path: { line } }, body: { reason } }),
      ),
    onSuccess,
  });
}

export function useRecordNotice(line: string) {
  const onSuccess = useSettled();
  return useMutation({
    mutationFn: (body: LineNotice) =>
      unwrap(client.POST('/api/v1/network/lines/{line}/notice', { params: { path: { line } }, body })),
    onSuccess,
  });
}

export const noticePaper = (line: string) => `/api/v1/network/lines/${encodeURIComponent(line)}/notice`;
