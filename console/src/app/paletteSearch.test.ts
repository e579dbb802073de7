import { expect, it } from 'vitest';
import { searchPalette, type Target } from './paletteSearch';

const targets: Target[] = [
  { kind: 'page', to: '/devices', title: 'Thiết bị', detail: '' },
  {
    kind: 'obligation',
    to: '/a',
    title: 'Đổi mật khẩu ngay sau khi được cấp tài khoản',
    detail: 'Điều 7.2.b',
  },
  { kind: 'obligation', to: '/b', title: 'Phần mềm chống virus, mã độc', detail: 'Điều 5; 6.1.d' },
  { kind: 'device', to: '/c', title: 'vanthu-01', detail: 'Debian · 192.168.10.20' },
];
const found = (text: string) => searchPalette(targets, text).map((target) => target.to);

it('The palette finds with and without diacritics, in any order of words', () => {
  expect(found('doi mat khau')).toEqual(['/a']);
  expect(found('khẩu đổi')).toEqual(['/a']);
  expect(found('THIET BI')).toEqual(['/devices']);
});
it('The palette looks into clauses and addresses', () => {
  expect(found('7.2.b')).toEqual(['/a']);
  expect(found('192.168.10.20')).toEqual(['/c']);
});
it('The palette puts a title’s beginning first and finds nothing for nonsense', () => {
  expect(found('dieu')[0]).toBe('/a');
  expect(found('phan')).toEqual(['/b']);
  expect(found('zzz')).toEqual([]);
  expect(found('')).toHaveLength(4);
});
