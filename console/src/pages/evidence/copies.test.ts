import { expect, it } from 'vitest';
import type { CustodyDay, DayCopy } from '~/api/custodyTypes';
import { copyDueOn, copyStateOf, isSoon } from './copies';

const copy = (sound: boolean): DayCopy => ({
  medium: 'm',
  medium_name: 'Ổ 1',
  sha256: '',
  copied_at: '2026-11-01T00:00:00Z',
  copied_by: 'lan',
  checked_at: '2026-11-01T00:00:00Z',
  sound,
  cosigned_by: [],
  stamped: false,
  outdated: false,
  seq: 1,
});
const day = (more: Partial<CustodyDay>): CustodyDay => ({
  day: '2026-11-20',
  closed: true,
  records: 1,
  withheld: 0,
  file_bytes: 1,
  sha256: '',
  damaged: false,
  held: false,
  goes_on: null,
  copies: [],
  copy_missing: false,
  ...more,
});

it('Only a copy that was read back right counts', () => {
  expect(copyStateOf(day({ copies: [copy(false), copy(true)] }))).toBe('copied');
  expect(copyStateOf(day({ copies: [copy(false)] }))).toBe('due');
  expect(copyStateOf(day({ copies: [copy(false)], copy_missing: true }))).toBe('overdue');
  expect(copyStateOf(day({ closed: false }))).toBe('open');
});

it('A copy is due as many days after its day as the regulation allows', () => {
  expect(copyDueOn(day({}), 7)).toBe('2026-11-27');
  expect(copyDueOn(day({}), null)).toBeNull();
});

it('What is due within a week is due soon, what is due in a month is not', () => {
  expect(isSoon('2026-11-30', '2026-11-23')).toBe(true);
  expect(isSoon('2026-12-01', '2026-11-23')).toBe(false);
});
