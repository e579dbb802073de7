import { expect, it } from 'vitest';
import type { Task } from '~/api/commitments';
import { byDue, isLate, isSigning } from './tasks';

const task = (kind: Task['kind'], due: string | null): Task => ({
  kind,
  due,
  title: { vi: '', en: '' },
  link: '/',
});

it('What is due first stands first, what has no day last', () => {
  const list = [task('review', null), task('paper', '2026-12-01'), task('leave_item', '2026-11-20')];
  expect(byDue(list).map((each) => each.kind)).toEqual(['leave_item', 'paper', 'review']);
});

it('A leader is shown what waits for their word', () => {
  expect(
    (['commitment', 'review', 'leave_item', 'paper', 'provider_request'] as const).filter((kind) =>
      isSigning({ kind }),
    ),
  ).toEqual(['paper', 'provider_request']);
});

it('A day is late when it is over, a moment at once', () => {
  const noon = new Date('2026-11-20T05:00:00Z');
  expect(
    ['2026-11-19', '2026-11-20', '2026-11-20T04:59:59Z', '2026-11-20T05:00:01Z'].map((due) =>
      isLate(due, noon),
    ),
  ).toEqual([true, false, true, false]);
});
