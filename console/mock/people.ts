// Accounts, factors and acts that wait, as the pages need them to be drawn; nothing here decides anything.
import type { Account, Act, Delegation } from '~/api/types';
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
    enabled: true,
    must_change_password: false,
    last_sign_in: iso(Date.now() - day),
    grants: [{ role: id === own ? 'system_admin' : 'agency_head', agency, agency_name: town }],
  };
}

const waitingAct = (agency: string): Act => ({
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
});

export class People {
  private readonly accounts: Account[];
  private readonly acts: Act[];
  private readonly delegations: Delegation[] = [];

  constructor(agency: { id: string; name: string }) {
    this.accounts = [
      account(own, 'quantri', 'Nguyễn Thị Hòa', agency.id, agency.name),
      account(other, 'tran.van.binh', 'Trần Văn Bình', agency.id, agency.name),
    ];
    this.acts = [waitingAct(agency.id)];
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
            reach: {},
            allowed: true,
            why_not: null,
          })),
        }),
      'GET /api/v1/accounts': () => ok({ accounts: this.accounts }),
      'GET /api/v1/delegations': () => ok({ delegations: this.delegations }),
      'GET /api/v1/acts': () => ok({ holds: true, acts: this.acts }),
      'GET /api/v1/agencies/successions': () => ok({ successions: [] }),
      'GET /api/v1/agencies/sheet': () => ok({ csv: 'code,name\r\n' }),
    };
    const found = fixed[`${ask.method} ${ask.path}`]?.();
    if (found) return found;
    if (ask.method === 'GET' && /^\/api\/v1\/agencies\/[^/]+\/profile$/.test(ask.path)) {
      return ok({ identifier: '', superior_header: '', contacts: [], networks: [], hours: [] });
    }
    return null;
  }
}
