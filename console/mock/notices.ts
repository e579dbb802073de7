// Notices that leave the mock: none does, but all of it can be looked at.
import type { MyNotices, Notice, NoticeSettings, NoticeStanding, Webhook } from '~/api/types';
import { type Answer, type Ask, ok } from './state';
import { day, iso, minute, newId } from './town';

const refused = {
  vi: 'Máy chủ không trả lời trong 15 giây.',
  en: 'The server did not answer within 15 seconds.',
};

export class Notices {
  private own: MyNotices = {
    email: 'hoa.nt@bimson.gov.vn',
    goes: true,
    problem: null,
    digest_at: iso(Date.now() + day),
    language: 'vi',
    items: (
      ['finding', 'search', 'verdict', 'incident', 'warning', 'act', 'account', 'break_glass'] as const
    ).map((kind) => ({
      kind,
      how: kind === 'verdict' ? 'digest' : 'at_once',
      fixed: kind === 'account' || kind === 'break_glass',
    })),
  };
  private readonly standing: NoticeStanding;
  private readonly webhooks: Webhook[];
  private readonly sent: Notice[];

  constructor(agency: { id: string; name: string }) {
    const at = { id: agency.id, name: agency.name };
    this.standing = {
      settings: {
        mail: {
          enabled: true,
          host: 'mail.bimson.gov.vn',
          port: 587,
          security: 'starttls',
          username: 'luy@bimson.gov.vn',
          secret_file: 'mail-password',
          ca_file: null,
          sender: 'luy@bimson.gov.vn',
        },
        domains: ['bimson.gov.vn'],
        webhook_hosts: [{ host: 'soc.thanhhoa.gov.vn', networks: ['10.0.0.0/8'] }],
      },
      may_change: true,
      changed_at: iso(Date.now() - 9 * day),
      waiting: 1,
      failed: 1,
      last_sent: iso(Date.now() - 20 * minute),
      problem: null,
    };
    const hook: Webhook = {
      id: newId(),
      name: 'SOC tỉnh',
      agency: at,
      url: 'https://soc.thanhhoa.gov.vn/luy/bim-son',
      ca_file: null,
      kinds: ['finding', 'incident'],
      enabled: true,
      secret_at: iso(Date.now() - 9 * day),
      waiting: 0,
      failed: 1,
      last_sent: iso(Date.now() - 60 * minute),
      problem: refused,
    };
    this.webhooks = [
      hook,
      {
        ...hook,
        id: newId(),
        name: 'Trục liên thông',
        secret_at: null,
        last_sent: null,
        failed: 0,
        problem: null,
      },
    ];
    const mail: Notice = {
      id: newId(),
      channel: 'mail',
      kind: 'incident',
      agency: at,
      person: { id: newId(), name: 'Nguyễn Thị Hòa' },
      webhook: null,
      state: 'sent',
      digest: false,
      created_at: iso(Date.now() - 21 * minute),
      attempts: 1,
      next_at: null,
      done_at: iso(Date.now() - 20 * minute),
      problem: null,
    };
    this.sent = [
      {
        ...mail,
        id: newId(),
        kind: 'verdict',
        state: 'waiting',
        digest: true,
        attempts: 0,
        next_at: iso(Date.now() + day),
        done_at: null,
      },
      mail,
      {
        ...mail,
        id: newId(),
        channel: 'webhook',
        kind: 'finding',
        person: null,
        webhook: { id: hook.id, name: hook.name },
        state: 'failed',
        attempts: 8,
        problem: refused,
      },
    ];
  }

  answer(ask: Ask): Answer | null {
    const [first, second, third] = ask.path.split('/').slice(3);
    if (first === 'me' && second === 'notices') {
      if (ask.method === 'PUT') {
        const body = ask.body as Partial<Pick<MyNotices, 'items' | 'language'>>;
        const wanted = body.items ?? [];
        this.own = {
          ...this.own,
          language: body.language ?? this.own.language,
          items: this.own.items.map((each) => ({
            ...each,
            how: wanted.find((one) => one.kind === each.kind)?.how ?? each.how,
          })),
        };
      }
      return ok(this.own);
    }
    if (first === 'notices') {
      if (second === 'settings') {
        if (ask.method !== 'PUT') return ok(this.standing);
        this.standing.settings = ask.body as unknown as NoticeSettings;
        return ok({ done: true, act: null });
      }
      if (second === 'test')
        return ok({
          ok: true,
          text: { vi: 'Máy chủ thư đã nhận thư thử.', en: 'The server took the test mail.' },
        });
      if (third === 'retry') return { status: 204 };
      const [state, webhook] = [ask.query.get('state'), ask.query.get('webhook')];
      return ok({
        items: this.sent.filter(
          (each) => (!state || each.state === state) && (!webhook || each.webhook?.id === webhook),
        ),
      });
    }
    if (first !== 'webhooks') return null;
    if (third === 'secret')
      return ok({ secret: `luywhs_${'k7'.repeat(21)}q`, previous_until: iso(Date.now() + day) });
    if (third === 'test') return ok({ ok: false, text: refused });
    if (ask.method === 'GET') return ok({ items: this.webhooks });
    return ok({ done: false, act: newId(), webhook: second ?? newId() }, 202);
  }
}
