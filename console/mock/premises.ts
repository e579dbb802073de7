// The registers of what stands in an agency and on its networks, as the pages need them to be drawn.
import type { Equipment, Rotation } from '~/api/equipment';
import type { Line, Stranger, Subnet } from '~/api/network';
import type { SecretDetail } from '~/api/secrets';
import type { Device } from '~/api/types';
import type { AirNetwork } from '~/api/wifi';
import { type Answer, type Ask, fail, ok } from './state';
import { day, iso, minute, newId } from './town';

const dayOf = (at: number) => iso(at).slice(0, 10);

export class Premises {
  private readonly equipment: Equipment[];
  private readonly rotations: Rotation[];
  private readonly air: AirNetwork[];
  private readonly secrets: SecretDetail[];
  private readonly strangers: Stranger[];

  constructor(devices: Device[]) {
    const now = Date.now();
    const agency = devices[0]?.agency ?? '';
    const device = devices[0]?.id ?? newId();
    const one = (name: string, kind: Equipment['kind'], more: Partial<Equipment>): Equipment => ({
      id: newId(),
      agency,
      device,
      kind,
      name,
      model: '',
      serial: '',
      place: 'Phòng máy chủ, tầng 1',
      custodian: 'Nguyễn Văn An',
      address: '',
      mac: '',
      firmware: '',
      support_ends_on: null,
      supported: true,
      note: '',
      registered_by: 'Trần Thị Bình',
      registered_at: iso(now - 200 * day),
      retired_at: null,
      retire_reason: '',
      version: 1,
      rotation: { state: 'never', changed_on: null, due_on: null },
      ...more,
    });
    const changed = (state: Equipment['rotation']['state'], ago: number) => ({
      state,
      changed_on: dayOf(now - ago * day),
      due_on: dayOf(now + (90 - ago) * day),
    });
    this.equipment = [
      one('Bộ định tuyến chính', 'router', {
        model: 'RB4011iGS+',
        serial: 'HD208AB12CD',
        address: '10.56.1.1',
        mac: '02:00:00:00:00:01',
        firmware: 'RouterOS 7.14.3',
        rotation: changed('kept', 20),
      }),
      one('Bộ chuyển mạch tầng 2', 'switch', {
        model: 'WS-C2960X-48TS-L',
        serial: 'FOC1234X0AB',
        address: '10.56.1.2',
        place: 'Tủ mạng tầng 2',
        support_ends_on: dayOf(now - 30 * day),
        supported: false,
        rotation: changed('overdue', 130),
      }),
      one('Ổ lưu trữ văn bản', 'nas', {
        model: 'DS920+',
        address: '10.56.1.9',
        rotation: changed('due', 80),
      }),
      one('Modem nhà mạng', 'modem', { model: 'G-240W', custodian: 'Lê Văn Cường' }),
    ];
    this.rotations = [20, 105].map((ago) => ({
      id: newId(),
      changed_on: dayOf(now - ago * day),
      next_due_on: null,
      accounts: 'admin, SNMP',
      changed_by: 'Nguyễn Văn An',
      note: 'Theo kế hoạch quý',
      recorded_by: 'Trần Thị Bình',
      recorded_at: iso(now - ago * day),
    }));
    const seen = (ssid: string, bssid: string, more: Partial<AirNetwork>): AirNetwork => ({
      agency,
      ssid,
      bssid,
      security: 'wpa2',
      signal_dbm: -60,
      standing: 'unknown',
      note: '',
      marked_by: '',
      seen_by: [device],
      last_seen: iso(now - 4 * minute),
      seq: 120,
      ...more,
    });
    this.air = [
      seen('UBND-TX-BimSon', '02:00:00:00:00:bb', { standing: 'impostor', signal_dbm: -48 }),
      seen('Cafe Hoa Sữa', '02:00:00:00:00:0c', { security: 'open', signal_dbm: -71 }),
      seen('UBND-TX-BimSon', '02:00:00:00:00:0a', { standing: 'registered', signal_dbm: -40 }),
      seen('Phở Hà', '02:00:00:00:00:0d', {
        standing: 'known',
        note: 'Quán phở đối diện',
        marked_by: 'Trần Thị Bình',
      }),
    ];
    this.secrets = [this.secret(agency, now)];
    const stranger = (mac: string, address: string, more: Partial<Stranger>): Stranger => ({
      agency,
      mac,
      random: false,
      addresses: [address],
      name: '',
      seen_by: [device],
      first_seen: iso(now - 2 * day),
      last_seen: iso(now - 20 * minute),
      seq: 140,
      overdue: false,
      decision: null,
      ...more,
    });
    const said = (kind: 'printer' | 'foreign', reason: string) => ({
      decision: { kind, reason, by: 'Trần Thị Bình', at: iso(now - day) },
    });
    this.strangers = [
      stranger('00:1b:a9:12:34:56', '10.56.1.40', said('printer', 'Máy in phòng một cửa')),
      stranger('b8:27:eb:aa:bb:cc', '10.56.1.77', { first_seen: iso(now - 11 * day), overdue: true }),
      stranger('da:a1:19:00:00:01', '10.56.1.120', { random: true }),
      stranger('ec:71:db:00:11:22', '10.56.1.200', said('foreign', 'Không phòng nào nhận')),
    ];
  }

