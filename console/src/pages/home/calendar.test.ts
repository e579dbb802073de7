import { expect, it } from 'vitest';
import { calendarState } from './calendar';

it.each([
  ['2026-12-31', '2026-10-31T10:00:00+07:00', 'known'],
  ['2026-12-31', '2026-11-01T00:00:00+07:00', 'soon'],
  ['2026-12-31', '2026-12-31T23:59:00+07:00', 'soon'],
  ['2026-12-31', '2027-01-01T00:00:00+07:00', 'over'],
  ['2027-12-31', '2027-01-01T00:00:00+07:00', 'known'],
  [null, '2027-01-01T00:00:00+07:00', 'known'],
])('a calendar until %s is at %s %s', (until, now, state) => {
  expect(calendarState(until, new Date(now))).toBe(state);
});
