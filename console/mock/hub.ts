// The mock's answers. One administrator, whose issued password must be changed first.
import type { Approval, Overview, Session, VerdictState } from '~/api/types';
import { actions } from '~/api/types';
import { Agencies } from './agencies';
import { Antivirus } from './antivirus';
import { Control } from './control';
import { Custody } from './custody';
import { Evidence } from './evidence';
import { Leaves } from './leaves';
import { Notices } from './notices';
import { pack } from './pack';
import { People } from './people';
import { Persons } from './persons';
import { Premises } from './premises';
import { Providers } from './providers';
import { Registers } from './registers';
import { Searches } from './searches';
import { Senders } from './senders';
import { Software } from './software';
import { Sources } from './sources';
import { type Answer, type Ask, fail, noCounts, ok } from './state';
import { day, iso, minute, newId } from './town';

const worst: VerdictState[] = ['violated', 'due', 'unknown', 'kept', 'not_applicable'];
const sessionMinutes = 30;

export class Hub extends Evidence {
  readonly username = 'quantri';
  readonly password = 'mot-lan-4448-dung';
  private present = this.password;
  private mustChange = true;
  private readonly files = new Agencies();
  private readonly people: People;
  private readonly persons: Persons;
  private readonly control: Control;
  private readonly leaves: Leaves;
  private readonly providers: Providers;
  private readonly notices: Notices;
  private readonly registers: Registers;
  private readonly premises: Premises;
  private readonly senders: Senders;
  private readonly sources: Sources;
  private readonly searches: Searches;
  private readonly custody: Custody;
  private readonly software: Software;
  private readonly antivirus: Antivirus;

  constructor(agencies: number) {
    super(agencies);
    for (const device of this.town.devices) this.judgeSoftware(device);
    this.recount();
    this.people = new People(this.town.agencies[0] ?? { id: '', name: '' });
    this.persons = new Persons(
      this.town.agencies,
      this.people.accounts.map((each) => [{ ...each, sealed: false }]),
    );
    this.control = new Control(this.town.devices, this.town.agencies, this.persons);
    this.leaves = new Leaves(this.persons);
    this.notices = new Notices(this.town.agencies[0] ?? { id: '', name: '' });
    this.providers = new Providers(this.town.agencies[0] ?? { id: '', name: '' });
    this.registers = new Registers(this.persons, this.town.devices);
    this.premises = new Premises(this.town.devices);
    this.senders = new Senders(this.town.devices);
    this.sources = new Sources(this.persons);
    this.searches = new Searches(this.town.agencies[0] ?? { id: '', name: '' });
    this.custody = new Custody(this.town.devices, this.town.agencies);
    this.antivirus = new Antivirus(this.town.devices, this.town.agencies);
    this.software = new Software({
      devices: this.town.devices,
      agencies: this.town.agencies,
      installed: (device) => this.installed(device),
      approve: (ask) => (this.approve(ask).body as { approvals: Approval[] }).approvals,
    });
  }

