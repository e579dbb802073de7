// The duties of devices that an officer works off one by one, and how many fall short of each. Pure.
import type { Overview } from '~/api/types';

// Of the regulation's pack (articles 5, 6.8 and 9.1).
export const dutyQueues = [
  { key: 'silent', obligation: '9.1-monitoring' },
  { key: 'patches', obligation: '5.2-patching' },
  { key: 'antivirus', obligation: '5.3-antivirus' },
  { key: 'backups', obligation: '5.5-monthly-backup' },
  { key: 'wifi_keys', obligation: '6.8-wifi-rotation' },
] as const;

// Nothing judged is no zero: the count is open then.
export function shortOf(
  overview: Pick<Overview, 'cells'>,
  obligation: string,
): { count: number | undefined } {
  const cells = overview.cells.filter((cell) => cell.obligation === obligation);
  const judged = cells.filter((cell) => cell.state !== 'unknown');
  if (judged.length === 0) return { count: undefined };
  return { count: judged.reduce((sum, cell) => sum + cell.counts.violated, 0) };
}