  private plan(): Subnet[] {
    const agency = this.equipment[0]?.agency ?? '';
    const at = {
      agency,
      note: '',
      changed_by: 'Trần Thị Bình',
      changed_at: iso(Date.now() - 90 * day),
      version: 1,
    };
    const agreed = {
      agreed_with: 'Sở Khoa học và Công nghệ',
      agreed_on: '2026-03-02',
      document: '118/SKHCN',
    };
    return [
      {
        ...at,
        ...agreed,
        id: 'p1',
        range: '10.56.1.0/24',
        purpose: 'Máy trạm',
        gateway: '10.56.1.1',
        vlan: 10,
        dedicated: false,
      },
      {
        ...at,
        ...agreed,
        id: 'p2',
        range: '10.200.4.0/24',
        purpose: 'TSLCD',
        gateway: '10.200.4.1',
        vlan: 20,
        dedicated: true,
      },
    ];
  }

  private lines(): Line[] {
    const agency = this.equipment[0]?.agency ?? '';
    const one = { agency, note: '', changed_by: 'Trần Thị Bình', ended_at: null, end_reason: '', version: 1 };
    return [
      {
        ...one,
        id: 'l1',
        kind: 'internet',
        name: 'Cáp quang tầng 1',
        provider: 'VNPT',
        mbps: 300,
        exits: ['203.0.113.7'],
        router: 'RB4011iGS+',
        terms: 'Hợp đồng 12/2026',
        noticed_on: null,
        notice_document: '',
        notice_due_on: dayOf(Date.now() + 9 * day),
      },
      {
        ...one,
        id: 'l2',
        kind: 'dedicated',
        name: 'TSLCD cấp II',
        provider: 'Bưu điện Trung ương',
        mbps: 50,
        exits: [],
        router: '',
        terms: '',
        noticed_on: null,
        notice_document: '',
        notice_due_on: null,
      },
    ];
  }

