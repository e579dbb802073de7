import { describe, expect, it } from 'vitest';
import type { Source, SyncItem, SyncPreview } from '~/api/sources';
import {
  countOf,
  fieldsOf,
  inOrder,
  isDirectoryAddress,
  isPortalAddress,
  mayBeSkipped,
  startOf,
  willChange,
} from './source';

const item = (subject: string, does: SyncItem['does'], name = subject): SyncItem => ({
  subject,
  does,
  person: null,
  name,
  username: '',
  agency: null,
  decides: false,
  text: { vi: '', en: '' },
});

describe('The form of a source', () => {
  it('starts a directory with the words of OpenLDAP, and a portal with those of OpenID Connect', () => {
    expect(startOf('ldap', null).ldap?.map.username).toBe('uid');
    expect(startOf('oidc', null).oidc?.scopes).toContain('openid');
  });

  it('starts with what the source has', () => {
    const oidc = { ...startOf('oidc', null).oidc, issuer: 'a' } as NonNullable<Source['oidc']>;
    const source: Source = {
      id: '01',
      kind: 'oidc',
      name: 'Cổng',
      enabled: false,
      agency: { id: '02', name: 'UBND' },
      oidc,
      created_at: '2026-11-01T00:00:00Z',
      last_sync: null,
      problem: null,
    };
    expect(startOf('oidc', source)).toEqual({ name: 'Cổng', enabled: false, agency: '02', oidc });
  });

  it('sends what was written without the spaces around it, and no empty address', () => {
    const { ldap } = startOf('ldap', null);
    const sent = fieldsOf('ldap', {
      name: ' Danh bạ ',
      enabled: true,
      agency: '02',
      ldap: { ...(ldap as NonNullable<typeof ldap>), urls: [' ldaps://dc1 ', ' '], base: ' dc=vn ' },
    });
    expect(sent.name).toBe('Danh bạ');
    expect(sent.ldap?.urls).toEqual(['ldaps://dc1']);
    expect(sent.ldap?.base).toBe('dc=vn');
    expect(sent.ldap?.map.department).toBe('ou');
    expect(sent.oidc).toBeUndefined();
  });

  it('sends nothing for what was left empty', () => {
    const { ldap } = startOf('ldap', null);
    const full = ldap as NonNullable<typeof ldap>;
    const sent = fieldsOf('ldap', {
      name: 'a',
      enabled: true,
      agency: '02',
      ldap: { ...full, map: { ...full.map, mail: ' ', position: undefined } as typeof full.map },
    });
    expect(sent.ldap?.map).toMatchObject({ mail: null, position: null });
    const { oidc } = startOf('oidc', null);
    const portal = fieldsOf('oidc', {
      name: 'a',
      enabled: true,
      agency: '02',
      oidc: { ...(oidc as NonNullable<typeof oidc>), secret_file: '' },
    });
    expect(portal.oidc).toMatchObject({ secret_file: null, ca_file: null, second_factor: false });
    expect(portal.ldap).toBeUndefined();
  });

  it.each([
    ['ldaps://dc1.bimson.gov.vn', false, true],
    ['LDAPS://dc1:636', false, true],
    ['ldap://dc1', false, false],
    ['ldap://dc1', true, true],
    ['ldaps://dc1', true, false],
    ['ldaps://', false, false],
    ['ldaps://dc1/dc=vn', false, false],
  ])('takes %s with StartTLS %s for a directory: %s', (address, startTls, good) => {
    expect(isDirectoryAddress(address, startTls)).toBe(good);
  });

  it.each([
    ['https://sso.thanhhoa.gov.vn/realms/can-bo', true],
    ['http://sso.thanhhoa.gov.vn', false],
    ['https://', false],
  ])('takes %s for a portal: %s', (address, good) => {
    expect(isPortalAddress(address)).toBe(good);
  });
});

describe('A preview of a directory', () => {
  const preview: SyncPreview = {
    id: 'p',
    items: [item('1', 'nothing'), item('2', 'leave'), item('3', 'create'), item('4', 'refuse')],
    counts: { create: 1, change: 0, link: 0, leave: 1, refuse: 1, nothing: 1 },
    deciders: 0,
    takes_two: false,
  };

  it('tells first who comes, last who stays', () => {
    expect(inOrder(preview.items).map((each) => each.subject)).toEqual(['3', '2', '4', '1']);
  });

  it('lets only what would happen be left out', () => {
    expect(preview.items.filter(mayBeSkipped).map((each) => each.subject)).toEqual(['2', '3']);
    expect(willChange(preview, new Set())).toBe(2);
    expect(willChange(preview, new Set(['2', '1']))).toBe(1);
  });

  it('counts by itself what the hub did not count', () => {
    expect(countOf(preview, 'create')).toBe(1);
    expect(countOf(preview, 'nothing')).toBe(1);
    expect(countOf(preview, 'change')).toBe(0);
  });
});
