// Where people sign in from beside Lũy's own accounts: directories (LDAP, Active Directory) and sign-in portals (OpenID
// Connect); setting them up, trying them, taking people over from a directory, and whose identity is whose.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client, unwrap } from './client';
import type {
  IdentityList,
  LdapSource,
  NewIdentity,
  NewSource,
  OidcBegin,
  SignInSourceList,
  SyncApply,
  SyncDoes,
  SyncPreview,
} from './generated';
import { keys } from './keys';
import { useMay } from './queries';

const minute = 60_000;

export type {
  LdapSource as LdapSettings,
  NewSource as SourceFields,
  OidcSource as OidcSettings,
  Source,
  SourceKind,
  SourceTest as Trial,
  SyncDoes as SyncAct,
  SyncPreview,
} from './generated';
export type LdapKey = LdapSource['key'];
// What the sign-in page may know.
export type Door = SignInSourceList['items'][number];
export type SyncItem = SyncPreview['items'][number];
export type Identity = IdentityList['items'][number];

export const syncActs = [
  'create',
  'change',
  'link',
  'leave',
  'refuse',
  'nothing',
] as const satisfies SyncDoes[];

export function useDoors() {
  return useQuery({
    queryKey: keys.doors,
    queryFn: async ({ signal }) =>
      (await unwrap(client.GET('/api/v1/sign-in/sources', { signal }), true)).items,
    staleTime: minute,
    retry: false,
  });
}

// Where to go on to; the portal then leads back here.
export function useGoToPortal() {
  return useMutation({
    mutationFn: (body: OidcBegin) => unwrap(client.POST('/api/v1/session/oidc', { body }), true),
  });
}

export function useSources() {
  return useQuery({
    queryKey: keys.sources,
    queryFn: async ({ signal }) => (await unwrap(client.GET('/api/v1/sources', { signal }))).items,
    enabled: useMay('source_manage'),
  });
}

function useSettled() {
  const cache = useQueryClient();
  return () => {
    for (const queryKey of [
      keys.sources,
      keys.doors,
      keys.acts,
      keys.accounts,
      keys.persons.all,
      keys.identities.all,
    ])
      void cache.invalidateQueries({ queryKey });
  };
}

export function useKeepSource(id: string | null) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewSource) =>
      id === null
        ? unwrap(client.POST('/api/v1/sources', { body }))
        : unwrap(client.PUT('/api/v1/sources/{source}', { params: { path: { source: id } }, body })),
    onSuccess: settled,
  });
}

export function useRemoveSource(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: () => unwrap(client.DELETE('/api/v1/sources/{source}', { params: { path: { source: id } } })),
    onSuccess: settled,
  });
}

export function useTrySource(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/sources/{source}/test', { params: { path: { source: id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.sources }),
  });
}

export function usePreviewSync(id: string) {
  return useMutation({
    mutationFn: () =>
      unwrap(client.POST('/api/v1/sources/{source}/preview', { params: { path: { source: id } } })),
  });
}

export function useApplySync(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: SyncApply) =>
      unwrap(client.POST('/api/v1/sources/{source}/apply', { params: { path: { source: id } }, body })),
    onSuccess: settled,
  });
}

export function useIdentities(account: string) {
  return useQuery({
    queryKey: keys.identities.of(account),
    queryFn: async ({ signal }) =>
      (
        await unwrap(
          client.GET('/api/v1/accounts/{account}/identities', { params: { path: { account } }, signal }),
        )
      ).items,
    enabled: useMay('account_read') && account !== '',
  });
}

export function useAddIdentity(account: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: NewIdentity) =>
      unwrap(client.POST('/api/v1/accounts/{account}/identities', { params: { path: { account } }, body })),
    onSuccess: settled,
  });
}

export function useRemoveIdentity(account: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (source: string) =>
      unwrap(
        client.DELETE('/api/v1/accounts/{account}/identities/{source}', {
          params: { path: { account, source } },
        }),
      ),
    onSuccess: settled,
  });
}
