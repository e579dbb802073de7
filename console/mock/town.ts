// A made-up town for development and browser tests: agencies, machines, facts, log lines, verdicts. Deterministic but
// for the present moment, on which ages depend.
import type { Agency, Device, DeviceClass, LogEvent, Verdict, WifiNetwork } from '~/api/types';
import { factBodies } from './facts';
import { day, hour, iso, minute } from './time';
import { verdicts } from './verdicts';

export { day, iso, minute } from './time';

// The same numbers on every start (mulberry32).
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
let made = 0;
export function newId(): string {
  made += 1;
  let text = '';
  for (let n = made, i = 0; i < 8; i += 1, n = Math.floor(n / 32)) text = alphabet[n % 32] + text;
  return `01kx3v9c4q8m2ztyd7${text}`;
}

const allAgencies: [string, string][] = [
  ['H56.52.01', 'Văn phòng HĐND&UBND thị xã Bỉm Sơn'],
  ['H56.52.02', 'Phòng Văn hóa và Thông tin'],
  ['H56.52.03', 'Phòng Tài chính – Kế hoạch'],
  ['H56.52.11', 'UBND phường Bắc Sơn'],
  ['H56.52.12', 'UBND phường Ba Đình'],
  ['H56.52.13', 'UBND phường Lam Sơn'],
  ['H56.52.14', 'UBND phường Đông Sơn'],
  ['H56.52.15', 'UBND xã Quang Trung'],
];

// More than have names of their own, for the town office's view.
function agencyAt(index: number): [string, string] {
  const kinds = ['Trường THCS', 'Trường Tiểu học', 'Trường Mầm non', 'Trạm Y tế'];
  const wards = [
    'Bắc Sơn',
    'Ba Đình',
    'Lam Sơn',
    'Đông Sơn',
    'Ngọc Trạo',
    'Phú Sơn',
    'Quang Trung',
    'Hà Lan',
  ];
  const at = index - allAgencies.length;
  const [kind, ward] = [kinds[Math.floor(at / wards.length) % kinds.length], wards[at % wards.length]];
  return allAgencies[index] ?? [`H56.52.${index + 20}`, `${kind} ${ward}`];
}
// Above this the town is large, and so is each agency.
const namedMax = allAgencies.length;
const devicesOfLarge = 10;

const names: [string, DeviceClass, string, string][] = [
  ['vanthu-01', 'server', 'Nguyễn Thị Hòa', 'Phòng máy chủ, tầng 2'],
  ['ketoan-02', 'workstation', 'Lê Văn Ước', 'Phòng 204'],
  ['motcua-03', 'workstation', 'Trần Đình Đạt', 'Bộ phận Một cửa'],
  ['laptop-04', 'mobile', '', ''],
  ['luutru-05', 'storage', 'Phạm Quốc Ấn', 'Phòng máy chủ, tầng 2'],
];

export interface Town {
  agencies: Agency[];
  devices: Device[];
  software: Map<
    string,
    { name: string; version: string; firstSeen: string; offered: string | null; security: boolean }[]
  >;
  wifi: WifiNetwork[];
  events: LogEvent[];
  verdicts: Verdict[];
}

const packages: [string, string, string | null, boolean][] = [
  ['anydesk', '6.3.2', null, false],
  ['bash', '5.2.15-2+b7', null, false],
  ['chromium', '154.0.7200.10-1~deb12u1', '156.0.8078.79-1~deb12u1', true],
  ['clamav', '1.4.3+dfsg-1~deb12u1', null, false],
  ['coreutils', '9.1-1', null, false],
  ['libreoffice-calc', '4:7.4.7-1+deb12u8', null, false],
  ['nmap', '7.93+dfsg1-1', null, false],
  ['openssh-server', '1:9.2p1-2+deb12u7', null, false],
  ['openssl', '3.0.17-1~deb12u2', '3.0.18-1~deb12u1', true],
  ['sudo', '1.9.13p3-1+deb12u2', null, false],
  ['teamviewer', '15.70.4', null, false],
  ['ultraviewer', '6.6.124', null, false],
  ['vim', '2:9.0.1378-2+deb12u2', null, false],
];

function machinesOf(agency: number, agencyCount: number): typeof names {
  if (agencyCount <= namedMax) return names.slice(0, agency === 0 ? 5 : 2);
  return Array.from({ length: devicesOfLarge }, (_, index): (typeof names)[number] => {
    const like = names[index % names.length] as (typeof names)[number];
    return [`${like[0]}${index < names.length ? '' : 'b'}`, like[1], like[2], like[3]];
  });
}

