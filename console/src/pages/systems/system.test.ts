// Goal: what is typed becomes what the contract takes, and comes back into the form as it was.
import { describe, expect, it } from 'vitest';
import type { RegisteredSystem } from '~/api/caseworkTypes';
import { lines, systemOf, typedOf } from './system';

const system: RegisteredSystem = {
  id: 's',
  agency: { id: 'a', name: 'UBND' },
  name: 'Một cửa điện tử',
  purpose: 'Tiếp nhận hồ sơ',
  manager: 'province',
  operator: 'Trung tâm CNTT tỉnh',
  place: 'Trung tâm Dữ liệu tỉnh',
  addresses: ['10.1.0.5', '10.1.0.6'],
  domains: ['motcua.example.vn'],
  devices: [{ id: 'm', name: 'MAY-01' }],
  level: 3,
  level_decision: { number: '12/QĐ-UBND', date: '2025-03-01' },
  personal_data: true,
  retired_at: null,
};

describe('A system', () => {
  it('goes through the form unchanged', () => {
    const { id: _id, retired_at: _retired, agency, devices, ...same } = system;
    expect(systemOf(typedOf(system))).toEqual({ ...same, agency: agency.id, devices: ['m'] });
  });
  it('has its addresses one a line or with commas, and its domains in small letters', () => {
    expect(lines(' 10.0.0.1, 10.0.0.2\n\n10.0.0.3; ')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    expect(
      systemOf({ agency: 'a', name: 'x', manager: 'agency', domains: 'WWW.Example.VN' }).domains,
    ).toEqual(['www.example.vn']);
  });
  it('has a decision only when its number and its day are known', () => {
    const typed = { agency: 'a', name: 'x', manager: 'agency' as const, decision: '1/QĐ' };
    expect(systemOf(typed).level_decision).toBeNull();
    expect(systemOf({ ...typed, decided: '2026-01-02' }).level_decision).toEqual({
      number: '1/QĐ',
      date: '2026-01-02',
    });
  });
});
