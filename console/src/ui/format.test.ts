import { describe, expect, it } from 'vitest';
import {
  compareArticles,
  compareText,
  fold,
  formatBytes,
  formatDate,
  formatDateTime,
  formatNumber,
  formatSeconds,
  isoDate,
  spanOf,
} from './format';

describe('Dates', () => {
  it('are dd/MM/yyyy HH:mm in Ho Chi Minh City whatever the browser’s zone', () => {
    expect(formatDateTime('2026-11-22T17:30:05Z')).toBe('23/11/2026 00:30');
    expect(formatSeconds('2026-11-22T03:04:05.678901Z')).toBe('22/11/2026 10:04:05');
    expect(formatDate('2026-12-31T17:00:00Z')).toBe('01/01/2027');
  });
  it('without a time are not moved to another day', () => {
    expect(formatDate('2018-01-01')).toBe('01/01/2018');
  });
  it('that cannot be read are shown as they came', () => {
    expect(formatDateTime('hôm qua')).toBe('hôm qua');
  });
  it('are given to the hub as the day in Ho Chi Minh City', () => {
    expect(isoDate(new Date('2026-11-22T17:30:00Z'))).toBe('2026-11-23');
  });
});

describe('Numbers', () => {
  it('are 1.234,5 in Vietnamese and 1,234.5 in English', () => {
    expect(formatNumber(1234.5, 'vi')).toBe('1.234,5');
    expect(formatNumber(1234.5, 'en')).toBe('1,234.5');
  });
  it.each([
    [0, '0 B'],
    [1023, '1.023 B'],
    [1536, '1,5 KiB'],
    [17_179_869_184, '16 GiB'],
    [1_100_219_413_708, '1 TiB'],
  ])('as sizes: %d is %s', (bytes, text) => {
    expect(formatBytes(bytes, 'vi')).toBe(text);
  });
  it.each([
    [-5, 'seconds', 0],
    [59_000, 'seconds', 59],
    [90 * 60_000, 'hours', 1],
    [47 * 3_600_000, 'hours', 47],
    [50 * 3_600_000, 'days', 2],
  ])('as spans: %d ms is %s %d', (size, unit, count) => {
    expect(spanOf(size)).toEqual({ unit, count });
  });
});

describe('Folding', () => {
  it.each([
    ['Bỉm Sơn – ĐƯỜNG', 'bim son – duong'],
    ['Đạt', 'dat'],
    ['Quy\u0301 chế', 'quy che'],
    ['ỨNG CỨU', 'ung cuu'],
    ['plain ASCII 123', 'plain ascii 123'],
  ])('%s becomes %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });
});

describe('Order', () => {
  it('is Vietnamese: a ă â b … d đ, composed or not', () => {
    const list = ['đa', 'da', 'bà', 'ăn', 'an', 'ân', 'e\u0302m', 'em'];
    expect([...list].sort(compareText)).toEqual(['an', 'ăn', 'ân', 'bà', 'da', 'đa', 'em', 'e\u0302m']);
  });
  it('of articles puts 10b after 10 and before 11', () => {
    expect(['11', '10b', '4', '10', '17'].sort(compareArticles)).toEqual(['4', '10', '10b', '11', '17']);
  });
});
