// The weekly scan's settings as a form has them, and back.
import type { Dayjs } from 'dayjs';
import type { AntivirusSettings } from '~/api/deviceSettings';
import { atMinute, endMinute, linesOf, minuteOf } from '~/ui/clock';

export interface AntivirusValues {
  scan: boolean;
  weekday: number;
  from: Dayjs;
  until: Dayjs;
  paths: string;
  excludes: string;
  other_file_systems: boolean;
  file_mib_max: number;
  busy_percent: number;
  pause_on_battery: boolean;
  pause_load_percent: number;
  infected: AntivirusSettings['infected'];
  official_signatures: NonNullable<AntivirusSettings['official_signatures']>;
  reason: string;
}

const mebibyte = 1 << 20;
export function toForm(section: AntivirusSettings): AntivirusValues {
  return {
    scan: section.scan,
    weekday: section.weekday,
    from: atMinute(section.from_minute),
    until: atMinute(section.until_minute),
    paths: section.paths.join('\n'),
    excludes: section.excludes.join('\n'),
    other_file_systems: section.other_file_systems,
    file_mib_max: Math.round(section.file_bytes_max / mebibyte),
    busy_percent: section.busy_percent,
    pause_on_battery: section.pause_on_battery,
    pause_load_percent: section.pause_load_percent,
    infected: section.infected,
    official_signatures: section.official_signatures ?? 'offline',
    reason: '',
  };
}

// 2 GiB are one byte more than clamd can scan of one file.
const fileBytesMax = 2_147_483_647;

export function fromForm(values: AntivirusValues): AntivirusSettings {
  return {
    scan: values.scan,
    weekday: values.weekday,
    from_minute: minuteOf(values.from),
    until_minute: endMinute(values.until),
    paths: linesOf(values.paths),
    excludes: linesOf(values.excludes),
    other_file_systems: values.other_file_systems,
    file_bytes_max: Math.min(values.file_mib_max * mebibyte, fileBytesMax),
    busy_percent: values.busy_percent,
    pause_on_battery: values.pause_on_battery,
    pause_load_percent: values.pause_load_percent,
    infected: values.infected,
    official_signatures: values.official_signatures,
  };
}
