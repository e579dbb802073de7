import { describe, expect, it } from 'vitest';
import type { AntivirusSettings } from '~/api/deviceSettings';
import { clockOf, linesOf } from '~/ui/clock';
import { fromForm, toForm } from './antivirus';

const section: AntivirusSettings = {
  scan: true,
  weekday: 3,
  from_minute: 12 * 60 + 5,
  until_minute: 24 * 60,
  paths: ['/', '/srv/dữ liệu'],
  excludes: [],
  other_file_systems: false,
  file_bytes_max: 2_147_483_647,
  busy_percent: 30,
  pause_on_battery: true,
  pause_load_percent: 150,
  infected: 'quarantine',
  official_signatures: 'always',
};

describe('the weekly scan', () => {
  it('is the same after a form that changed nothing', () => {
    expect(fromForm(toForm(section))).toEqual(section);
    const other = { ...section, from_minute: 0, until_minute: 90, file_bytes_max: 25 << 20 };
    expect(fromForm(toForm(other))).toEqual(other);
  });
  it('takes paths line by line, without empty ones', () => {
    expect(linesOf(' /a \n\n/b\n')).toEqual(['/a', '/b']);
  });
  it('says the hour as a clock does', () => {
    expect(clockOf(65)).toBe('01:05');
    expect(clockOf(1440)).toBe('24:00');
  });
});
