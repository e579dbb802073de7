// Commitments, appointments, training and oneself, as the pages need them to be drawn.
import type { Alarm, SealedAccount } from '~/api/alarms';
import type { Appointment, Commitment, CommitmentText, Me, Training } from '~/api/commitments';
import type { Device } from '~/api/types';
import { dayOf, type Persons } from './persons';
import { type Answer, type Ask, ok } from './state';
import { day, iso, newId } from './town';

export class Registers {
  private readonly text: CommitmentText;
  private readonly signed: Commitment[];
  private readonly trainings: Training[];
  private readonly appointments: Appointment[];
  private readonly alarms: Alarm[];
  private readonly sealed: SealedAccount;

  constructor(
    private readonly persons: Persons,
    private readonly devices: Device[],
  ) {
    this.text = {
      id: 'cam-ket-bao-mat',
      version: 2,
      title: 'Cam kết bảo mật thông tin',
      body: '1. Không tiết lộ mật khẩu.\n2. Không sao chép dữ liệu ra ngoài cơ quan.\n3. Báo ngay khi có sự cố.',
      months: 12,
      by: persons.ref(1),
      at: iso(Date.now() - 30 * day),
    };
    this.signed = [this.commitment(1), this.commitment(3)];
    const agency = persons.people[0]?.agency ?? { id: '', name: '' };
    this.alarms = [
      {
        id: newId(),
        kind: 'two_places',
        severity: 'high',
        at: iso(Date.now() - 2 * day),
        times: 3,
        title: { vi: 'Một tài khoản đăng nhập ở hai nơi', en: 'One account in two places' },
        agency,
        account: { id: newId(), name: 'tran.van.binh' },
        address: '10.56.4.99',
        seq: 90,
        finding: newId(),
        acknowledged_by: persons.ref(0),
        acknowledged_at: iso(Date.now() - day),
        note: 'Đã gọi điện xác nhận.',
      },
    ];
    this.sealed = {
      account: { id: newId(), name: 'khan.cap' },
      agency,
      enabled: true,
      sealed_at: iso(Date.now() - 200 * day),
      broken: false,
      used_at: null,
      reseal_due: iso(Date.now() + 165 * day),
      seq: 91,
    };
    this.trainings = [0, 1, 3].map((index) => ({
      id: newId(),
      person: persons.ref(index),
      agency: persons.people[index]?.agency ?? { id: '', name: '' },
      topic: 'An toàn thông tin cơ bản',
      day: dayOf(-60),
      hours: 8,
      by: 'Sở Thông tin và Truyền thông',
      seq: 60 + index,
    }));
    this.appointments = [this.appointment(0, true, dayOf(200)), this.appointment(1, false, null)];
  }

  private commitment(index: number): Commitment {
    return {
      id: newId(),
      holder: { kind: 'person', ...this.persons.ref(index) },
      agency: this.persons.people[index]?.agency ?? { id: '', name: '' },
      text: { id: this.text.id, version: this.text.version },
      system: null,
      paper: null,
      paper_sha256: null,
      signed_on: dayOf(-20),
      signed_at: iso(Date.now() - 20 * day),
      until: dayOf(340),
      how: 'click',
      in_force: true,
      ended_at: null,
      end_reason: null,
      seq: 70 + index,
    };
  }

  private appointment(index: number, present: boolean, trained: string | null): Appointment {
    return {
      id: newId(),
      agency: this.persons.people[index]?.agency ?? { id: '', name: '' },
      person: this.persons.ref(index),
      decision: 'Quyết định 88/QĐ-UBND',
      day: dayOf(-300),
      until: null,
      in_force: true,
      present,
      why_not: present ? null : { vi: 'Chưa đăng nhập trong 30 ngày.', en: 'Not signed in for 30 days.' },
      trained_until: trained,
      ended_at: null,
      end_reason: null,
      seq: 80 + index,
    };
  }

  private me(): Me {
    const own = this.persons.people[0] as Me;
    const mine = this.devices.slice(0, 2);
    return {
      ...own,
      devices: mine.map((each) => ({
        id: each.id,
        name: each.name,
        class: each.class,
        place: 'Phòng 203',
        last_seen: each.last_seen,
        violated: each.counts.violated,
      })),
      trainings: this.trainings.slice(0, 1),
      commitments: this.signed.filter((each) => each.holder.id === own.id),
      tasks: [
        {
          kind: 'paper',
          title: { vi: 'Ký Báo cáo sự cố SC-2026-002', en: 'Sign the Incident report SC-2026-002' },
          due: dayOf(6),
          link: '/incidents',
        },
        {
          kind: 'review',
          title: { vi: 'Rà soát quyền RS-2026-002', en: 'Access review RS-2026-002' },
          due: dayOf(20),
          link: '/reviews',
        },
      ],
    };
  }

  answer(ask: Ask): Answer | null {
    const [, , , first, second, third] = ask.path.split('/');
    const key = `${ask.method} ${first}${second ? '/*' : ''}${third ? `/${third}` : ''}`;
    const known: Record<string, () => Answer> = {
      'GET me': () => ok(this.me()),
      'GET alarms': () => ok({ items: this.alarms }),
      'POST alarms/*/acknowledgement': () => {
        const [alarm] = this.alarms;
        if (alarm)
          Object.assign(alarm, { acknowledged_at: iso(Date.now()), acknowledged_by: this.persons.ref(0) });
        return ok(alarm);
      },
      'GET sealed-accounts': () => ok({ items: [this.sealed] }),
      'GET commitment-texts': () => ok({ items: [this.text] }),
      'PUT commitment-texts/*': () =>
        ok(Object.assign(this.text, ask.body, { version: this.text.version + 1 })),
      'GET commitments': () =>
        ok({
          items: this.signed,
          missing: [2, 5].map((index) => ({
            person: this.persons.ref(index),
            agency: this.persons.people[index]?.agency,
            since: iso(Date.now() - 100 * day),
          })),
        }),
      'POST commitments': () => {
        const made = this.commitment(0);
        this.signed.unshift(made);
        return ok(made, 201);
      },
      'POST commitments/*': () => ok(this.commitment(0), 201),
      'POST commitments/*/end': () => ok(this.commitment(0)),
      'GET appointments': () => ok({ items: this.appointments }),
      'POST appointments': () => ok(this.appointment(0, true, null), 201),
      'POST appointments/*/end': () => ok(this.appointment(0, false, null)),
      'GET trainings': () => ok({ items: this.trainings }),
      'POST trainings': () => ok({ items: this.trainings.slice(0, 1) }, 201),
      'DELETE trainings/*': () => ({ status: 204 }),
    };
    return known[key]?.() ?? null;
  }
}
