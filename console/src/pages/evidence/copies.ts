// Whether a day of evidence lies outside of the server, and by when it has to. Pure.
import type { CustodyDay, CustodyDays } from '~/api/custodyTypes';
import { addDays } from './coverage';

export const copyStates = ['overdue', 'due', 'copied', 'open'] as const;
export type CopyState = (typeof copyStates)[number];

// overdue: the time that the regulation allows has passed; due: it runs; open: the day is not closed, nothing can be copied.
export function copyStateOf(day: CustodyDay): CopyState {
  if (day.copies.some((copy) => copy.sound)) return 'copied';
  if (day.copy_missing) return 'overdue';
  return day.closed ? 'due' : 'open';
}

// The last day on which a copy of it is in time; null where none is asked for.
export const copyDueOn = (day: CustodyDay, within: CustodyDays['copy_within_days']): string | null =>
  within === null ? null : addDays(day.day, within);

// Less than this until it is due is worth a warning; a month ahead is not.
const soonDays = 7;
export const isSoon = (due: string, today: string): boolean => due <= addDays(today, soonDays);
