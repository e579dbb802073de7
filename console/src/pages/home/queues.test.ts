import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { OverviewCell } from '~/api/types';
import { dutyQueues, shortOf } from './queues';

const cell = (obligation: string, state: OverviewCell['state'], violated: number): OverviewCell => ({
  obligation,
  agency: 'a',
  state,
  counts: { kept: 1, due: 0, violated, unknown: 0, not_applicable: 0 },
  violated_since: null,
  violated_week_ago: null,
});

it('What falls short is counted over all agencies, and nothing judged is no zero', () => {
  const cells = [
    cell('5.2', 'violated', 2),
    cell('5.2', 'violated', 3),
    cell('5.3', 'unknown', 0),
    cell('5.5', 'kept', 0),
  ];
  expect(['5.2', '5.3', '5.5', '5.6'].map((duty) => shortOf({ cells }, duty).count)).toEqual([
    5,
    undefined,
    0,
    undefined,
  ]);
});

it('Every queue is a duty of the pack', () => {
  const pack = join(__dirname, '..', '..', '..', '..', 'regulation', '4448-2017');
  const text = readdirSync(pack, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8'))
    .join('\n');
  for (const { obligation } of dutyQueues) expect(text).toContain(obligation);
});
