// Senders without an agent: two wait, one was taken in, one has a token.
import type { Sender } from '~/api/senders';
import type { Device } from '~/api/types';
import { type Answer, type Ask, fail, ok } from './state';
import { day, iso, minute, newId } from './town';

export class Senders {
  private list: Sender[];

  constructor(private readonly devices: Device[]) {
    const [first] = devices;
    const seen = { first_seen: iso(Date.now() - day), last_seen: iso(Date.now() - minute), dropped: 0 };
    const undecided = { agency: null, device: null, device_name: '', decided_by: '', decided_at: null };
    const decided = {
      agency: first?.agency ?? null,
      device: first?.id ?? null,
      device_name: first?.name ?? '',
      decided_by: 'quantri',
      decided_at: iso(Date.now() - day / 2),
      samples: [],
    };
    this.list = [
      {
        ...seen,
        ...undecided,
        id: newId(),
        kind: 'address',
        key: '10.56.1.1',
        about: '',
        state: 'waiting',
        records: 1240,
        dropped: 240,
        samples: [
          '<189>: 2026-11-23T08:12:04+07:00 %LINK-3-UPDOWN: Interface GigabitEthernet0/12, changed state to down',
          '<189>: 2026-11-23T08:12:05+07:00 %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/12',
        ],
      },
      {
        ...seen,
        ...undecided,
        id: newId(),
        kind: 'certificate',
        key: '5f'.repeat(32),
        about: 'CN=tuong-lua.bimson',
        state: 'waiting',
        records: 12,
        samples: ['<134>1 2026-11-23T08:12:04Z tuong-lua kernel - - - IN=wan0 SRC=203.0.113.9 DST=10.56.1.2'],
      },
      {
        ...seen,
        ...decided,
        id: newId(),
        kind: 'address',
        key: '10.56.1.2',
        about: '',
        state: 'approved',
        records: 81_220,
      },
      {
        ...seen,
        ...decided,
        id: newId(),
        kind: 'token',
        key: '',
        about: 'Fluent Bit',
        state: 'approved',
        records: 5,
      },
    ];
  }

  private place(ask: Ask): Pick<Sender, 'agency' | 'device' | 'device_name' | 'decided_by' | 'decided_at'> {
    const known = this.devices.find((each) => each.id === ask.body?.device);
    return {
      agency: known?.agency ?? String(ask.body?.agency ?? ''),
      device: known?.id ?? newId(),
      device_name: known?.name ?? String(ask.body?.name ?? ''),
      decided_by: 'quantri',
      decided_at: iso(Date.now()),
    };
  }

  answer(ask: Ask): Answer | null {
    const [, , , first, id, act] = ask.path.split('/');
    if (first !== 'senders') return null;
    if (!id) return ask.method === 'GET' ? ok({ senders: this.list }) : this.issue(ask);
    const sender = this.list.find((each) => each.id === id);
    if (!sender) return fail(404, 'intake.sender_unknown', 'Không có nguồn gửi.', 'There is no such sender.');
    if (ask.method === 'DELETE') {
      this.list = this.list.filter((each) => each !== sender);
      return { status: 204 };
    }
    if (act === 'approval') Object.assign(sender, this.place(ask), { state: 'approved', samples: [] });
    else
      Object.assign(sender, {
        state: 'refused',
        samples: [],
        decided_by: 'quantri',
        decided_at: iso(Date.now()),
      });
    return ok(sender);
  }

  private issue(ask: Ask): Answer {
    const sender: Sender = {
      ...this.place(ask),
      id: newId(),
      kind: 'token',
      key: '',
      about: String(ask.body?.about),
      state: 'approved',
      first_seen: iso(Date.now()),
      last_seen: null,
      records: 0,
      dropped: 0,
      samples: [],
    };
    this.list.push(sender);
    return ok({ sender, token: '4f'.repeat(26), url: 'https://luy.example:8446' }, 201);
  }
}
