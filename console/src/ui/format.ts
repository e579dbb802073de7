// Dates, numbers and words as Vietnamese offices write them: dd/MM/yyyy HH:mm in 24 hours, Asia/Ho_Chi_Minh whatever the
// browser's own zone, 1.234,5; text compared by Vietnamese order and searched without diacritics.
import type { Language } from '~/i18n';

export const zone = 'Asia/Ho_Chi_Minh';
// Viet Nam has kept UTC+7 without summer time since 1975.
export const zoneOffsetMinutes = 7 * 60;

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

function wall(at: Date): Wall {
  const shifted = new Date(at.getTime() + zoneOffsetMinutes * minute);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
  };
}

const two = (value: number) => String(value).padStart(2, '0');

// An unreadable time is shown as it came.
function parsed(time: string | Date): Date | null {
  const at = time instanceof Date ? time : new Date(time);
  return Number.isNaN(at.getTime()) ? null : at;
}

export function formatDate(time: string | Date): string {
  // A date without a time has no zone to be moved into.
  const plain = typeof time === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(time) : null;
  if (plain) return `${plain[3]}/${plain[2]}/${plain[1]}`;
  const at = parsed(time);
  if (!at) return String(time);
  const w = wall(at);
  return `${two(w.day)}/${two(w.month)}/${w.year}`;
}

export function formatDateTime(time: string | Date): string {
  const at = parsed(time);
  if (!at) return String(time);
  const w = wall(at);
  return `${two(w.day)}/${two(w.month)}/${w.year} ${two(w.hour)}:${two(w.minute)}`;
}

export function formatSeconds(time: string | Date): string {
  const at = parsed(time);
  if (!at) return String(time);
  return `${formatDateTime(at)}:${two(wall(at).second)}`;
}

export function formatClock(time: string | Date): string {
  const at = parsed(time);
  if (!at) return String(time);
  const w = wall(at);
  return `${two(w.hour)}:${two(w.minute)}:${two(w.second)}`;
}

// "2026-11-22" in Ho Chi Minh City, for what the contract calls a date.
export function isoDate(time: Date): string {
  const w = wall(time);
  return `${w.year}-${two(w.month)}-${two(w.day)}`;
}

const locale = (language: Language) => (language === 'vi' ? 'vi-VN' : 'en-GB');

export function formatNumber(value: number, language: Language, digits = 1): string {
  return new Intl.NumberFormat(locale(language), { maximumFractionDigits: digits }).format(value);
}

// A number that came as text with a decimal point; what is no number stays as it is.
export function localNumber(text: string, language: Language): string {
  return /^-?\d+(\.\d+)?$/.test(text) ? formatNumber(Number(text), language, 6) : text;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
export function formatBytes(bytes: number, language: Language): string {
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < byteUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${formatNumber(value, language, value < 100 && unit > 0 ? 1 : 0)} ${byteUnits[unit]}`;
}

export interface Span {
  unit: 'seconds' | 'minutes' | 'hours' | 'days';
  count: number;
}
// The largest whole unit that says it: 90 minutes are "1 hour", 50 hours "2 days".
export function spanOf(milliseconds: number): Span {
  const size = Math.max(0, milliseconds);
  if (size < minute) return { unit: 'seconds', count: Math.floor(size / 1000) };
  if (size < hour) return { unit: 'minutes', count: Math.floor(size / minute) };
  if (size < 2 * day) return { unit: 'hours', count: Math.floor(size / hour) };
  return { unit: 'days', count: Math.floor(size / day) };
}

export function spanSince(time: string | Date, now: Date): Span {
  return spanOf(now.getTime() - new Date(time).getTime());
}

const marks = /[\u0300-\u036f]/g;
// "Bỉm Sơn – ĐƯỜNG" → "bim son – duong", as fold_vietnamese of the hub.
export function fold(text: string): string {
  return text.normalize('NFD').replace(marks, '').replace(/[đĐ]/g, 'd').normalize('NFC').toLowerCase();
}

const collator = new Intl.Collator('vi', { numeric: true, sensitivity: 'base' });
export const compareText = (a: string, b: string): number =>
  collator.compare(a.normalize('NFC'), b.normalize('NFC'));

// "4.10-x" after "4.9-x", "10b" after "10" and before "11".
export function compareArticles(a: string, b: string): number {
  const left = /^(\d+)(b?)/.exec(a);
  const right = /^(\d+)(b?)/.exec(b);
  if (!left || !right) return compareText(a, b);
  return (
    Number(left[1]) - Number(right[1]) || (left[2] ?? '').localeCompare(right[2] ?? '') || compareText(a, b)
  );
}
