// Accounts, factors and acts that wait, as the pages need them to be drawn; nothing here decides anything.
import type { ApiToken } from '~/api/tokens';
import type { Account, Act, AgencyPlan, AuditEntry, Delegation } from '~/api/types';
import { actions } from '~/api/types';
import { type Answer, type Ask, ok } from './state';
import { day, iso, newId } from './town';

const own = newId();
const other = newId();

function account(id: string, username: string, name: string, agency: string, town: string): Account {
  return {
    id,
    agency,
    username,
    display_name: name,
    person: { id, name },
    sealed: false,
    sealed_at: null,
    password_set_at: iso(Date.now() - 40 * day),
    one_time_until: null,
    second_factor: id === own,
    enabled: true,
    must_change_password: false,
    last_sign_in: iso(Date.now() - day),
    grants: [{ role: id === own ? 'system_admin' : 'agency_head', agency, agency_name: town }],
  } as Account;
}

const waitingAct = (agency: string): Act =>
  ({
    id: newId(),
    kind: 'role_grant',
    object: `account:${other}`,
    agency,
    before: { username: 'tran.van.binh', grants: [] } as never,
    after: { username: 'tran.van.binh', grants: [{ role: 'agency_head', agency }] } as never,
    proposed_by: other,
    proposed_at: iso(Date.now() - 3_600_000),
    ends_at: iso(Date.now() + 6 * day),
    state: 'waiting',
    decided_by: null,
    decided_at: null,
    note: '',
    title: { vi: 'Giao vai trò', en: 'Give a role' },
    place: { id: agency, name: '' },
    proposer: { id: other, name: 'Trần Văn Bình' },
    decider: null,
    gains: [],
    may_decide: true,
    why_not: null,
  }) as Act;

const entry = (seq: number, act: string, more: Partial<AuditEntry>): AuditEntry => ({
  seq,
  at: iso(Date.now() - seq * 60_000),
  act,
  who: { account: own, name: 'quantri' },
  agreed_by: null,
  address: '10.56.4.21',
  agency: null,
  object: null,
  outcome: 'done',
  error: null,
  alarm: false,
  before: {},
  after: {},
  ...more,
});
const entries = (agency: string): AuditEntry[] => [
  entry(3, 'sign_in', { object: `account:${own}`, agency }),
  entry(7, 'role_grant', {
    object: `account:${other}`,
    agency,
    agreed_by: 'tran.van.binh',
    before: { grants: [] } as never,
    after: { grants: [{ role: 'agency_head', agency }] } as never,
  }),
  entry(9, 'break_glass_use', { object: `account:${other}`, alarm: true }),
  entry(12, 'device_read', {
    object: `device:${newId()}`,
    outcome: 'refused',
    error: 'directory.not_allowed',
    who: { account: other, name: 'tran.van.binh' },
  }),
];
const shown = (each: AuditEntry, { query }: Ask): boolean => {
  const want = (name: string) => query.get(name);
  return (
    (!want('person') || want('person') === each.who.name || want('person') === each.who.account) &&
    (!want('object') || want('object') === each.object) &&
    (!want('act') || want('act') === each.act) &&
    (want('alarm') !== 'true' || each.alarm) &&
    (!want('outcome') || (want('outcome') === 'done') === (each.outcome === 'done'))
  );
};
const token = (): ApiToken => ({
  id: newId(),
  name: 'Báo cáo tháng',
  account: { id: own, name: 'Nguyễn Thị Hòa' },
  actions: ['overview_read', 'verdict_read'],
  agency: null,
  created_at: iso(Date.now() - 20 * day),
  expires_at: iso(Date.now() + 70 * day),
  last_used: iso(Date.now() - 3_600_000),
  last_address: '10.56.4.40',
  revoked_at: null,
});
const plan = (): AgencyPlan => ({
  id: newId(),
  day: iso(Date.now() + 40 * day).slice(0, 10),
  basis: 'Nghị quyết 1686/NQ-UBTVQH15',
  by: { id: own, name: 'Nguyễn Thị Hòa' },
  agreed_by: { id: other, name: 'Trần Văn Bình' },
  state: 'waiting',
  problem: null,
  summary: { creates: 2, changes: 5, closes: 1 },
});

export class People {
  readonly accounts: Account[];
  private readonly acts: Act[];
  private readonly delegations: Delegation[] = [];
  private readonly entries: AuditEntry[];
  private plans = [plan()];
  private tokens = [token()];

  constructor(agency: { id: string; name: string }) {
    this.accounts = [
      account(own, 'quantri', 'Nguyễn Thị Hòa', agency.id, agency.name),
      account(other, 'tran.van.binh', 'Trần Văn Bình', agency.id, agency.name),
    ];
    this.acts = [waitingAct(agency.id)];
    this.entries = entries(agency.id);
  }

  answer(ask: Ask): Answer | null {
    const fixed: Record<string, () => Answer> = {
      'GET /api/v1/sessions': () =>
        ok({
          sessions: [
            {
              id: own,
              created_at: iso(Date.now() - day),
              last_seen: iso(Date.now()),
              address: '10.1.2.3',
              program: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0',
              public_place: false,
              present: true,
            },
          ],
        }),
      'GET /api/v1/factors': () => ok({ totp: false, recovery_left: 0, passkeys: [], failures: 0 }),
      'GET /api/v1/policy': () =>
        ok({
          roles: [],
          actions: actions.map((name) => ({
            name,
            title: { vi: name, en: name },
            takes_two: false,
            token: name.endsWith('_read'),
            reach: { system_admin: 'subtree' },
            allowed: true,
            why_not: null,
          })),
        }),
      'GET /api/v1/tokens': () => ok({ items: this.tokens }),
      'POST /api/v1/tokens': () => ok({ token: 'luy_7k2mq9xv3hd8w5p4n6tz', item: this.tokens[0] }, 201),
      'GET /api/v1/accounts': () => ok({ accounts: this.accounts }),
      'GET /api/v1/delegations': () => ok({ delegations: this.delegations }),
      'GET /api/v1/acts': () => ok({ holds: true, acts: this.acts }),
      'GET /api/v1/audit': () => ok({ items: this.entries.filter((each) => shown(each, ask)), next: null }),
      'GET /api/v1/audit/acts': () =>
        ok({
          items: [...new Set(this.entries.map((each) => each.act))].map((act) => ({ act, title: null })),
          object_types: [...new Set(this.entries.map((each) => each.object?.split(':')[0] ?? 'account'))],
        }),
      'POST /api/v1/audit/export': () => ({ status: 200, text: 'PK' }),
      'GET /api/v1/agencies/plans': () => ok({ items: this.plans }),
      'GET /api/v1/agencies/successions': () => ok({ successions: [] }),
    };
    const found = fixed[`${ask.method} ${ask.path}`]?.();
    if (found) return found;
    if (ask.method === 'DELETE' && ask.path.startsWith('/api/v1/tokens/')) {
      for (const each of this.tokens) if (ask.path.endsWith(each.id)) each.revoked_at = iso(Date.now());
      return { status: 204 };
    }
    if (ask.method === 'DELETE' && ask.path.startsWith('/api/v1/agencies/plans/')) {
      this.plans = this.plans.filter((each) => each.id !== ask.path.split('/').at(-1));
      return { status: 204 };
    }
    return null;
  }
}
