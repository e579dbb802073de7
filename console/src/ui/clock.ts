// Minutes of a day as a clock and a form have them.
import dayjs, { type Dayjs } from 'dayjs';

export const minutesOfDay = 24 * 60;

export const atMinute = (minute: number): Dayjs =>
  dayjs()
    .startOf('day')
    .hour(Math.floor((minute % minutesOfDay) / 60))
    .minute(minute % 60);

export const minuteOf = (at: Dayjs): number => at.hour() * 60 + at.minute();

// Midnight at the end is the day's last moment, not its first.
export const endMinute = (at: Dayjs): number => minuteOf(at) || minutesOfDay;

export const clockOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

// Of a text field with one thing a line; empty lines say nothing.
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.normalize('NFC').trim())
    .filter((line) => line !== '');
