import { describe, expect, it } from 'vitest';
import { bytesOf } from './files';
import { charactersMax, nothingChosen, refusalOf, sheetOf, workbookBytesMax } from './sheet';

const book = { name: 'co-quan.xlsx', xlsx: 'UEsDBA==' };

describe('What is handed in', () => {
  it.each([
    ['nothing', nothingChosen, null],
    ['blank text', { ...nothingChosen, csv: ' \n' }, null],
    ['text', { ...nothingChosen, csv: 'code,name\n' }, { csv: 'code,name\n' }],
    ['a workbook', { ...nothingChosen, book }, { xlsx: 'UEsDBA==' }],
    [
      'a workbook and one of its sheets',
      { ...nothingChosen, book, sheet: ' Danh sách ' },
      { xlsx: 'UEsDBA==', sheet: 'Danh sách' },
    ],
    ['a workbook in place of text', { csv: 'code', book, sheet: '' }, { xlsx: 'UEsDBA==' }],
  ])('of %s is what the contract takes', (_, chosen, sheet) => {
    expect(sheetOf(chosen)).toEqual(sheet);
  });
});

it.each([
  ['a.csv', 10, null],
  ['A.CSV', 3 * charactersMax, null],
  ['a.csv', 3 * charactersMax + 1, 'large'],
  ['a.xlsx', workbookBytesMax, null],
  ['a.XLSX', workbookBytesMax + 1, 'large'],
  ['a.xls', 10, 'type'],
  ['a.xlsm', 10, 'type'],
  ['a', 10, 'type'],
])('The file %s of %i bytes is refused as %s', (name, size, why) => {
  expect(refusalOf({ name, size })).toBe(why);
});

it('Bytes come out of base64 as they went in', () => {
  expect([...bytesOf('UEsDBP8A')]).toEqual([0x50, 0x4b, 3, 4, 0xff, 0]);
});
