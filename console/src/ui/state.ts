// The five states of a verdict: their order, and sums over them.
import type { Counts, VerdictState } from '~/api/types';

// Worst first, as the hub orders a cell's state.
export const states: readonly VerdictState[] = ['violated', 'due', 'unknown', 'kept', 'not_applicable'];
// As officials read the headline.
export const headline: readonly VerdictState[] = ['kept', 'due', 'violated', 'unknown', 'not_applicable'];

export const noCounts: Counts = { kept: 0, due: 0, violated: 0, unknown: 0, not_applicable: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    kept: a.kept + b.kept,
    due: a.due + b.due,
    violated: a.violated + b.violated,
    unknown: a.unknown + b.unknown,
    not_applicable: a.not_applicable + b.not_applicable,
  };
}

export const sumCounts = (counts: Counts): number => states.reduce((sum, state) => sum + counts[state], 0);

export function worstState(counts: Counts): VerdictState | null {
  return states.find((state) => counts[state] > 0) ?? null;
}

export function isState(value: string | null | undefined): value is VerdictState {
  return states.includes(value as VerdictState);
}
