// Whether the calendar of holidays still knows the days that limits in working days will run over.
import { isoDate } from '~/ui/format';

// Someone has to add the announced holidays every autumn: two months are enough to ask.
export const calendarSoonDays = 60;

const day = 86_400_000;

// `until`: the last day it knows; null: it was given none, and never knew any.
export function calendarState(until: string | null | undefined, now: Date): 'known' | 'soon' | 'over' {
  if (!until) return 'known';
  const left = (Date.parse(until) - Date.parse(isoDate(now))) / day;
  if (left < 0) return 'over';
  return left <= calendarSoonDays ? 'soon' : 'known';
}
