// Who cosigns the evidence of this hub, and whose this hub cosigns.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { NewWitness, NewWitnessOrigin } from './custodyTypes';
import { keys } from './keys';

const often = 10_000; // They are asked every minute; what one has just added is answered sooner.

export function useWitnessing() {
  return useQuery({
    queryKey: keys.witnessing,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/witness', { signal })),
    refetchInterval: often,
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: keys.witnessing });
}

export function useAskWitnesses() {
  return useMutation({
    mutationFn: () => unwrap(client.POST('/api/v1/witness/ask')),
    onSuccess: useSettled(),
  });
}

export function useAddWitness() {
  return useMutation({
    mutationFn: (body: NewWitness) => unwrap(client.POST('/api/v1/witness/witnesses', { body })),
    onSuccess: useSettled(),
  });
}

export function useAddOrigin() {
  return useMutation({
    mutationFn: (body: NewWitnessOrigin) => unwrap(client.POST('/api/v1/witness/origins', { body })),
    onSuccess: useSettled(),
  });
}

export function useRemoveWitness() {
  return useMutation({
    mutationFn: (witness: string) =>
      unwrap(client.DELETE('/api/v1/witness/witnesses/{witness}', { params: { path: { witness } } })),
    onSuccess: useSettled(),
  });
}

export function useRemoveOrigin() {
  return useMutation({
    mutationFn: (origin: string) =>
      unwrap(client.DELETE('/api/v1/witness/origins/{origin}', { params: { path: { origin } } })),
    onSuccess: useSettled(),
  });
}

export function useSetTimeStamp() {
  return useMutation({
    mutationFn: (url: string | null) => unwrap(client.PUT('/api/v1/witness/time-stamp', { body: { url } })),
    onSuccess: useSettled(),
  });
}
