import dayjs from 'dayjs';
import { describe, expect, it } from 'vitest';
import type { DeviceAccount } from '~/api/controlTypes';
import {
  changeOf,
  keyOf,
  linkAll,
  linksPerCallMax,
  needsPerson,
  needsReason,
  proposals,
  takeProposals,
} from './link';

const account = (name: string, proposed: string | null): DeviceAccount => ({
  device: { id: 'd1', name: 'vanthu-01', agency: { id: 'a', name: 'A' } },
  name,
  uid: 1000,
  can_log_in: true,
  administrator: false,
  last_login: null,
  link: null,
  proposed: proposed ? { person: { id: proposed, name: proposed }, why: { vi: '', en: '' } } : null,
  problems: ['ownerless'],
  since: null,
  seq: 1,
});

describe('A link', () => {
  it('names a person unless the account is shared, and then says why and until when', () => {
    expect([needsPerson('personal'), needsPerson('service'), needsPerson('shared')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(needsReason({ kind: 'shared' })).toBe(true);
    expect(needsReason({ kind: 'personal' })).toBe(false);
    expect(needsReason({ kind: 'personal', administrator: true })).toBe(true);
  });
  it('sends the administrator’s term only where those rights are wanted', () => {
    const until = dayjs('2026-12-31');
    expect(
      changeOf({ person: 'p', kind: 'personal', administrator: false, administrator_until: until }),
    ).toEqual({
      person: 'p',
      kind: 'personal',
    });
    expect(
      changeOf({
        kind: 'shared',
        administrator: true,
        administrator_until: until,
        expires: until,
        reason: ' máy quầy ',
      }),
    ).toEqual({
      person: null,
      kind: 'shared',
      administrator_until: '2026-12-31',
      expires: '2026-12-31',
      reason: 'máy quầy',
    });
  });
});

describe('Many at once', () => {
  const list = [account('hoa', 'p1'), account('root', null), account('binh', 'p2')];
  it('takes of the ticked ones those with a proposal', () => {
    const ticked = new Set([keyOf(list[0] as DeviceAccount), keyOf(list[1] as DeviceAccount)]);
    expect(proposals(list, ticked).map((each) => each.name)).toEqual(['hoa']);
    expect(takeProposals(proposals(list, ticked), '')).toEqual({
      items: [{ device: 'd1', name: 'hoa', person: 'p1', kind: 'personal' }],
    });
  });
  it('asks for no more than the hub takes in one call', () => {
    const many = Array.from({ length: linksPerCallMax + 5 }, (_, index) => account(`u${index}`, 'p'));
    expect(proposals(many, new Set(many.map(keyOf)))).toHaveLength(linksPerCallMax);
    expect(linkAll(many, 'p', 'service', 'x').items).toHaveLength(linksPerCallMax);
  });
});