export function build(now: number, agencyCount: number): Town {
  const roll = dice(4448);
  const agencies = Array.from({ length: agencyCount }, (_, index) => agencyAt(index)).map(
    ([code, name], index): Agency => ({
      id: newId(),
      code,
      name,
      superior: null,
      valid_from: index < 6 ? '2018-01-01' : '2020-03-01',
      valid_to: null,
    }),
  );
  const head = agencies[0]?.id ?? null;
  for (const agency of agencies.slice(1)) agency.superior = head;
  const devices = agencies.flatMap((agency, a) =>
    machinesOf(a, agencyCount).map(
      ([name, kind, person, place], d): Device => ({
        id: newId(),
        agency: agency.id,
        name: a === 0 ? name : `${name}-${agency.code.slice(-2)}`,
        class: kind,
        os: kind === 'server' || kind === 'storage' ? 'Debian GNU/Linux 12 (bookworm)' : 'Ubuntu 24.04.3 LTS',
        addresses: [`192.168.${10 + a}.${20 + d}`],
        enrolled_at: iso(now - 40 * day + d * hour),
        last_seen: iso(now - (a === 1 && d === 0 ? 52 * minute : roll() * 2 * minute)),
        agent_version: '0.1.0',
        place,
        person_in_charge: person,
        counts: { kept: 0, due: 0, violated: 0, unknown: 0, not_applicable: 0 },
      }),
    ),
  );
  const town: Town = { agencies, devices, software: new Map(), wifi: [], events: [], verdicts: [] };
  for (const device of devices) {
    const few = packages.map(([name, version, offered, security]) => ({
      name,
      version,
      firstSeen: iso(now - 39 * day),
      offered,
      security,
    }));
    // The first machine has as many packages as a real one, so that long tables are met.
    const many = device === devices[0] ? 260 : 0;
    for (let i = 0; i < many; i += 1) {
      few.push({
        name: `lib${alphabet.slice(i % 20, (i % 20) + 5)}${i}`,
        version: `1.${i}-1`,
        firstSeen: iso(now - 39 * day),
        offered: null,
        security: false,
      });
    }
    town.software.set(device.id, few);
  }
  if (head && devices[1]) {
    town.wifi = [
      {
        ssid: 'UBND-TX-BimSon',
        agency: head,
        registered: true,
        security: 'wpa2',
        key_changed_at: iso(now - 81 * day),
        seen_on: [devices[1].id],
        last_seen: iso(now - 4 * minute),
        note: 'Phủ tầng 1 và tầng 2',
        place: '',
        owner: '',
        bssids: [],
        recorded_on: null,
        key_proof: 'none' as const,
        clients_changed: 0,
        clients_behind: 0,
      },
      {
        ssid: 'Cafe Hoa Sữa',
        agency: head,
        registered: false,
        security: 'open',
        key_changed_at: null,
        seen_on: [devices[1].id],
        last_seen: iso(now - 9 * minute),
        note: '',
        place: '',
        owner: '',
        bssids: [],
        recorded_on: null,
        key_proof: 'none' as const,
        clients_changed: 0,
        clients_behind: 0,
      },
    ];
  }
  events(town, now, roll);
  verdicts(town, now, roll);
  return town;
}

export function addEvent(
  town: Town,
  at: number,
  device: Device | null,
  stream: string,
  transport: LogEvent['transport'],
  raw: string,
  fields: object = {},
): LogEvent {
  const event: LogEvent = {
    seq: town.events.length,
    received_at: iso(at),
    agency: device?.agency ?? town.agencies[0]?.id ?? '',
    device: device?.id ?? null,
    device_name: device?.name ?? '',
    stream,
    transport,
    raw,
    raw_base64: null,
    fields: fields as LogEvent['fields'],
  };
  town.events.push(event);
  return event;
}

export function sshLine(town: Town, at: number, device: Device, n: number): LogEvent {
  const ip = `203.0.113.${5 + (n % 40)}`;
  const users = ['root', 'admin', 'hoant', 'postgres'];
  const user = users[n % users.length] ?? 'root';
  const message =
    n % 5 === 0
      ? `Accepted publickey for ${user} from ${ip} port ${40_000 + n} ssh2`
      : `Failed password for ${user} from ${ip} port ${40_000 + n} ssh2`;
  return addEvent(
    town,
    at,
    device,
    '/var/log/auth.log',
    'file',
    `${iso(at)} ${device.name} sshd[${900 + n}]: ${message}`,
    {
      'event.category': 'authentication',
      'event.outcome': n % 5 === 0 ? 'success' : 'failure',
      'process.name': 'sshd',
      'process.pid': 900 + n,
      'source.ip': ip,
      'user.name': user,
      'host.hostname': device.name,
      message,
    },
  );
}

const cron = 'pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)';

function events(town: Town, now: number, roll: () => number): void {
  const facts = factBodies(now);
  for (const [index, device] of town.devices.entries()) {
    for (const [kind, method, body] of facts) {
      const collected = iso(now - (30 - index) * minute);
      addEvent(
        town,
        now - (30 - index) * minute + 900,
        device,
        `fact/${kind}`,
        'fact',
        JSON.stringify({ fact: kind, version: 1, collected_at: collected, method, body }),
      );
    }
  }
  const times = Array.from({ length: 900 }, () => now - roll() ** 2 * 23 * hour).sort((a, b) => a - b);
  for (const [n, at] of times.entries()) {
    const device = town.devices[Math.floor(roll() * town.devices.length)] as Device;
    if (n % 3 === 0) sshLine(town, at, device, n);
    else if (n % 3 === 1)
      addEvent(town, at, device, 'journal', 'journal', `CRON[${n}]: ${cron}`, {
        'process.name': 'CRON',
        'user.name': 'root',
        message: cron,
      });
    else
      addEvent(
        town,
        at,
        device,
        '/var/log/syslog',
        'file',
        `${iso(at)} ${device.name} máy in tầng 2: hết giấy, chờ nạp (việc số ${n})`,
      );
  }
}
