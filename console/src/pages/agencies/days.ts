// Days as a slider counts them, and what the tree of a day ahead leaves out. Pure.
const dayMilliseconds = 86_400_000;

export const isDay = (text: string | undefined): text is string => /^\d{4}-\d{2}-\d{2}$/.test(text ?? '');

export const numberOf = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / dayMilliseconds);
export const dayOf = (number: number): string =>
  new Date(number * dayMilliseconds).toISOString().slice(0, 10);

// A plan is carried out on its day: until then the tree of a day ahead is not yet what it will be.
export const uncountedOn = (day: string, planned: readonly string[]): string[] =>
  [...new Set(planned)].filter((each) => each <= day).sort();
