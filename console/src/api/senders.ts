// Who sends records without an agent: those that wait to be known, those that are, and tokens for programs.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { Sender as Listed, NewSenderToken, SenderPlace } from './generated';
import { keys } from './keys';

export type { NewSenderToken, SenderPlace, SenderToken } from './generated';
export type Sender = Listed;
export type SenderState = Sender['state'];
export const senderStates = ['waiting', 'approved', 'refused'] as const satisfies readonly SenderState[];
export const senderKinds = ['address', 'certificate', 'token'] as const satisfies readonly Sender['kind'][];

// Nothing on the stream tells of a sender.
const often = 10_000;

export function useSenders() {
  return useQuery({
    queryKey: keys.senders,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/senders', { params: { query: {} }, signal }))).senders,
    refetchInterval: often,
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [keys.senders, keys.devices.all, keys.events.all])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useApproveSender(sender: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: SenderPlace) =>
      unwrap(client.POST('/api/v1/senders/{sender}/approval', { params: { path: { sender } }, body })),
    onSuccess: settled,
  });
}

export function useRefuseSender(sender: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (reason: string) =>
      unwrap(
        client.POST('/api/v1/senders/{sender}/refusal', { params: { path: { sender } }, body: { reason } }),
      ),
    onSuccess: settled,
  });
}

export function useRemoveSender(sender: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/senders/{sender}', { params: { path: { sender } } })),
    onSuccess: settled,
  });
}

export function useIssueSenderToken() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewSenderToken) => unwrap(client.POST('/api/v1/senders', { body })),
    onSuccess: settled,
  });
}
