// Requests for software, what is wrong with what is installed, and the gates.
import type {
  Agency,
  Approval,
  Device,
  Software as Installed,
  MetSoftware,
  SoftwareGateState,
  SoftwareRequest,
  SoftwareSettings,
  WrongKind,
} from '~/api/types';
import { type Answer, type Ask, fail, fold, ok } from './state';
import { day, iso, minute, newId } from './town';

interface Town {
  devices: Device[];
  agencies: Agency[];
  installed: (device: Device) => Installed[];
  approve: (ask: Ask) => Approval[];
}

const marks: Record<string, { kind: 'remote_control' | 'pirated'; label: string }> = {
  anydesk: { kind: 'remote_control', label: 'AnyDesk' },
  teamviewer: { kind: 'remote_control', label: 'TeamViewer' },
  vlmcsd: { kind: 'pirated', label: 'Giả lập máy chủ kích hoạt KMS' },
};

export class Software {
  private requests: SoftwareRequest[];
  private readonly settings = new Map<string, SoftwareSettings>();

  constructor(private readonly town: Town) {
    const agency = { id: town.agencies[0]?.id ?? '', name: town.agencies[0]?.name ?? '' };
    const open = {
      agency,
      decided_by: null,
      decided_at: null,
      reason: '',
      approvals: [],
      versions: '',
      state: 'waiting' as const,
    };
    this.requests = [
      {
        ...open,
        id: newId(),
        product: 'LibreOffice Draw',
        why: 'Vẽ sơ đồ quy trình một cửa',
        device: 'motcua-03',
        asked_by: 'Trần Đình Đạt',
        asked_at: iso(Date.now() - 3 * 60 * minute),
        mine: false,
        may_decide: true,
      },
      {
        ...open,
        id: newId(),
        product: 'AnyDesk',
        why: 'Để công ty phần mềm hỗ trợ từ xa',
        device: 'ketoan-02',
        asked_by: 'Lê Văn Ước',
        asked_at: iso(Date.now() - 2 * day),
        mine: false,
        may_decide: false,
        state: 'refused',
        decided_by: 'Nguyễn Thị Hòa',
        decided_at: iso(Date.now() - day),
        reason: 'Đã có kênh hỗ trợ của thị xã; không dùng phần mềm điều khiển từ xa.',
      },
    ];
  }

  answer(ask: Ask): Answer | null {
    const part = ask.path.split('/').slice(3).map(decodeURIComponent);
    if (part[0] === 'software-requests') return this.request(ask, part);
    if (ask.path === '/api/v1/software-wrong') return ok(this.wrong(ask));
    if (ask.path === '/api/v1/software-wrong/sheet') {
      const rows = this.wrong(ask).items.map(({ device, software }) => `${device.name},${software.name}`);
      return ok({ csv: `\ufeff${['Thiết bị,Phần mềm', ...rows].join('\r\n')}\r\n` });
    }
    if (ask.path === '/api/v1/software-gates') {
      return ok({
        items: this.town.devices.map((device) => ({
          device: { id: device.id, name: device.name },
          agency: this.agency(device),
          class: device.class,
          wanted: this.wanted(device),
          state: this.state(device),
          unapproved: this.town.installed(device).filter((each) => !each.approved).length,
          met_install: 0,
          met_execute: this.met(device).length,
          removable_mode: 'unsupported',
        })),
      });
    }
    const device = this.town.devices.find((each) => each.id === part[1]);
    if (part[0] !== 'devices' || !device) return null;
    if (part[2] === 'baseline') return ok(this.review(device));
    if (part[2] === 'software-gate') return ok(this.gate(device));
    if (part[2] === 'settings' && ask.method === 'PUT' && ask.body?.software) {
      const before = this.wanted(device);
      const after = ask.body.software as SoftwareSettings;
      const weaker = before.install === 'refuse' && after.install !== 'refuse';
      if (!weaker) this.settings.set(device.id, after);
      return ok({ act: weaker ? newId() : null, weakened: weaker ? ['software.install'] : [] });
    }
    return null;
  }

  private agency(device: Device) {
    return {
      id: device.agency,
      name: this.town.agencies.find((each) => each.id === device.agency)?.name ?? '',
    };
  }

