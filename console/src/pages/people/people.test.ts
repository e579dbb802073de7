import { expect, it } from 'vitest';
import { byGivenName, usernameOf } from './words';

it('People are listed by given name, as Vietnamese lists are', () => {
  const names = ['Nguyễn Thị Hòa', 'Trần Văn Bình', 'Lê Ánh', 'Phạm Đức An', 'Vũ Thị Bình'];
  expect([...names].sort(byGivenName)).toEqual([
    'Phạm Đức An',
    'Lê Ánh',
    'Trần Văn Bình',
    'Vũ Thị Bình',
    'Nguyễn Thị Hòa',
  ]);
});

it.each([
  ['Trần Văn Bình', 'tran.van.binh'],
  ['  Đỗ  Thị Ước ', 'do.thi.uoc'],
  ['', ''],
])('A user name is proposed for %j: %j', (name, username) => {
  expect(usernameOf(name)).toBe(username);
});
