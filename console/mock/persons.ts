// People and what is known of them, as the pages need them to be drawn; nothing here decides anything.
import type { Person } from '~/api/personTypes';
import { type Answer, type Ask, fail, fold, ok } from './state';
import { day, iso, newId } from './town';

export const dayOf = (days: number) => iso(Date.now() + days * day).slice(0, 10);

const names: [string, string, Person['state']][] = [
  ['Nguyễn Thị Hòa', 'Quản trị mạng', 'active'],
  ['Trần Văn Bình', 'Chánh Văn phòng', 'active'],
  ['Lê Thị Thu Hương', 'Văn thư', 'leaving'],
  ['Phạm Đức An', 'Chuyên viên', 'active'],
  ['Vũ Đình Ước', 'Công chức Địa chính', 'gone'],
  ['Hoàng Minh Đức', 'Kế toán', 'active'],
];

export class Persons {
  readonly people: Person[];

  constructor(agencies: { id: string; name: string }[], accounts: Person['accounts'][]) {
    this.people = names.map(([name, position, state], index) => {
      const { id, name: called } = agencies[index % agencies.length] ?? { id: '', name: '' };
      return {
        id: newId(),
        name,
        agency: { id, name: called },
        position,
        email: index === 3 ? null : `${fold(name).split(' ').at(-1)}@bimson.thanhhoa.gov.vn`,
        phone: index === 1 ? '0912 345 678' : null,
        state,
        since: dayOf(-900 + index * 100),
        until: state === 'active' ? null : dayOf(state === 'leaving' ? 6 : -20),
        external: null,
        accounts: accounts[index] ?? [],
        leave: null,
        commitment: index % 2 === 0 ? { signed_at: iso(Date.now() - 90 * day), until: null } : null,
      };
    });
  }

  ref(index: number): { id: string; name: string } {
    const { id, name } = this.people[index % this.people.length] as Person;
    return { id, name };
  }

  answer(ask: Ask): Answer | null {
    const [, , , first, second] = ask.path.split('/');
    if (first === 'accounts' && ask.path.endsWith('/sessions')) return this.sessions(ask);
    if (first !== 'persons') return null;
    if (ask.method === 'GET') {
      if (!second) return this.list(ask);
      if (second === 'sheet') {
        return ok(
          ask.query.get('format') === 'xlsx'
            ? { xlsx: 'UEsDBA==' }
            : { csv: 'id,name,agency,position,email,phone,since\r\n' },
        );
      }
      const found = this.people.find((each) => each.id === second);
      return found
        ? ok(found)
        : fail(404, 'directory.person_unknown', 'Không có người này.', 'There is no such person.');
    }
    if (second === 'sheet') return this.sheet(ask);
    if (second === 'merge') return ok({ done: false, act: newId() }, 202);
    const { agency, ...rest } = ask.body as { agency?: string; name: string };
    const known = this.people.find((each) => each.id === second);
    if (known) return ok(Object.assign(known, rest));
    const home = this.people.find((each) => each.agency.id === agency) ?? (this.people[0] as Person);
    const made: Person = {
      ...home,
      ...rest,
      id: newId(),
      state: 'active',
      accounts: [],
      commitment: null,
      since: dayOf(0),
      until: null,
    };
    this.people.push(made);
    return ok(made, 201);
  }

  private list({ query }: Ask): Answer {
    const q = fold(query.get('q') ?? '');
    const items = this.people.filter(
      (each) =>
        (!query.get('state') || each.state === query.get('state')) &&
        (!query.get('agency') || each.agency.id === query.get('agency')) &&
        fold(`${each.name} ${each.position}`).includes(q),
    );
    return ok({ items, next: null });
  }

  private sheet(ask: Ask): Answer {
    const lines = String(ask.body?.csv ?? '')
      .split(/\r?\n/)
      .slice(1)
      .filter((text) => text !== '')
      .map((text, index) => {
        const name = text.split(',')[1] ?? '';
        const known = this.people.some((each) => each.name === name);
        return {
          line: index + 2,
          name,
          does: name === '' ? 'refuse' : known ? 'change' : 'create',
          text: { vi: name === '' ? 'Thiếu họ tên.' : '', en: name === '' ? 'No name.' : '' },
        };
      });
    const refused = lines.filter((line) => line.does === 'refuse').length;
    return ok({ lines, refused, applied: ask.query.get('preview') !== 'true' && refused === 0 });
  }

  private sessions(ask: Ask): Answer {
    if (ask.method === 'DELETE') return { status: 204 };
    return ok({
      sessions: [
        {
          id: newId(),
          created_at: iso(Date.now() - 5_000_000),
          last_seen: iso(Date.now() - 60_000),
          address: '10.56.4.33',
          program: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0',
          public_place: false,
        },
      ],
    });
  }
}