  answer(ask: Ask): Answer {
    const enrolment = ask.path === '/api/v1/session' && ask.method === 'POST';
    if (ask.method !== 'GET' && !ask.marked)
      return fail(
        403,
        'hub.unmarked',
        'Yêu cầu thiếu dấu X-Luy-Request.',
        'The request lacks X-Luy-Request.',
      );
    const door = this.sources.door(ask);
    if (door) return door;
    if (!enrolment && !(ask.token && this.tokens.has(ask.token)))
      return fail(401, 'api.sign_in_required', 'Bạn cần đăng nhập.', 'You need to sign in.');
    if (this.mustChange && !ask.path.startsWith('/api/v1/session')) {
      return fail(
        403,
        'directory.must_change_password',
        'Bạn phải đổi mật khẩu được cấp trước khi làm việc khác (Điều 7.2.b).',
        'You must change the issued password before anything else (article 7.2.b).',
      );
    }
    const key = `${ask.method} ${ask.path}`;
    const fixed: Record<string, () => Answer> = {
      'GET /api/v1/session': () => ok(this.session()),
      'POST /api/v1/session': () => this.signIn(ask),
      'DELETE /api/v1/session': () => {
        this.tokens.delete(ask.token ?? '');
        return { status: 204 };
      },
      'POST /api/v1/session/password': () => this.changePassword(ask),
      'GET /api/v1/overview': () => ok(this.overview()),
      'GET /api/v1/regulation': () => ok(pack),
      'GET /api/v1/verdicts': () => this.verdicts(ask),
      'GET /api/v1/agencies': () => ok({ agencies: this.town.agencies, days: this.files.days }),
      'POST /api/v1/agencies': () => this.addAgency(ask),
      'GET /api/v1/devices': () => this.devices(ask),
      'GET /api/v1/software': () => this.products(ask),
      'GET /api/v1/approvals': () => ok({ approvals: this.approvals }),
      'POST /api/v1/approvals': () => this.approve(ask),
      'POST /api/v1/approvals/baseline': () => this.baseline(ask),
      'GET /api/v1/wifi': () => ok({ networks: this.town.wifi }),
      'POST /api/v1/wifi': () => this.recordWifi(ask),
      'GET /api/v1/events': () => this.misread(ask) ?? this.search(ask),
      'GET /api/v1/events/stream': () => this.misread(ask) ?? this.streamed(ask),
      'GET /api/v1/events/histogram': () => this.misread(ask) ?? this.histogram(ask),
      'GET /api/v1/events/values': () => this.misread(ask) ?? this.values(ask),
      'GET /api/v1/evidence/days': () => this.days(),
      'GET /api/v1/system': () =>
        ok({
          version: '0.1.0',
          time: iso(Date.now()),
          fingerprint: 'c7'.repeat(32),
          events: this.town.events.length,
          days: 34,
          retention_days: 90,
          inputs: { listen: '0.0.0.0', syslog_udp: 8447, syslog_tcp: 8447, syslog_tls: 8448, http: 8446 },
          checkpoint_size: this.town.events.length,
          checkpoint_at: iso(Date.now() - 4_000),
          holidays_until: `${new Date().getFullYear() + 1}-12-31`,
        }),
      'POST /api/v1/agents/tokens': () =>
        ok(
          {
            token: 'luy1-7k2m-q9xv-3hd8',
            expires_at: iso(Date.now() + 30 * minute),
            fingerprint: 'c7'.repeat(32),
            hub_url: 'https://luy.bimson.gov.vn:8443',
            command: `luy-agent enrol --hub https://luy.bimson.gov.vn:8443 --token luy1-7k2m-q9xv-3hd8 --fingerprint ${'c7'.repeat(32)}`,
          },
          201,
        ),
    };
    return (
      fixed[key]?.() ??
      this.proofs(ask) ??
      this.files.answer(ask) ??
      this.people.answer(ask) ??
      this.persons.answer(ask) ??
      this.control.answer(ask) ??
      this.leaves.answer(ask) ??
      this.providers.answer(ask) ??
      this.notices.answer(ask) ??
      this.registers.answer(ask) ??
      this.premises.answer(ask) ??
      this.senders.answer(ask) ??
      this.sources.answer(ask) ??
      this.searches.answer(ask) ??
      this.custody.answer(ask) ??
      this.software.answer(ask) ??
      this.antivirus.answer(ask) ??
      this.withPath(ask) ??
      fail(404, 'api.not_found', 'Không tìm thấy.', 'Not found.')
    );
  }

  private withPath(ask: Ask): Answer | null {
    const part = ask.path.split('/').slice(3).map(decodeURIComponent);
    const key = `${ask.method} ${part[0]}`;
    if (key === 'GET verdicts') return this.verdict(part[1] ?? '', part[2] ?? '');
    if (key === 'DELETE approvals') {
      this.approvals = this.approvals.filter((each) => each.id !== part[1]);
      this.judgeAllSoftware();
      return { status: 204 };
    }
    if (key === 'GET events') {
      const event = this.town.events[Number(part[1])];
      if (!event)
        return fail(
          404,
          'evidence.record_unknown',
          `Không có bản ghi số ${part[1]}.`,
          `There is no record number ${part[1]}.`,
        );
      return part[2] === 'proof' ? ok(this.log.prove(event, this.town.events)) : ok(event);
    }
    const device = this.town.devices.find((each) => each.id === part[1]);
    if (part[0] !== 'devices' || !device) return null;
    if (ask.method === 'PATCH') return this.changeDevice(device, ask);
    if (part[2] === 'software') return this.deviceSoftware(device, ask);
    if (part[2] === 'timeline') return this.timeline(device);
    return this.device(device);
  }

  private session(): Session {
    const agency = this.town.agencies[0];
    return {
      username: this.username,
      display_name: 'Nguyễn Thị Hòa',
      must_change_password: this.mustChange,
      grants: [{ role: 'system_admin', agency: agency?.id ?? '', agency_name: agency?.name ?? '' }],
      actions: [...actions],
      expires_at: iso(Date.now() + sessionMinutes * minute),
    };
  }

