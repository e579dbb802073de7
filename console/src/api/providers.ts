// Requests to telecom, IT and Internet companies: made and decided by the asking side, answered by the provider.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import { keys } from './keys';
import { useMay } from './queries';
import { stream } from './stream';
import type {
  NewProviderAnswer,
  NewProviderRequest,
  OwnProviderRequest,
  ProviderDecision,
  ProviderDelayWanted,
  ProviderLetter,
  ProviderRequest,
  ProviderRequestState,
} from './types';

const minute = 60_000;
const untold = () => (stream.current() === 'open' ? false : minute);

export interface RequestFilter {
  agency?: string | undefined;
  incident?: string | undefined;
  state?: ProviderRequestState | undefined;
  overdue?: 'true' | undefined;
}

export function useProviderRequests(filter: RequestFilter, enabled = true) {
  return useQuery({
    queryKey: keys.providerRequests.of(filter),
    enabled: useMay('incident_read') && enabled,
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/v1/provider-requests', { params: { query: filter }, signal })),
    refetchInterval: untold,
  });
}

export function useProviderRequest(id: string) {
  return useQuery({
    queryKey: keys.providerRequest.of(id),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/provider-requests/{request}', { params: { path: { request: id } }, signal }),
      ),
    refetchInterval: untold,
  });
}

// Whose answer a request of the agency may ask for here.
export function useProviders(agency: string) {
  return useQuery({
    queryKey: keys.providers(agency),
    enabled: useMay('provider_ask') && agency !== '',
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/provider-requests/providers', { params: { query: { agency } }, signal }),
        )
      ).items,
  });
}

function useSettled() {
  const cache = useQueryClient();
  return (made: ProviderRequest) => {
    cache.setQueryData(keys.providerRequest.of(made.id), made);
    void cache.invalidateQueries({ queryKey: keys.providerRequests.all });
  };
}

export function useAskProvider() {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewProviderRequest) => unwrap(client.POST('/api/v1/provider-requests', { body })),
    onSuccess: settled,
  });
}

export function useDecideRequest(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: ProviderDecision) =>
      unwrap(
        client.POST('/api/v1/provider-requests/{request}/decision', {
          params: { path: { request: id } },
          body,
        }),
      ),
    onSuccess: settled,
  });
}

export function useRecordLetter(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: ProviderLetter) =>
      unwrap(
        client.POST('/api/v1/provider-requests/{request}/letter', {
          params: { path: { request: id } },
          body,
        }),
      ),
    onSuccess: settled,
  });
}

export function useOwnRequests(enabled = true) {
  return useQuery({
    queryKey: keys.ownRequests,
    enabled: useMay('provider_answer') && enabled,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/me/provider-requests', { signal }))).items,
    refetchInterval: minute,
  });
}

export function useOwnRequest(id: string) {
  return useQuery({
    queryKey: keys.ownRequest(id),
    queryFn: ({ signal }) =>
      unwrap(
        client.GET('/api/v1/me/provider-requests/{request}', { params: { path: { request: id } }, signal }),
      ),
    refetchInterval: minute,
  });
}

function useOwnSettled() {
  const cache = useQueryClient();
  return (made: OwnProviderRequest) => {
    cache.setQueryData(keys.ownRequest(made.id), made);
    void cache.invalidateQueries({ queryKey: keys.ownRequests, exact: true });
  };
}

export function useNoteRequest(id: string) {
  const settled = useOwnSettled();
  return useMutation({
    mutationFn: () =>
      unwrap(
        client.POST('/api/v1/me/provider-requests/{request}/receipt', { params: { path: { request: id } } }),
      ),
    onSuccess: settled,
  });
}

export function useAskDelay(id: string) {
  const settled = useOwnSettled();
  return useMutation({
    mutationFn: (body: ProviderDelayWanted) =>
      unwrap(
        client.POST('/api/v1/me/provider-requests/{request}/delay', {
          params: { path: { request: id } },
          body,
        }),
      ),
    onSuccess: settled,
  });
}

export function useAnswerRequest(id: string) {
  const settled = useOwnSettled();
  return useMutation({
    mutationFn: (body: NewProviderAnswer) =>
      unwrap(
        client.POST('/api/v1/me/provider-requests/{request}/answer', {
          params: { path: { request: id } },
          body,
        }),
      ),
    onSuccess: settled,
  });
}
