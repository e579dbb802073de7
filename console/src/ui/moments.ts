// Wall clocks of Ho Chi Minh City as forms of the pack write them, "2026-02-05T08:30", and instants. Pure.
import { zoneOffsetMinutes } from './format';

const minute = 60_000;

export function wallOf(instant: string): string {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) return '';
  return new Date(at + zoneOffsetMinutes * minute).toISOString().slice(0, 16);
}

// What a chosen minute means: the known moment when it lies in that minute, or the present when that does, so that neither
// loses its seconds and nothing that happens now comes before what happened just before; else the minute's beginning.
export function momentIn(wall: string, known: string | null | undefined, now: Date): string | null {
  const minuteOf = wall.slice(0, 16);
  if (known && wallOf(known) === minuteOf) return known;
  const present = now.toISOString();
  return wallOf(present) === minuteOf ? present : instantOf(minuteOf);
}

export function instantOf(wall: string): string | null {
  const at = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  if (Number.isNaN(at)) return null;
  return new Date(at - zoneOffsetMinutes * minute).toISOString();
}