  private cookie(): Record<string, string> {
    const token = newId();
    this.tokens.add(token);
    return { 'Set-Cookie': `luy_mock=${token}; HttpOnly; SameSite=Strict; Path=/` };
  }

  private signIn(ask: Ask): Answer {
    if (ask.body?.username !== this.username || ask.body?.password !== this.present) {
      return fail(
        401,
        'directory.sign_in_failed',
        'Tên đăng nhập hoặc mật khẩu không đúng.',
        'The user name or the password is not right.',
      );
    }
    return { status: 200, body: this.session(), headers: this.cookie() };
  }

  private changePassword(ask: Ask): Answer {
    if (ask.body?.current !== this.present)
      return fail(
        403,
        'directory.password_wrong',
        'Mật khẩu hiện tại không đúng.',
        'The current password is not right.',
      );
    this.present = String(ask.body?.new);
    this.mustChange = false;
    this.tokens.clear();
    return { status: 200, body: this.session(), headers: this.cookie() };
  }

  private overview(): Overview {
    const cells: Overview['cells'] = [];
    const totals = noCounts();
    for (const obligation of pack.obligations) {
      for (const agency of this.town.agencies) {
        const own = this.town.verdicts.filter(
          (each) => each.obligation === obligation.id && each.agency === agency.id,
        );
        if (own.length === 0) continue;
        const counts = noCounts();
        for (const verdict of own) {
          counts[verdict.state] += 1;
          totals[verdict.state] += 1;
        }
        const violated = own.filter((each) => each.state === 'violated').map((each) => each.since);
        cells.push({
          obligation: obligation.id,
          agency: agency.id,
          state: worst.find((state) => counts[state] > 0) ?? 'unknown',
          counts,
          violated_since: violated.sort()[0] ?? null,
          violated_week_ago:
            own.filter((each) => each.state === 'violated' && Date.parse(each.since) < Date.now() - 7 * day)
              .length + (obligation.id === '6.7-passwords' ? 1 : 0),
        });
      }
    }
    return {
      computed_at: iso(Date.now()),
      agencies: this.town.agencies,
      articles: pack.articles.map((article) => ({
        article: article.number,
        title: article.title,
        obligations: pack.obligations
          .filter((each) => each.article === article.number)
          .map((each) => each.id),
      })),
      cells,
      totals,
    };
  }

  private verdicts(ask: Ask): Answer {
    const want = (name: string) => ask.query.get(name);
    const article = want('article');
    const list = this.town.verdicts.filter(
      (each) =>
        (!want('obligation') || each.obligation === want('obligation')) &&
        (!article || each.obligation.startsWith(`${article}.`)) &&
        (!want('agency') || each.agency === want('agency')) &&
        (!want('subject') || each.subject.id === want('subject')) &&
        (!want('state') || each.state === want('state')),
    );
    const start = Number(want('after') ?? 0);
    const limit = Number(want('limit') ?? 100);
    const next = start + limit < list.length ? String(start + limit) : null;
    return ok({ verdicts: list.slice(start, start + limit), total: list.length, next });
  }

  private verdict(obligation: string, subject: string): Answer {
    const verdict = this.town.verdicts.find(
      (each) => each.obligation === obligation && each.subject.id === subject,
    );
    if (!verdict)
      return fail(404, 'api.not_found', 'Không tìm thấy kết luận này.', 'There is no such verdict.');
    const { state, reason_code, reason, proof, since } = verdict;
    const first = {
      at: iso(Date.now() - 40 * day),
      state: 'unknown' as const,
      reason_code: 'no_fact',
      reason: { vi: 'Chưa nhận được dữ kiện.', en: 'No fact has been received.' },
      proof: [],
    };
    return ok({ verdict, history: [{ at: since, state, reason_code, reason, proof }, first] });
  }

  private addAgency(ask: Ask): Answer {
    const agency = {
      id: newId(),
      code: String(ask.body?.code),
      name: String(ask.body?.name),
      superior: String(ask.body?.superior),
      valid_from: iso(Date.now()).slice(0, 10),
      valid_to: null,
    };
    if (this.town.agencies.some((each) => each.code === agency.code))
      return fail(
        409,
        'directory.code_taken',
        `Mã cơ quan ${agency.code} đã được dùng.`,
        `The code ${agency.code} is taken.`,
      );
    this.town.agencies.push(agency);
    return ok(agency, 201);
  }
}
