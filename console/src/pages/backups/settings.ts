// A backup set as a form has it, and back; and what a set still lacks.
import type { Dayjs } from 'dayjs';
import type { BackupSet, BackupSettings } from '~/api/deviceSettings';
import { atMinute, endMinute, linesOf, minuteOf } from '~/ui/clock';

export const kinds = ['files', 'logs', 'sqlite', 'postgresql', 'mariadb'] as const;
export const servers: readonly BackupSet['kind'][] = ['postgresql', 'mariadb'];

export interface SetValues {
  name: string;
  kind: BackupSet['kind'];
  every_days: number;
  paths: string;
  excludes: string;
  databases: string;
  user: string;
  socket: string;
  keep_last: number;
  keep_daily: number;
  keep_weekly: number;
  keep_monthly: number;
  disks: string;
  media: string[];
}

export interface GeneralValues {
  run: boolean;
  from: Dayjs;
  until: Dayjs;
  busy_percent: number;
  write_kib_per_second: number;
  read_back_percent: number;
  pause_on_battery: boolean;
  pause_load_percent: number;
}

// A month of days, a year of months: what article 5 asks for, with room.
export const newSet: SetValues = {
  name: '',
  kind: 'files',
  every_days: 7,
  paths: '',
  excludes: '',
  databases: '',
  user: '',
  socket: '',
  keep_last: 3,
  keep_daily: 7,
  keep_weekly: 5,
  keep_monthly: 12,
  disks: '',
  media: [],
};

const lines = (list: string[]) => list.join('\n');

export const setToForm = (set: BackupSet): SetValues => ({
  ...set,
  paths: lines(set.paths),
  excludes: lines(set.excludes),
  databases: lines(set.databases),
  disks: lines(set.targets.filter((each) => each.kind === 'disk').map((each) => each.path)),
  media: set.targets.flatMap((each) => (each.kind === 'medium' ? each.media : [])),
});

// What does not belong to the kind is left out: the hub takes it for a mistake.
export function setFromForm(values: SetValues): BackupSet {
  const server = servers.includes(values.kind);
  const folders = values.kind === 'files' || values.kind === 'logs';
  const disk = (path: string): BackupSet['targets'][number] => ({ kind: 'disk', path, media: [] });
  return {
    name: values.name.normalize('NFC').trim(),
    kind: values.kind,
    every_days: values.every_days,
    paths: server ? [] : linesOf(values.paths),
    excludes: folders ? linesOf(values.excludes) : [],
    databases: server ? linesOf(values.databases) : [],
    user: server ? values.user.trim() : '',
    socket: server ? values.socket.trim() : '',
    keep_last: values.keep_last,
    keep_daily: values.keep_daily,
    keep_weekly: values.keep_weekly,
    keep_monthly: values.keep_monthly,
    targets: [
      ...linesOf(values.disks).map(disk),
      ...(values.media.length > 0 ? [{ kind: 'medium' as const, path: '', media: values.media }] : []),
    ],
  };
}

export const generalToForm = (section: BackupSettings): GeneralValues => ({
  run: section.run,
  from: atMinute(section.from_minute),
  until: atMinute(section.until_minute),
  busy_percent: section.busy_percent,
  write_kib_per_second: section.write_kib_per_second,
  read_back_percent: section.read_back_percent,
  pause_on_battery: section.pause_on_battery,
  pause_load_percent: section.pause_load_percent,
});

export const generalFromForm = (
  { from, until, ...values }: GeneralValues,
  sets: BackupSet[],
): BackupSettings => ({
  ...values,
  from_minute: minuteOf(from),
  until_minute: endMinute(until),
  sets,
});

// The sets with `set` in the place of the one of that name, or behind them all.
export function withSet(sets: BackupSet[], before: string | undefined, set: BackupSet): BackupSet[] {
  if (before === undefined) return [...sets, set];
  return sets.map((each) => (each.name === before ? set : each));
}
