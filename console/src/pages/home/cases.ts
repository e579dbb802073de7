// Open cases that nothing reminds of yet, the nearest term first; those without one last. Pure.
import type { Incident } from '~/api/incidentTypes';

export function restOf(open: Incident[], reminded: ReadonlySet<string>): Incident[] {
  return open
    .filter((each) => !reminded.has(each.id))
    .sort((a, b) => (a.next_due ?? '9').localeCompare(b.next_due ?? '9'));
}
