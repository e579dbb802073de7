// A sheet that somebody hands in, as CSV or as an XLSX workbook, and one that the hub hands out. Pure but for the saving.
import type { ImportedSheet, Sheet, SheetFormat } from '~/api/types';
import { bytesOf, saveBlob } from './files';
import { saveText } from './saveText';

// As the contract has them: api/openapi.yaml, Sheet.
export const charactersMax = 1_000_000;
export const workbookBytesMax = 2 * 1024 * 1024;
export const sheetNameMax = 31;

export interface Chosen {
  csv: string;
  book: { name: string; xlsx: string } | null; // Takes the place of the text.
  sheet: string; // Of the workbook; empty: its first.
}
export const nothingChosen: Chosen = { csv: '', book: null, sheet: '' };

export function sheetOf({ csv, book, sheet }: Chosen): Sheet | null {
  if (book) return sheet.trim() === '' ? { xlsx: book.xlsx } : { xlsx: book.xlsx, sheet: sheet.trim() };
  return csv.trim() === '' ? null : { csv };
}

export const isWorkbook = (name: string) => name.toLowerCase().endsWith('.xlsx');

// Why a file is not taken in at all.
export function refusalOf(file: { name: string; size: number }): 'type' | 'large' | null {
  if (isWorkbook(file.name)) return file.size > workbookBytesMax ? 'large' : null;
  if (!/\.(csv|txt)$/i.test(file.name)) return 'type';
  // Letters with diacritics take up to three bytes.
  return file.size > 3 * charactersMax ? 'large' : null;
}

export type SheetAct = ImportedSheet['lines'][number]['does'];

export function countActs(lines: ImportedSheet['lines']): Record<SheetAct, number> {
  const counts: Record<SheetAct, number> = { create: 0, change: 0, nothing: 0, refuse: 0 };
  for (const line of lines) counts[line.does] += 1;
  return counts;
}

// A sheet is taken whole or not at all, and only where it would change something.
export function mayApply(sheet: ImportedSheet | undefined): boolean {
  if (!sheet || sheet.applied || sheet.refused > 0) return false;
  return sheet.lines.some((line) => line.does === 'create' || line.does === 'change');
}

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function saveSheet(name: string, format: SheetFormat, made: Sheet): void {
  if (format === 'csv') saveText(`${name}.csv`, made.csv ?? '', 'text/csv');
  else saveBlob(`${name}.xlsx`, new Blob([bytesOf(made.xlsx ?? '')], { type: xlsxType }));
}
