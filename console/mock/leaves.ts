// Leavers and movers, as the pages need them to be drawn.
import type { Leave, LeaveItem } from '~/api/leaves';
import { dayOf, type Persons } from './persons';
import { type Answer, type Ask, fail, fold, ok } from './state';
import { iso, newId } from './town';

export class Leaves {
  private readonly leaves: Leave[];

  constructor(private readonly persons: Persons) {
    this.leaves = [this.make(2, 'open', 6), this.make(4, 'open', -4), this.make(5, 'planned', 25)];
  }

  private items(): LeaveItem[] {
    const item = (
      kind: LeaveItem['kind'],
      vi: string,
      en: string,
      more: Partial<LeaveItem> = {},
    ): LeaveItem => ({
      id: newId(),
      kind,
      title: { vi, en },
      ref: null,
      system: null,
      state: 'open',
      alive: false,
      seen_at: null,
      seq: null,
      owner: null,
      done_at: null,
      done_by: null,
      how: null,
      ...more,
    });
    return [
      item('product_account', 'Tài khoản huong.le', 'Account huong.le', {
        state: 'done',
        done_at: iso(Date.now()),
        seq: 18,
      }),
      item('device_account', 'Tài khoản huong trên vanthu-01', 'Account huong on vanthu-01', {
        ref: 'd/1001/huong',
        alive: true,
        seen_at: iso(Date.now() - 300_000),
        seq: 22,
      }),
      item('device', 'Thiết bị vanthu-01', 'Device vanthu-01', {
        ref: newId(),
        owner: this.persons.ref(0),
        alive: true,
        seen_at: iso(Date.now() - 300_000),
        seq: 23,
      }),
      item('other_account', 'Hộp thư công vụ', 'Official mailbox', { system: 'mail.thanhhoa.gov.vn' }),
    ];
  }

  private make(index: number, state: Leave['state'], days: number): Leave {
    const person = this.persons.people[index] ?? this.persons.people[0];
    if (!person) throw new Error('the mock has no people');
    const items = this.items();
    return {
      id: newId(),
      number: `NV-2026-00${index}`,
      person: { id: person.id, name: person.name },
      kind: index === 5 ? 'move' : 'leave',
      agency: person.agency,
      to: index === 5 ? { id: newId(), name: 'UBND phường Bắc Sơn' } : null,
      last_day: dayOf(days),
      reason: 'Quyết định 215/QĐ-UBND',
      state,
      overdue: days < 0,
      opened_at: iso(Date.now() - 3_000_000),
      opened_by: this.persons.ref(1),
      ended_at: days < 0 ? iso(Date.now() - 9_000_000) : null,
      closed_at: null,
      open_items: items.filter((each) => each.state === 'open').length,
      items,
      seq: 50 + index,
    };
  }

  answer(ask: Ask): Answer | null {
    const [, , , first, second, third, fourth, act] = ask.path.split('/');
    if (first !== 'leaves') return null;
    if (second === 'preview') {
      const items = this.items().map((each) => ({ ...each, id: null }));
      const warning = {
        vi: 'Người này còn 1 việc đang chờ phê duyệt.',
        en: 'They still wait for an approval.',
      };
      return ok({ items, warnings: [warning] });
    }
    if (!second && ask.method === 'GET') return this.list(ask);
    if (!second) {
      const made = this.make(3, 'planned', 10);
      this.leaves.unshift(made);
      return ok(made, 201);
    }
    const leave = this.leaves.find((each) => each.id === second);
    if (!leave) return fail(404, 'people.leave_unknown', 'Không có hồ sơ này.', 'There is no such case.');
    if (act === 'waive') return ok({ done: false, act: newId() }, 202);
    const item = leave.items.find((each) => each.id === fourth);
    if (item) {
      Object.assign(item, {
        state: 'done',
        alive: false,
        done_at: iso(Date.now()),
        done_by: this.persons.ref(0),
      });
      leave.open_items -= 1;
    }
    if (third === 'close') Object.assign(leave, { state: 'closed', closed_at: iso(Date.now()) });
    return ok(leave);
  }

  private list({ query }: Ask): Answer {
    const counts = { planned: 0, open: 0, overdue: 0, closed: 0 };
    for (const each of this.leaves) {
      counts[each.state] += 1;
      if (each.overdue) counts.overdue += 1;
    }
    const items = this.leaves.filter(
      (each) =>
        (!query.get('state') || each.state === query.get('state')) &&
        (query.get('overdue') !== 'true' || each.overdue) &&
        fold(`${each.person.name} ${each.number}`).includes(fold(query.get('q') ?? '')),
    );
    return ok({ items, next: null, counts });
  }
}
