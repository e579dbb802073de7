import { describe, expect, it } from 'vitest';
import type { ReviewLine } from '~/api/controlTypes';
import {
  answersOf,
  isUndone,
  keyOfAnswer,
  linesOf,
  needsReason,
  openParts,
  percent,
  toAnswer,
} from './answer';

const line = (id: string, more: Partial<ReviewLine> = {}): ReviewLine => ({
  id,
  subject: { kind: 'account', id, title: id },
  holder: null,
  position: '',
  rights: [],
  last_used: null,
  flags: [],
  answer: null,
  reason: null,
  by: null,
  at: null,
  done_at: null,
  may_answer: true,
  why_not: null,
  ...more,
});
const lines = [
  line('a'),
  line('b', { answer: 'keep' }),
  line('c', { answer: 'remove' }),
  line('d', { answer: 'remove', done_at: '2026-11-01T00:00:00Z' }),
  line('e', { may_answer: false }),
];
const counts = { lines: 5, answered: 3, keep: 1, change: 0, remove: 2, undone: 1 };

describe('Lines', () => {
  it('are open, answered, or answered and not yet done', () => {
    const ids = (share: Parameters<typeof linesOf>[1]) => linesOf(lines, share).map((each) => each.id);
    expect(ids('open')).toEqual(['a', 'e']);
    expect(ids('answered')).toEqual(['b', 'c', 'd']);
    expect(ids('undone')).toEqual(['c']);
    expect(ids(undefined)).toHaveLength(5);
    expect(isUndone(line('x', { answer: 'keep' }))).toBe(false);
  });
  it('are answered together when ticked, else the one under the cursor, never those of oneself', () => {
    expect(toAnswer(lines, new Set(['a', 'b', 'e']), 'c').map((each) => each.id)).toEqual(['a', 'b']);
    expect(toAnswer(lines, new Set(), 'c').map((each) => each.id)).toEqual(['c']);
    expect(toAnswer(lines, new Set(), 'e')).toEqual([]);
    expect(toAnswer(lines, new Set(), undefined)).toEqual([]);
  });
  it('are kept without a word, and changed or taken only with a reason', () => {
    expect([needsReason('keep'), needsReason('change'), needsReason('remove')]).toEqual([false, true, true]);
    expect(answersOf([line('a')], 'keep', ' ')).toEqual([{ line: 'a', answer: 'keep' }]);
    expect(answersOf([line('a')], 'remove', ' thừa ')).toEqual([
      { line: 'a', answer: 'remove', reason: 'thừa' },
    ]);
  });
  it('have a key for each answer', () => {
    expect([keyOfAnswer('keep'), keyOfAnswer('change'), keyOfAnswer('remove')]).toEqual(['g', 's', 'b']);
  });
});

it('A review closes once everything is answered and done', () => {
  expect(openParts({ counts })).toEqual({ unanswered: 2, undone: 1 });
  expect(openParts({ counts: { ...counts, answered: 5, undone: 0 } })).toBeNull();
  expect(percent({ counts })).toBe(60);
  expect(percent({ counts: { ...counts, lines: 0, answered: 0 } })).toBe(100);
});
