// Where people sign in from beside Lũy's own accounts: directories (LDAP, Active Directory) and sign-in portals (OpenID
// Connect); setting them up, trying them, taking people over from a directory, and whose identity is whose.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { at, change, changeOpen, read, readOpen } from './ask';
import type { MaybeNamed } from './controlTypes';
import { keys } from './keys';
import type { Named, Outcome } from './personTypes';
import { useMay } from './queries';
import type { LocalText } from './types';

const minute = 60_000;

export type SourceKind = 'ldap' | 'oidc';
export type LdapKey = 'entryUUID' | 'objectGUID';

// What the sign-in page may know.
export interface Door {
  id: string;
  kind: SourceKind;
  name: string;
}

// Files are named, never their paths: they lie in one folder of the server.
export interface LdapSettings {
  urls: string[];
  start_tls?: boolean;
  base: string;
  filter: string;
  key: LdapKey;
  bind_dn: string;
  secret_file: string;
  ca_file: string;
  map: {
    username: string;
    name: string;
    mail?: string | null;
    position?: string | null;
    department?: string | null;
  };
}

export interface OidcSettings {
  issuer: string;
  client_id: string;
  scopes: string[];
  secret_file?: string | null; // None: a public client.
  ca_file?: string | null; // None: the authorities that the server believes.
  second_factor?: boolean;
}

export interface Source extends Door {
  enabled: boolean;
  agency: Named;
  ldap?: LdapSettings;
  oidc?: OidcSettings;
  created_at: string;
  last_sync: string | null;
  problem: LocalText | null;
}

export interface SourceFields {
  kind: SourceKind;
  name: string;
  enabled: boolean;
  agency: string;
  ldap?: LdapSettings;
  oidc?: OidcSettings;
}

export interface Trial {
  ok: boolean;
  steps: { name: string; ok: boolean; text: LocalText }[];
}

export const syncActs = ['create', 'change', 'link', 'leave', 'refuse', 'nothing'] as const;
export type SyncAct = (typeof syncActs)[number];

export interface SyncItem {
  subject: string;
  does: SyncAct;
  person: Named | null;
  name: string;
  username?: string;
  decides?: boolean; // Whether they decide for two.
  agency: MaybeNamed | null;
  text: LocalText;
}

export interface SyncPreview {
  id: string;
  items: SyncItem[];
  counts: Partial<Record<SyncAct, number>>;
  deciders: number; // How many of those who lose their account decide for two.
  takes_two?: boolean; // Whether all of it together waits for a second person.
}

export interface Identity {
  source: Named;
  subject: string;
  linked_at: string;
  last_used: string | null;
}

export function useDoors() {
  return useQuery({
    queryKey: keys.doors,
    queryFn: async ({ signal }) => (await readOpen<{ items: Door[] }>('/sign-in/sources', signal)).items,
    staleTime: minute,
    retry: false,
  });
}

// Where to go on to; the portal then leads back here.
export function useGoToPortal() {
  return useMutation({
    mutationFn: (body: { source: string; public_place: boolean }) =>
      changeOpen<{ location: string }>('POST', '/session/oidc', body),
  });
}

export function useSources() {
  return useQuery({
    queryKey: keys.sources,
    queryFn: async ({ signal }) => (await read<{ items: Source[] }>('/sources', {}, signal)).items,
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
    mutationFn: (body: SourceFields) =>
      id === null
        ? change<Outcome>('POST', '/sources', body)
        : change<Outcome>('PUT', at`/sources/${id}`, body),
    onSuccess: settled,
  });
}

export function useRemoveSource(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: () => change<Outcome>('DELETE', at`/sources/${id}`),
    onSuccess: settled,
  });
}

export function useTrySource(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => change<Trial>('POST', at`/sources/${id}/test`),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.sources }),
  });
}

export function usePreviewSync(id: string) {
  return useMutation({ mutationFn: () => change<SyncPreview>('POST', at`/sources/${id}/preview`) });
}

export function useApplySync(id: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: { preview: string; skip: string[] }) =>
      change<Outcome>('POST', at`/sources/${id}/apply`, body),
    onSuccess: settled,
  });
}

export function useIdentities(account: string) {
  return useQuery({
    queryKey: keys.identities.of(account),
    queryFn: async ({ signal }) =>
      (await read<{ items: Identity[] }>(at`/accounts/${account}/identities`, {}, signal)).items,
    enabled: useMay('account_read') && account !== '',
  });
}

export function useAddIdentity(account: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (body: { source: string; subject: string }) =>
      change<Outcome>('POST', at`/accounts/${account}/identities`, body),
    onSuccess: settled,
  });
}

export function useRemoveIdentity(account: string) {
  const settled = useSettled();
  return useMutation({
    mutationFn: (source: string) => change('DELETE', at`/accounts/${account}/identities/${source}`),
    onSuccess: settled,
  });
}
