// The days on which the tree changed, and steps between them. Pure; days are ISO texts, which sort as they are.
import type { Agency } from '~/api/types';

const dayMilliseconds = 86_400_000;

export const nextDay = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + dayMilliseconds).toISOString().slice(0, 10);

export const numberOf = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMilliseconds);
export const dayOf = (number: number): string =>
  new Date(number * dayMilliseconds).toISOString().slice(0, 10);

// Oldest first; each is the first day of a new state.
export function changeDays(agencies: Agency[], successions: { day: string }[]): string[] {
  const days = new Set<string>();
  for (const agency of agencies) {
    days.add(agency.valid_from);
    if (agency.valid_to) days.add(nextDay(agency.valid_to));
  }
  for (const succession of successions) days.add(succession.day);
  return [...days].sort();
}
