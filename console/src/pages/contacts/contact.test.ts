// Goal: nobody relies on a contact that is not checked: those come first, and a change says that it loses the check.
import { describe, expect, it } from 'vitest';
import type { Contact } from '~/api/caseworkTypes';
import { byNeed, cleaned, losesVerification, trustOf } from './contact';

const contact = (body: string, more: Partial<Contact> = {}): Contact => ({
  id: body,
  body,
  kind: 'provincial',
  kind_title: { vi: '', en: '' },
  person: 'Lê Thị Bình',
  position: '',
  phone: '0237 3852 001',
  email: '',
  channel: 'Trục liên thông văn bản',
  around_the_clock: false,
  note: '',
  verified: { at: '2026-11-01T00:00:00Z', by: 'Nguyễn Văn An', how: 'gọi lại' },
  verified_until: '2027-01-30T00:00:00Z',
  stale: false,
  added_at: '2026-10-01T00:00:00Z',
  added_by: 'Nguyễn Văn An',
  ...more,
});

describe('A contact', () => {
  it('is verified, stale or never verified', () => {
    expect(trustOf(contact('A'))).toBe('verified');
    expect(trustOf(contact('A', { stale: true }))).toBe('stale');
    expect(trustOf(contact('A', { verified: null, stale: true }))).toBe('never');
  });
  it('that must be checked again comes before one never checked, and both before the others', () => {
    const list = [contact('A'), contact('B', { verified: null }), contact('C', { stale: true })];
    expect(byNeed(list, (a, b) => a.localeCompare(b)).map((each) => each.id)).toEqual(['C', 'B', 'A']);
  });
  it('loses its verification with the person, number, address or channel, and not with a note', () => {
    const old = contact('A');
    for (const change of [{ person: 'x' }, { phone: '' }, { email: 'a@b.vn' }, { channel: 'fax' }])
      expect(losesVerification(old, { ...old, ...change })).toBe(true);
    expect(losesVerification(old, { ...old, note: 'ca đêm', position: 'Phó phòng' })).toBe(false);
    expect(losesVerification(old, { ...old, phone: ` ${old.phone} ` })).toBe(false);
    expect(losesVerification({ ...old, verified: null }, { ...old, phone: '' })).toBe(false);
    expect(losesVerification(null, old)).toBe(false);
  });
  it('is kept composed and without stray blanks', () => {
    expect(cleaned({ body: ' Sở Khoa học ', kind: 'provincial', person: 'Le\u0302' })).toMatchObject({
      body: 'Sở Khoa học',
      person: 'Lê',
      around_the_clock: false,
      note: '',
    });
  });
});
