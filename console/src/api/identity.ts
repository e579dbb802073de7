// One's own sessions and second factors: reading and changing them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type { PasskeyOffer, SignIn } from './generated';
import { keys } from './keys';
import type { PasskeyAnswer, PasskeyMade } from './passkey';
import type { Session } from './types';

// Signing in gives a new session: nothing read before it stays in memory.
function useStart() {
  const cache = useQueryClient();
  return (session: Session) => {
    cache.clear();
    cache.setQueryData(keys.session, session);
  };
}

export type { PasskeyOffer, SignIn as SignInBody } from './generated';

export function useSignIn() {
  const start = useStart();
  return useMutation({
    mutationFn: (body: SignIn) => unwrap(client.POST('/api/v1/session', { body }), true),
    onSuccess: start,
  });
}

// The second factor of whoever came back from a portal.
export function useSignInWithPortalCode() {
  const start = useStart();
  return useMutation({
    mutationFn: (code: string) => unwrap(client.POST('/api/v1/session/oidc/code', { body: { code } }), true),
    onSuccess: start,
  });
}

export function useSignInWithPasskey() {
  const start = useStart();
  return useMutation({
    mutationFn: async (body: {
      ask: (challenge: string, site: string) => Promise<PasskeyAnswer>;
      public_place: boolean;
    }) => {
      const offer = await unwrap(client.POST('/api/v1/session/passkey/challenge'), true);
      const answer = await body.ask(offer.challenge, offer.rp_id);
      return unwrap(
        client.POST('/api/v1/session/passkey', { body: { ...answer, public_place: body.public_place } }),
        true,
      );
    },
    onSuccess: start,
  });
}

export function useSessions() {
  return useQuery({
    queryKey: keys.sessions,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/sessions', { signal }))).sessions,
  });
}

export function useEndSession() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (session: string) =>
      unwrap(client.DELETE('/api/v1/sessions/{session}', { params: { path: { session } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.sessions }),
  });
}

export function useFactors() {
  return useQuery({
    queryKey: keys.factors,
    queryFn: ({ signal }) => unwrap(client.GET('/api/v1/factors', { signal })),
  });
}

// What one may do changes with one's factors, but the page asks for it only when its person is done reading.
export function useFactorsChanged() {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: keys.factors });
    void cache.invalidateQueries({ queryKey: keys.sessions });
    return cache.invalidateQueries({ queryKey: keys.session });
  };
}

export function useOfferTotp() {
  return useMutation({
    mutationFn: (password: string) => unwrap(client.POST('/api/v1/factors/totp', { body: { password } })),
  });
}

export function useConfirmTotp() {
  return useMutation({
    mutationFn: (code: string) =>
      unwrap(client.POST('/api/v1/factors/totp/confirm', { body: { code } }), true),
  });
}

export function useRemoveTotp() {
  const changed = useFactorsChanged();
  return useMutation({
    mutationFn: (password: string) =>
      unwrap(client.POST('/api/v1/factors/totp/remove', { body: { password } })),
    onSuccess: changed,
  });
}

export function useRenewRecovery() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (password: string) => unwrap(client.POST('/api/v1/factors/recovery', { body: { password } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.factors }),
  });
}

export function useAddPasskey() {
  return useMutation({
    mutationFn: async (body: {
      password: string;
      name: string;
      make: (offer: PasskeyOffer) => Promise<PasskeyMade>;
    }) => {
      const offer = await unwrap(
        client.POST('/api/v1/factors/passkeys/challenge', { body: { password: body.password } }),
      );
      const made = await body.make(offer);
      return unwrap(
        client.POST('/api/v1/factors/passkeys', {
          body: { ...made, challenge: offer.challenge, name: body.name },
        }),
        true,
      );
    },
  });
}
export function useRemovePasskey() {
  const changed = useFactorsChanged();
  return useMutation({
    mutationFn: (body: { passkey: string; password: string }) =>
      unwrap(
        client.POST('/api/v1/factors/passkeys/{passkey}/remove', {
          params: { path: { passkey: body.passkey } },
          body: { password: body.password },
        }),
      ),
    onSuccess: changed,
  });
}
