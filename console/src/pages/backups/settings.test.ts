import { describe, expect, it } from 'vitest';
import type { BackupSet, BackupSettings } from '~/api/deviceSettings';
import { generalFromForm, generalToForm, newSet, setFromForm, setToForm, withSet } from './settings';

const files: BackupSet = {
  name: 'Văn bản',
  kind: 'files',
  every_days: 7,
  paths: ['/srv/dữ liệu', '/home'],
  excludes: ['/home/tạm'],
  databases: [],
  user: '',
  socket: '',
  keep_last: 3,
  keep_daily: 7,
  keep_weekly: 5,
  keep_monthly: 12,
  targets: [
    { kind: 'disk', path: '/mnt/sao-luu', media: [] },
    { kind: 'medium', path: '', media: ['01aryz6s410000000000000000'] },
  ],
};
const settings: BackupSettings = {
  run: true,
  from_minute: 18 * 60,
  until_minute: 24 * 60,
  busy_percent: 50,
  write_kib_per_second: 0,
  read_back_percent: 10,
  pause_on_battery: true,
  pause_load_percent: 150,
  sets: [files],
};

describe('what is backed up', () => {
  it('is the same after a form that changed nothing', () => {
    expect(setFromForm(setToForm(files))).toEqual(files);
    expect(generalFromForm(generalToForm(settings), settings.sets)).toEqual(settings);
    const database: BackupSet = {
      ...files,
      kind: 'postgresql',
      paths: [],
      excludes: [],
      databases: ['qlvb'],
      user: 'postgres',
    };
    expect(setFromForm(setToForm(database))).toEqual(database);
  });
  it('keeps only what belongs to the kind', () => {
    const mixed = { ...newSet, name: ' a ', paths: '/a', databases: 'qlvb', user: 'postgres', disks: '/mnt' };
    expect(setFromForm(mixed)).toMatchObject({ name: 'a', paths: ['/a'], databases: [], user: '' });
    expect(setFromForm({ ...mixed, kind: 'mariadb' })).toMatchObject({ paths: [], databases: ['qlvb'] });
    expect(setFromForm({ ...mixed, kind: 'sqlite', excludes: '/b' })).toMatchObject({ excludes: [] });
  });
  it('takes a changed set in the place of the former one', () => {
    const other = { ...files, name: 'Ảnh' };
    expect(
      withSet([files, other], 'Văn bản', { ...files, name: 'Tài liệu' }).map(({ name }) => name),
    ).toEqual(['Tài liệu', 'Ảnh']);
    expect(withSet([files], undefined, other)).toEqual([files, other]);
  });
});
