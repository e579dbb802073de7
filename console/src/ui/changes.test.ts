import { describe, expect, it } from 'vitest';
import { changesOf } from './changes';

describe('What changes', () => {
  it('is nothing where nothing differs, whatever the order of members', () => {
    expect(changesOf({ a: { x: 1, y: [2] } }, { a: { y: [2], x: 1 } })).toEqual([]);
  });
  it('names each field with what was and what will be', () => {
    expect(changesOf({ enabled: true, name: 'A' }, { enabled: false, name: 'A' })).toEqual([
      { field: 'enabled', before: true, after: false },
    ]);
  });
  it('says of a list what goes and what comes', () => {
    const head = { role: 'agency_head', agency: '01' };
    const staff = { role: 'staff', agency: '01' };
    expect(changesOf({ grants: [staff] }, { grants: [staff, head] })).toEqual([
      { field: 'grants', before: undefined, after: head },
    ]);
    expect(changesOf({ grants: [staff, head] }, { grants: [head] })).toEqual([
      { field: 'grants', before: staff, after: undefined },
    ]);
  });
  it('goes into what lies inside', () => {
    expect(changesOf({ profile: { phone: '1' } }, { profile: { phone: '2' } })).toEqual([
      { field: 'profile.phone', before: '1', after: '2' },
    ]);
  });
  it('shows what is new where there was nothing', () => {
    expect(changesOf({}, { password: 'issued' })).toEqual([
      { field: 'password', before: undefined, after: 'issued' },
    ]);
  });
});
