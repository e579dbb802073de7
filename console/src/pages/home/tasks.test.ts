import { expect, it } from 'vitest';
import type { Task } from '~/api/commitments';
import { byDue, isSigning } from './tasks';

const task = (kind: string, due: string | null): Task => ({
  kind,
  due,
  title: { vi: '', en: '' },
  link: '/',
});

it('What is due first stands first, what has no day last', () => {
  const list = [task('act', null), task('paper', '2026-12-01'), task('leave_item', '2026-11-20')];
  expect(byDue(list).map((each) => each.kind)).toEqual(['leave_item', 'paper', 'act']);
});

it('A leader is shown what waits for their word', () => {
  expect(
    ['commitment', 'review', 'leave_item', 'act', 'paper', 'warning', 'password'].filter((kind) =>
      isSigning({ kind }),
    ),
  ).toEqual(['act', 'paper', 'warning']);
});
