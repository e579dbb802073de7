import { expect, it } from 'vitest';
import { isLate, noteName, toneOf } from './checkpoint';

it('A signer is late after two minutes without a checkpoint', () => {
  const now = new Date('2026-11-23T10:00:00Z');
  expect(isLate('2026-11-23T09:58:01Z', now)).toBe(false);
  expect(isLate('2026-11-23T09:57:59Z', now)).toBe(true);
});

it('A file of a checkpoint is named by its day in Vietnam and its size', () => {
  expect(noteName(84112, '2026-11-22T18:00:00Z')).toBe('moc-ky-2026-11-23-84112.txt');
});

it('Only a continued tree is sound; what cannot be checked is neither sound nor damaged', () => {
  expect([toneOf('continues'), toneOf('same')]).toEqual(['match', 'match']);
  expect([toneOf('forked'), toneOf('shrunk'), toneOf('unsigned')]).toEqual(['differ', 'differ', 'differ']);
  expect([toneOf('foreign'), toneOf('unreadable')]).toEqual(['waiting', 'waiting']);
});
