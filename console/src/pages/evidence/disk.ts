// When the disk reaches the levels that are told (src/custody/forecast.h). Pure.
import type { DiskState } from '~/api/custodyTypes';
import { addDays } from './coverage';

export const diskLevels = [
  { level: 'watch', percent: 70 },
  { level: 'warning', percent: 85 },
  { level: 'critical', percent: 95 },
  { level: 'full', percent: 100 },
] as const;
export type DiskMark = (typeof diskLevels)[number]['level'];

// No disk is looked at further ahead than ten years, as on the hub.
const daysFar = 3_650;

export type Reached =
  | { state: 'passed' }
  | { state: 'on'; day: string; days: number }
  | { state: 'far' | 'unknown' };

// In a straight line from today's fill.
export function reached(
  disk: Pick<DiskState, 'total_bytes' | 'free_bytes' | 'growth_bytes_per_day' | 'days_measured'>,
  percent: number,
  today: string,
): Reached {
  const left = (percent / 100) * disk.total_bytes - (disk.total_bytes - disk.free_bytes);
  if (left <= 0) return { state: 'passed' };
  // Fewer than three days tell nothing (growth_days_min).
  if (disk.days_measured < 3) return { state: 'unknown' };
  if (disk.growth_bytes_per_day <= 0) return { state: 'far' };
  const days = Math.floor(left / disk.growth_bytes_per_day);
  return days > daysFar ? { state: 'far' } : { state: 'on', day: addDays(today, days), days };
}
