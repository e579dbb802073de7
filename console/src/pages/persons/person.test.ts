import dayjs from 'dayjs';
import { describe, expect, it } from 'vitest';
import type { Person } from '~/api/personTypes';
import type { ImportedSheet } from '~/api/types';
import { countActs, mayApply } from '~/ui/sheet';
import { changeOf, newOf, proposeKeep } from './person';

describe('What is sent of a person', () => {
  const typed = {
    name: '  Nguyễn  Thị Hòa '.normalize('NFD'),
    position: ' Chuyên viên ',
    email: '',
    phone: '  ',
  };
  it('is composed and without stray spaces; what is empty empties what stood there', () => {
    expect(changeOf(typed)).toEqual({
      name: 'Nguyễn Thị Hòa',
      position: 'Chuyên viên',
      email: '',
      phone: '',
    });
  });
  it('leaves out what is empty of somebody new', () => {
    expect(newOf({ ...typed, agency: '01', since: dayjs('2026-03-01') })).toEqual({
      agency: '01',
      since: '2026-03-01',
      name: 'Nguyễn Thị Hòa',
      position: 'Chuyên viên',
    });
  });
});

const line = (does: ImportedSheet['lines'][number]['does'], number = 2) => ({
  line: number,
  code: '',
  name: 'A',
  does,
  text: { vi: '', en: '' },
});

describe('A sheet', () => {
  it('is counted by what it would do', () => {
    expect(countActs([line('create'), line('create', 3), line('refuse', 4)])).toEqual({
      create: 2,
      change: 0,
      nothing: 0,
      refuse: 1,
    });
  });
  it.each([
    ['nothing was previewed', undefined, false],
    ['a line is refused', { lines: [line('create'), line('refuse')], refused: 1, applied: false }, false],
    ['nothing would change', { lines: [line('nothing')], refused: 0, applied: false }, false],
    ['it was taken already', { lines: [line('create')], refused: 0, applied: true }, false],
    ['a line creates', { lines: [line('nothing'), line('create')], refused: 0, applied: false }, true],
  ])('may be taken or not when %s', (_, sheet, may) => {
    expect(mayApply(sheet)).toBe(may);
  });
});

it('Of two records of one person the older stays', () => {
  const of = (id: string, since: string | null) => ({ id, since }) as Person;
  expect(proposeKeep(of('a', '2024-05-01'), of('b', '2020-01-01')).keep.id).toBe('b');
  expect(proposeKeep(of('a', '2020-01-01'), of('b', null)).keep.id).toBe('a');
  expect(proposeKeep(of('a', null), of('b', null)).gone.id).toBe('b');
});
