// Warnings that came from outside: registered with their file, their indicators taken in, passed on, answered.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { InboundState, InboundWarning, NewInboundWarning } from './caseworkTypes';
import { client, unwrap } from './client';
import type { NewWarning } from './incidentTypes';
import { keys } from './keys';
import { useMay } from './queries';

const minute = 60_000;
const at = (inbound: string) => ({ params: { path: { inbound } } });

export function useInboundWarnings(filter: { state?: InboundState | undefined; q?: string | undefined }) {
  return useQuery({
    queryKey: keys.inbound.of(filter),
    enabled: useMay('warning_read'),
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/inbound-warnings', { params: { query: filter }, signal })),
    refetchInterval: minute,
  });
}

export function useInboundWarning(id: string) {
  return useQuery({
    queryKey: keys.inboundOne(id),
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/inbound-warnings/{inbound}', { ...at(id), signal })),
  });
}

function useInboundSettled() {
  const cache = useQueryClient();
  return (warning: InboundWarning) => {
    cache.setQueryData(keys.inboundOne(warning.id), warning);
    for (const queryKey of [keys.inbound.all, keys.warnings.all, keys.indicatorLists])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useRegisterInbound() {
  const settled = useInboundSettled();
  return useMutation({
    mutationFn: (body: NewInboundWarning) => unwrap(client.POST('/api/v1/inbound-warnings', { body })),
    onSuccess: settled,
  });
}

export function useFindIndicators(id: string) {
  return useMutation({
    mutationFn: (text: string) =>
      unwrap(
        client.POST('/api/v1/inbound-warnings/{inbound}/indicators/preview', { ...at(id), body: { text } }),
      ),
  });
}

export function useTakeIndicators(id: string) {
  const settled = useInboundSettled();
  return useMutation({
    mutationFn: (body: { text: string; name?: string }) =>
      unwrap(client.POST('/api/v1/inbound-warnings/{inbound}/indicators', { ...at(id), body })),
    onSuccess: settled,
  });
}

export function usePassOn(id: string) {
  const settled = useInboundSettled();
  return useMutation({
    mutationFn: (body: NewWarning) =>
      unwrap(client.POST('/api/v1/inbound-warnings/{inbound}/warning', { ...at(id), body })),
    onSuccess: settled,
  });
}

export function useAnswerInbound(id: string) {
  const settled = useInboundSettled();
  return useMutation({
    mutationFn: (body: { state: 'handled' | 'no_action'; answer: string }) =>
      unwrap(client.POST('/api/v1/inbound-warnings/{inbound}/answer', { ...at(id), body })),
    onSuccess: settled,
  });
}