  private request(ask: Ask, part: string[]): Answer {
    const found = this.requests.find((each) => each.id === part[1]);
    if (!part[1] && ask.method === 'GET') {
      const state = ask.query.get('state');
      const mine = ask.query.get('mine') === 'true';
      const seen = this.requests.filter((each) => !mine || each.mine);
      return ok({
        items: seen.filter((each) => !state || each.state === state),
        waiting: seen.filter((each) => each.state === 'waiting').length,
      });
    }
    if (!part[1]) {
      const made: SoftwareRequest = {
        id: newId(),
        agency: { id: this.town.agencies[0]?.id ?? '', name: this.town.agencies[0]?.name ?? '' },
        product: String(ask.body?.product),
        versions: String(ask.body?.versions ?? ''),
        why: String(ask.body?.why),
        device: String(ask.body?.device),
        asked_by: 'Nguyễn Thị Hòa',
        asked_at: iso(Date.now()),
        mine: true,
        state: 'waiting',
        decided_by: null,
        decided_at: null,
        reason: '',
        approvals: [],
        may_decide: true,
      };
      this.requests.unshift(made);
      return ok(made, 201);
    }
    if (found?.state !== 'waiting') {
      return fail(409, 'software.request_over', 'Đề nghị này đã được giải quyết hoặc đã rút.', 'It is over.');
    }
    found.may_decide = false;
    found.decided_at = iso(Date.now());
    if (ask.method === 'DELETE') {
      found.state = 'withdrawn';
      return { status: 204 };
    }
    found.decided_by = 'Nguyễn Thị Hòa';
    found.reason = String(ask.body?.reason ?? ask.body?.note ?? '');
    found.state = part[2] === 'approval' ? 'approved' : 'refused';
    if (part[2] === 'approval') {
      found.approvals = this.town.approve({ ...ask, body: { ...ask.body, agency: found.agency.id } });
    }
    return ok(found);
  }

  private kinds(software: Installed): WrongKind[] {
    const mark = marks[software.name];
    const out: WrongKind[] = software.approved ? [] : [software.ended ? 'expired' : 'unapproved'];
    if (mark && (mark.kind === 'pirated' || !software.approved)) out.push(mark.kind);
    return out;
  }

  private wrong(ask: Ask) {
    const q = fold(ask.query.get('q') ?? '');
    const kind = ask.query.get('kind') as WrongKind | null;
    const all = this.town.devices.flatMap((device) =>
      this.town.installed(device).map((software) => ({
        device: { id: device.id, name: device.name },
        agency: this.agency(device),
        software,
        kinds: this.kinds(software),
        mark: marks[software.name] ?? null,
      })),
    );
    const bad = all.filter((each) => each.kinds.length > 0);
    const devicesWith = (test: (each: (typeof bad)[number]) => boolean) =>
      new Set(bad.filter(test).map((each) => each.device.id)).size;
    return {
      items: bad
        .filter((each) => (!kind || each.kinds.includes(kind)) && fold(each.software.name).includes(q))
        .sort((a, b) => Number(b.mark !== null) - Number(a.mark !== null))
        .slice(0, 200),
      next: null,
      devices: this.town.devices.length,
      unapproved_devices: devicesWith((each) => !each.software.approved),
      remote_control_devices: devicesWith((each) => each.mark?.kind === 'remote_control'),
      pirated_devices: devicesWith((each) => each.mark?.kind === 'pirated'),
    };
  }

  private review(device: Device) {
    return {
      device: { id: device.id, name: device.name },
      software: this.town
        .installed(device)
        .filter((each) => !each.approved)
        .map((software) => ({
          software,
          suspicious: Boolean(marks[software.name]),
          by_hand: software.installed_by !== '',
          mark: marks[software.name] ?? null,
        })),
    };
  }

  private wanted(device: Device): SoftwareSettings {
    return (
      this.settings.get(device.id) ?? {
        install: 'refuse',
        execute: 'audit',
        removable: 'watch',
        contact: 'bà Nguyễn Thị Hòa, Văn phòng',
        programs: [],
        media: [],
      }
    );
  }

  private state(device: Device): SoftwareGateState | null {
    if (device.class === 'storage') return null;
    const runs = device !== this.town.devices[1];
    return {
      install: runs ? 'refuse' : 'failed',
      execute: runs ? 'audit' : 'failed',
      because: runs ? null : 'gate_not_running',
      trusted: 9120,
      at: iso(Date.now() - 3 * minute),
      seq: 3,
    };
  }

  private met(device: Device): MetSoftware[] {
    if (device !== this.town.devices[0]) return [];
    return [
      {
        act: 'execute',
        name: '/home/an/Tải về/anydesk',
        version: '',
        sha256: '5f'.repeat(32),
        user: 'an',
        refused: false,
        times: 4,
        at: iso(Date.now() - 20 * minute),
        mark: marks.anydesk ?? null,
      },
    ];
  }

  private gate(device: Device) {
    const met = this.met(device);
    return {
      wanted: this.wanted(device),
      state: this.state(device),
      met: [
        ...met,
        ...met.map((each) => ({
          ...each,
          act: 'install' as const,
          name: 'hello',
          version: '2.10-3',
          sha256: '',
          user: 'lan',
          refused: true,
          times: 1,
          mark: null,
        })),
      ],
      removable_mode: 'watch',
      removable: [
        {
          serial: '4C530001230101117',
          vendor: 'SanDisk',
          model: 'Ultra',
          bytes: 32_000_000_000,
          present: true,
          decision: 'watched',
          seen_at: iso(Date.now() - 60 * minute),
        },
      ],
      would_refuse: { install: this.town.installed(device).filter((each) => !each.approved), execute: met },
    };
  }
}
