// Accounts on devices and reviews of rights, as the pages need them to be drawn.
import type { DeviceAccount, LinkChange, ManyLinks, ReviewDetail, ReviewLine } from '~/api/controlTypes';
import type { Device } from '~/api/types';
import { dayOf, type Persons } from './persons';
import { type Answer, type Ask, fail, fold, ok } from './state';
import { day, iso, newId } from './town';

const seen: [string, boolean, DeviceAccount['problems']][] = [
  ['huong', false, ['owner_gone']],
  ['an.pham', false, ['ownerless']],
  ['root', true, ['over_privileged', 'ownerless']],
  ['quay1', false, ['shared']],
  ['hoa', false, []],
];

export class Control {
  private readonly accounts: DeviceAccount[];
  private readonly reviews: ReviewDetail[];

  constructor(
    devices: Device[],
    agencies: { id: string; name: string }[],
    private readonly persons: Persons,
  ) {
    this.accounts = devices.slice(0, 5).flatMap((device, at) => {
      const agency = agencies.find((each) => each.id === device.agency) ?? { id: '', name: '' };
      const place = { id: device.id, name: device.name, agency: { id: agency.id, name: agency.name } };
      return seen.map(([name, administrator, problems], index) =>
        this.account(place, name, administrator, problems, at * 5 + index),
      );
    });
    const { id, name } = agencies[0] ?? { id: '', name: '' };
    this.reviews = [this.review({ id, name })];
  }

  private account(
    device: DeviceAccount['device'],
    name: string,
    administrator: boolean,
    problems: DeviceAccount['problems'],
    seq: number,
  ): DeviceAccount {
    return {
      device,
      name,
      uid: 1000 + seq,
      can_log_in: true,
      administrator,
      last_login: seq % 3 === 0 ? null : iso(Date.now() - seq * day),
      link: problems.length === 0 ? this.link({ person: this.persons.ref(0).id, kind: 'personal' }) : null,
      proposed:
        name === 'an.pham'
          ? {
              person: this.persons.ref(3),
              why: {
                vi: 'Tên tài khoản trùng họ tên viết tắt.',
                en: 'The account is named like the person.',
              },
            }
          : null,
      problems,
      since: iso(Date.now() - 4 * day),
      seq: 20 + seq,
    };
  }

  private link(wanted: LinkChange): NonNullable<DeviceAccount['link']> {
    const person = this.persons.people.find((each) => each.id === wanted.person);
    return {
      person: person ? { id: person.id, name: person.name } : null,
      kind: wanted.kind,
      administrator_until: wanted.administrator_until ?? null,
      reason: wanted.reason ?? '',
      by: this.persons.ref(0),
      at: iso(Date.now()),
      expires: wanted.expires ?? null,
      seq: 30,
    };
  }

  private review(agency: { id: string; name: string }): ReviewDetail {
    const line = (index: number): ReviewLine => ({
      id: newId(),
      subject: {
        kind: index % 2 ? 'device_account' : 'account',
        id: newId(),
        title: index % 2 ? `vanthu-0${index}/hoa` : `tai.khoan.${index}`,
      },
      holder: this.persons.ref(index),
      position: 'Chuyên viên',
      rights: [{ vi: 'Cán bộ phụ trách an toàn thông tin', en: 'Security officer' }],
      last_used: index === 2 ? null : iso(Date.now() - index * day),
      flags: index === 2 ? ['dormant'] : [],
      answer: index === 0 ? 'keep' : null,
      reason: null,
      by: index === 0 ? this.persons.ref(1) : null,
      at: index === 0 ? iso(Date.now()) : null,
      done_at: null,
      may_answer: index !== 4,
      why_not:
        index === 4
          ? { vi: 'Không ai trả lời dòng của chính mình.', en: 'Nobody answers their own line.' }
          : null,
    });
    const lines = [0, 1, 2, 3, 4].map(line);
    return {
      id: newId(),
      number: 'RS-2026-002',
      agency,
      below: true,
      opened_at: iso(Date.now() - 10 * day),
      due: `${dayOf(20)}T16:59:59Z`,
      closed_at: null,
      overdue: false,
      counts: { lines: 5, answered: 1, keep: 1, change: 0, remove: 0, undone: 0 },
      by: this.persons.ref(1),
      seq: 41,
      lines,
    };
  }

  answer(ask: Ask): Answer | null {
    const [, , , first, second, third] = ask.path.split('/').map(decodeURIComponent);
    if (first === 'device-accounts') return this.devices(ask, second, third);
    if (first !== 'reviews') return null;
    if (!second && ask.method === 'GET') {
      const open = ask.query.get('open');
      return ok({ items: this.reviews.filter((each) => !open || (open === 'true') === !each.closed_at) });
    }
    if (!second) {
      const made = this.review({ id: String(ask.body?.agency), name: '' });
      this.reviews.unshift(made);
      return ok(made, 201);
    }
    const review = this.reviews.find((each) => each.id === second);
    if (!review)
      return fail(404, 'people.review_unknown', 'Không có đợt rà soát này.', 'There is no such review.');
    if (ask.method === 'PUT') this.take(review, ask);
    if (third === 'close') review.closed_at = iso(Date.now());
    return ok(review);
  }

  private take(review: ReviewDetail, ask: Ask): void {
    for (const given of (ask.body?.answers ?? []) as { line: string; answer: 'keep'; reason?: string }[]) {
      const line = review.lines.find((each) => each.id === given.line);
      if (line)
        Object.assign(line, {
          answer: given.answer,
          reason: given.reason ?? null,
          by: this.persons.ref(0),
          at: iso(Date.now()),
        });
    }
    review.counts.answered = review.lines.filter((each) => each.answer).length;
    review.counts.undone = review.lines.filter((each) => each.answer && each.answer !== 'keep').length;
  }

  private devices(ask: Ask, second?: string, third?: string): Answer {
    if (second === 'links') {
      const { items } = ask.body as unknown as ManyLinks;
      for (const item of items) this.set(item.device, item.name, item);
      return ok({ linked: items.length });
    }
    if (ask.method === 'PUT')
      return ok(this.set(second ?? '', third ?? '', ask.body as unknown as LinkChange));
    if (ask.method === 'DELETE') return { status: 204 };
    const want = (name: string) => ask.query.get(name);
    const counts: Record<string, number> = {};
    for (const each of this.accounts)
      for (const problem of each.problems) counts[problem] = (counts[problem] ?? 0) + 1;
    const items = this.accounts.filter(
      (each) =>
        (!want('problem') || each.problems.some((problem) => problem === want('problem'))) &&
        (!want('person') || each.link?.person?.id === want('person')) &&
        (!want('device') || each.device.id === want('device')) &&
        fold(`${each.name} ${each.device.name}`).includes(fold(want('q') ?? '')),
    );
    return ok({ items, next: null, counts });
  }

  private set(device: string, name: string, wanted: LinkChange): DeviceAccount | undefined {
    const account = this.accounts.find((each) => each.device.id === device && each.name === name);
    if (account) Object.assign(account, { link: this.link(wanted), problems: [], proposed: null });
    return account;
  }
}
