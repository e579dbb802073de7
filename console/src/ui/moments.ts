// Wall clocks of Ho Chi Minh City as forms of the pack write them, "2026-02-05T08:30", and instants. Pure.
import { zoneOffsetMinutes } from './format';

const minute = 60_000;

export function wallOf(instant: string): string {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) return '';
  return new Date(at + zoneOffsetMinutes * minute).toISOString().slice(0, 16);
}

export function instantOf(wall: string): string | null {
  const at = Date.parse(`${wall.length === 16 ? `${wall}:00` : wall}Z`);
  if (Number.isNaN(at)) return null;
  return new Date(at - zoneOffsetMinutes * minute).toISOString();
}
