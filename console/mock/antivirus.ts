// Signatures that machines get from the hub, and how they scan themselves, as the pages need them to be drawn.
import type { AntivirusSettings, SettingsOrigin } from '~/api/deviceSettings';
import type { NewSignatureList, SignatureDevice, SignatureSet } from '~/api/signatures';
import type { Agency, Device } from '~/api/types';
import { type Answer, type Ask, fail, ok } from './state';
import { day, iso, newId } from './town';

const product: AntivirusSettings = {
  scan: true,
  weekday: 3,
  from_minute: 12 * 60,
  until_minute: 24 * 60,
  paths: ['/'],
  excludes: ['/var/lib/clamav'],
  other_file_systems: false,
  file_bytes_max: 100 << 20,
  busy_percent: 30,
  pause_on_battery: true,
  pause_load_percent: 150,
  infected: 'quarantine',
  official_signatures: 'offline',
};
const byProduct: SettingsOrigin = {
  from: 'product',
  id: null,
  name: null,
  set_by: null,
  set_at: null,
  reason: null,
};

export class Antivirus {
  private readonly set = new Map<string, { section: AntivirusSettings; origin: SettingsOrigin }>();
  private sets: SignatureSet[];
  private readonly history: SignatureSet[] = [];

  constructor(
    private readonly devices: Device[],
    private readonly agencies: Agency[],
  ) {
    const official = (file: string, title: string, age: number, signatures: number, bytes: number) =>
      this.made({ file, title, age_days: age, signatures, bytes, version: 27_800 });
    this.sets = [
      official('main.cvd', 'main', 900, 6_647_427, 170 << 20),
      official('daily.cvd', 'daily', 2, 2_076_412, 62 << 20),
      this.made({
        kind: 'yara',
        file: 'luy-7f31.yar',
        title: 'Mã độc giả giấy mời họp',
        author: 'Công an tỉnh',
        agency: this.place(devices[0]?.agency ?? ''),
        reason: 'Công văn 311/CAT-ANM',
        signatures: 3,
        bytes: 2_113,
        verified: 'loaded',
      }),
    ];
  }

  answer(ask: Ask): Answer | null {
    const part = ask.path.split('/').slice(3).map(decodeURIComponent);
    const [first = '', id = '', last = ''] = part;
    if (first === 'signature_sets' && ask.method === 'GET')
      return ok({ items: this.sets, history: this.history, may_import: true, age_days_max: 7 });
    if (first === 'signature_sets' && last === 'removal') return this.remove(id, ask);
    if (first === 'signature_lists') return this.add(ask.body as unknown as NewSignatureList);
    if (first === 'signature_devices')
      return ok({ items: this.devices.map((each, index) => this.standing(each, index)) });
    const settings = (first === 'devices' && last === 'settings') || last === 'device-settings';
    if (!settings || (ask.method !== 'GET' && !('antivirus' in (ask.body ?? {})))) return null;
    return ask.method === 'GET' ? this.settings(first, id) : this.change(first, id, ask);
  }

  private place(id: string) {
    return { id, name: this.agencies.find((each) => each.id === id)?.name ?? '' };
  }

  private made(more: Partial<SignatureSet>): SignatureSet {
    const age = more.age_days ?? null;
    return {
      id: newId(),
      kind: 'official',
      agency: null,
      file: '',
      title: '',
      author: 'ClamAV',
      reason: null,
      version: null,
      built_at: age === null ? null : iso(Date.now() - age * day),
      age_days: null,
      stale: false,
      signatures: 0,
      bytes: 0,
      sha256: '9f86d081884c7d65'.repeat(4),
      verified: 'signed',
      source: 'upload',
      imported_by: 'Trần Thị Bình',
      imported_at: iso(Date.now() - day),
      ended_at: null,
      ended_by: null,
      end_reason: null,
      may_remove: true,
      ...more,
    };
  }

  private remove(id: string, ask: Ask): Answer {
    const found = this.sets.find((each) => each.id === id);
    if (!found) return fail(404, 'http.not_found', 'Không tìm thấy.', 'Not found.');
    this.sets = this.sets.filter((each) => each !== found);
    this.history.unshift({
      ...found,
      may_remove: false,
      ended_at: iso(Date.now()),
      ended_by: 'Nguyễn Thị Hòa',
      end_reason: String(ask.body?.reason),
    });
    return { status: 204 };
  }

  private add(wanted: NewSignatureList): Answer {
    const made = this.made({
      kind: wanted.kind,
      agency: this.place(wanted.agency),
      file: `luy-${this.sets.length}.${wanted.kind === 'yara' ? 'yar' : 'hdb'}`,
      title: wanted.title,
      author: wanted.author,
      reason: wanted.reason,
      signatures: wanted.content.split('\n').length,
      bytes: wanted.content.length,
      verified: 'loaded',
    });
    this.sets.push(made);
    return ok(made, 201);
  }

  private standing(device: Device, index: number): SignatureDevice {
    const age = [1, 12, 2, null][index % 4] ?? null;
    const failed = index % 7 === 3;
    return {
      device: { id: device.id, name: device.name },
      agency: this.place(device.agency),
      clamav: age === null ? null : '1.4.3',
      signatures_date: age === null ? null : iso(Date.now() - age * day),
      age_days: age,
      stale: age !== null && age > 7,
      told_at: index % 3 === 0 ? null : iso(Date.now() - (index % 5) * day),
      result: index % 3 === 0 ? null : failed ? 'failed' : 'installed',
      why: failed && index % 3 !== 0 ? 'clamd không đọc được daily.cvd' : null,
      files: [],
      current: index % 2 === 0 ? this.sets.length : this.sets.length - 1,
      wanted: this.sets.length,
    };
  }

  private holding(kind: string, id: string) {
    const own = this.set.get(id);
    if (own || kind === 'agencies') return own;
    return this.set.get(this.devices.find((each) => each.id === id)?.agency ?? '');
  }

  private settings(kind: string, id: string): Answer {
    const { section, origin } = this.holding(kind, id) ?? { section: product, origin: byProduct };
    const sections = {
      antivirus: section,
      software: {
        install: 'watch',
        execute: 'watch',
        removable: 'watch',
        contact: '',
        programs: [],
        media: [],
      },
      backup: {
        run: false,
        from_minute: 0,
        until_minute: 1440,
        busy_percent: 50,
        write_kib_per_second: 0,
        read_back_percent: 10,
        pause_on_battery: true,
        pause_load_percent: 150,
        sets: [],
      },
    };
    const origins = { antivirus: origin, software: byProduct, backup: byProduct };
    if (kind === 'agencies')
      return ok({
        sections,
        origins,
        devices_apart: this.devices.filter((each) => each.agency === id && this.set.has(each.id)).length,
      });
    const policy = {
      state: 'held',
      version: 4,
      issued_at: iso(Date.now() - day),
      held_version: 4,
      told_at: iso(Date.now() - day),
      refusal: null,
      unknown: [],
      proof: 3,
    };
    return ok({ sections, origins, policy });
  }

  private change(kind: string, id: string, ask: Ask): Answer {
    const section = ask.body?.antivirus as AntivirusSettings | null;
    if (section)
      this.set.set(id, {
        section,
        origin: {
          from: kind === 'agencies' ? 'agency' : 'device',
          id,
          name: kind === 'agencies' ? this.place(id).name : null,
          set_by: 'Nguyễn Thị Hòa',
          set_at: iso(Date.now()),
          reason: String(ask.body?.reason),
        },
      });
    else this.set.delete(id);
    return ok({ act: null, weakened: [] });
  }
}
