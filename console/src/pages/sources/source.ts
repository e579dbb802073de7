// What the form of a sign-in source starts with and sends, and how a preview of a directory is read. Pure.
import {
  type LdapKey,
  type LdapSettings,
  type Source,
  type SourceFields,
  type SourceKind,
  type SyncAct,
  type SyncItem,
  type SyncPreview,
  syncActs,
} from '~/api/sources';
import { written, writtenOrNull } from '~/ui/text';

// What the two kinds of directory that towns have call things.
export const usual: Record<LdapKey, Pick<LdapSettings, 'filter' | 'map'>> = {
  entryUUID: {
    filter: '(objectClass=inetOrgPerson)',
    map: { username: 'uid', name: 'cn', mail: 'mail', position: 'title', department: 'ou' },
  },
  objectGUID: {
    filter: '(&(objectCategory=person)(objectClass=user))',
    map: {
      username: 'sAMAccountName',
      name: 'displayName',
      mail: 'mail',
      position: 'title',
      department: 'department',
    },
  },
};

export type SourceValues = Omit<SourceFields, 'kind'>;

export function startOf(kind: SourceKind, source: Source | null): Partial<SourceValues> {
  if (source) {
    return {
      name: source.name,
      enabled: source.enabled,
      agency: source.agency.id,
      ...(source.ldap ? { ldap: source.ldap } : {}),
      ...(source.oidc ? { oidc: source.oidc } : {}),
    };
  }
  return kind === 'ldap'
    ? {
        enabled: true,
        ldap: {
          urls: [],
          start_tls: false,
          base: '',
          key: 'entryUUID',
          bind_dn: '',
          secret_file: '',
          ca_file: '',
          ...usual.entryUUID,
        },
      }
    : {
        enabled: true,
        oidc: {
          issuer: '',
          client_id: '',
          scopes: ['openid', 'profile', 'email'],
          secret_file: null,
          ca_file: null,
          second_factor: false,
        },
      };
}

const texts = (list: readonly string[]): string[] => list.map(written).filter((each) => each !== '');

export function fieldsOf(kind: SourceKind, values: SourceValues): SourceFields {
  const common = { kind, name: written(values.name), enabled: values.enabled, agency: values.agency };
  const { ldap, oidc } = values;
  if (kind === 'ldap' && ldap) {
    const { map } = ldap;
    return {
      ...common,
      ldap: {
        urls: texts(ldap.urls),
        start_tls: ldap.start_tls ?? false,
        base: written(ldap.base),
        filter: written(ldap.filter),
        key: ldap.key,
        bind_dn: written(ldap.bind_dn),
        secret_file: written(ldap.secret_file),
        ca_file: written(ldap.ca_file),
        map: {
          username: written(map.username),
          name: written(map.name),
          mail: writtenOrNull(map.mail),
          position: writtenOrNull(map.position),
          department: writtenOrNull(map.department),
        },
      },
    };
  }
  if (kind === 'oidc' && oidc) {
    return {
      ...common,
      oidc: {
        issuer: written(oidc.issuer),
        client_id: written(oidc.client_id),
        scopes: texts(oidc.scopes),
        secret_file: writtenOrNull(oidc.secret_file),
        ca_file: writtenOrNull(oidc.ca_file),
        second_factor: oidc.second_factor ?? false,
      },
    };
  }
  return common;
}

// Encrypted from the first byte, or from the first word on (StartTLS): a directory is asked for passwords.
export const isDirectoryAddress = (text: string, startTls: boolean): boolean =>
  (startTls ? /^ldap:\/\/[^\s/:]+(:\d{1,5})?\/?$/i : /^ldaps:\/\/[^\s/:]+(:\d{1,5})?\/?$/i).test(text);
export const isPortalAddress = (text: string): boolean => /^https:\/\/[^\s/]+(\/\S*)?$/i.test(text);

// What would change anything first, then what is refused; those who stay as they are last.
export function inOrder(items: readonly SyncItem[]): SyncItem[] {
  const rank = (item: SyncItem) => syncActs.indexOf(item.does);
  return [...items].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'vi'));
}

// Only what would happen can be left out.
export const mayBeSkipped = (item: SyncItem): boolean => item.does !== 'nothing' && item.does !== 'refuse';

export function countOf(preview: SyncPreview, does: SyncAct): number {
  return preview.counts[does] ?? preview.items.filter((each) => each.does === does).length;
}

export const willChange = (preview: SyncPreview, skipped: ReadonlySet<string>): number =>
  preview.items.filter((each) => mayBeSkipped(each) && !skipped.has(each.subject)).length;
