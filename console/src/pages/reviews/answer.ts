// Answering the lines of a review: which are still open, where the next one is, what a key means. Pure.
import type { Answer, LineAnswer, Review, ReviewLine } from '~/api/controlTypes';
import { written } from '~/ui/text';

// One key each, shown on its button.
export const answerKeys: Record<string, Answer> = { g: 'keep', s: 'change', b: 'remove' };
export const keyOfAnswer = (answer: Answer): string =>
  Object.entries(answerKeys).find(([, each]) => each === answer)?.[0] ?? '';

export const shares = ['open', 'answered', 'undone'] as const;
export type Share = (typeof shares)[number];

// Not done yet: taken away or to be changed by the answer, but still as it was.
export const isUndone = (line: ReviewLine) =>
  (line.answer === 'change' || line.answer === 'remove') && line.done_at === null;

export function linesOf(lines: ReviewLine[], share: Share | undefined): ReviewLine[] {
  if (share === 'open') return lines.filter((line) => line.answer === null);
  if (share === 'answered') return lines.filter((line) => line.answer !== null);
  if (share === 'undone') return lines.filter(isUndone);
  return lines;
}

// The lines that are gone through together: the ticked ones, else the one under the cursor; only those that one may answer.
export function toAnswer(
  lines: ReviewLine[],
  ticked: ReadonlySet<string>,
  focused: string | undefined,
): ReviewLine[] {
  const meant =
    ticked.size > 0
      ? lines.filter((line) => ticked.has(line.id))
      : lines.filter((line) => line.id === focused);
  return meant.filter((line) => line.may_answer);
}

// Keeping a right needs no word; changing or taking it does.
export const needsReason = (answer: Answer) => answer !== 'keep';

export function answersOf(lines: ReviewLine[], answer: Answer, reason: string): LineAnswer[] {
  const why = written(reason);
  return lines.map((line) => ({ line: line.id, answer, ...(why ? { reason: why } : {}) }));
}

// Why a review cannot be closed yet; null when it can.
export function openParts({ counts }: Pick<Review, 'counts'>): { unanswered: number; undone: number } | null {
  const unanswered = counts.lines - counts.answered;
  return unanswered > 0 || counts.undone > 0 ? { unanswered, undone: counts.undone } : null;
}

export const percent = ({ counts }: Pick<Review, 'counts'>): number =>
  counts.lines === 0 ? 100 : Math.floor((100 * counts.answered) / counts.lines);