  private secret(agency: string, now: number): SecretDetail {
    const move = {
      from_room: 'Phòng 105, nhà A',
      from_holder: 'Nguyễn Văn An',
      to_room: 'Phòng 201, nhà B',
      to_holder: 'Trần Thị Bình',
      reason: 'Cải tạo phòng 105',
      asked_by: 'Lê Văn Cường',
    };
    return {
      device: {
        id: newId(),
        agency,
        label: 'BM-01',
        serial: 'PF3ABCDE',
        macs: ['02:00:00:00:00:ee'],
        purpose: 'drafting',
        room: 'Phòng 105, nhà A',
        holder: 'Nguyễn Văn An',
        registered_by: 'Lê Văn Cường',
        registered_at: iso(now - 300 * day),
        retired_at: null,
        retire_reason: '',
        version: 2,
        open_sightings: 1,
        move: 'asked',
        checked_at: iso(now - 40 * day),
        check_sound: false,
      },
      moves: [
        {
          ...move,
          id: newId(),
          state: 'asked',
          planned_on: dayOf(now + day),
          asked_at: iso(now - day),
          decided_by: '',
          decided_at: null,
          decision_note: '',
          seal: '',
          witness: '',
          moved_at: null,
          signed_on: null,
        },
        {
          ...move,
          id: newId(),
          state: 'moved',
          planned_on: dayOf(now - 200 * day),
          asked_at: iso(now - 201 * day),
          decided_by: 'Phạm Văn Dũng',
          decided_at: iso(now - 200 * day),
          decision_note: 'Đồng ý',
          seal: 'NP-2026-014',
          witness: 'Hoàng Thị Em',
          moved_at: iso(now - 200 * day),
          signed_on: null,
        },
      ],
      checks: [
        {
          id: newId(),
          day: dayOf(now - 40 * day),
          problems: [
            { vi: 'có ổ đĩa chưa mã hóa', en: 'a disk is not encrypted' },
            { vi: 'không có phần mềm phòng chống mã độc đang chạy', en: 'no antivirus program runs' },
          ],
          volumes: 3,
          open_volumes: 1,
          logins: 2,
          logins_without_password: 0,
          antivirus_running: false,
          network: false,
          wireless: true,
          room: 'Phòng 105, nhà A',
          entered_by: 'Lê Văn Cường',
          at: iso(now - 40 * day),
        },
      ],
      sightings: [
        {
          source: 'switch',
          by: 'mac',
          first: iso(now - 3 * minute),
          last: iso(now - minute),
          first_seq: 120,
          last_seq: 121,
          count: 2,
          closed_at: null,
          closed_by: '',
          reason: '',
        },
      ],
      may_manage: true,
      may_approve: true,
    };
  }

  answer(ask: Ask): Answer | undefined {
    const [, , , place, id, part] = ask.path.split('/');
    if (place === 'equipment' && ask.method === 'GET') {
      if (!id) return ok({ items: this.equipment, password_age_days: 90 });
      const equipment = this.equipment.find((each) => each.id === id);
      return equipment
        ? ok({ equipment, rotations: this.rotations, password_age_days: 90, may_manage: true })
        : fail(404, 'premises.equipment_unknown', 'Không có thiết bị này.', 'There is no such device.');
    }
    if (place === 'wifi' && id === 'seen' && ask.method === 'GET')
      return ok({ networks: this.air, radios: 3 });
    if (place === 'network' && id === 'plan' && ask.method === 'GET')
      return ok({ items: this.plan(), drifts: [] });
    if (place === 'network' && id === 'lines' && ask.method === 'GET')
      return ok({ items: this.lines(), drifts: [], notice_within_days: 14 });
    if (place === 'network' && id === 'strangers' && ask.method === 'GET')
      return ok({ items: this.strangers, decide_within_days: 7, full: false });
    if (place !== 'secret-devices') return undefined;
    const secret = this.secrets.find((each) => each.device.id === id);
    if (part === 'codes' && secret)
      return ok({ code: '7K2M-Q9TX-04BZ-W3HN-F', valid_until: iso(Date.now() + 30 * day) }, 201);
    if (ask.method !== 'GET') return undefined;
    if (!id) return ok({ items: this.secrets.map((each) => each.device), check_days: 92 });
    return secret
      ? ok(secret)
      : fail(404, 'premises.secret_unknown', 'Không có thiết bị này.', 'There is no such device.');
  }
}
