// Requests to companies, as the mock keeps them: one that waits, one that was answered, one that is late.
import type { OwnProviderRequest, ProviderRequest } from '~/api/types';
import { type Answer, type Ask, fail, ok } from './state';
import { day, iso, newId } from './town';

const kinds = [
  {
    id: 'coordinate',
    title: { vi: 'Phối hợp xử lý sự cố', en: 'Help with an incident' },
    note: { vi: '', en: '' },
  },
  {
    id: 'monitor',
    title: { vi: 'Phối hợp giám sát an toàn thông tin', en: 'Join in monitoring' },
    note: { vi: '', en: '' },
  },
];

export class Providers {
  private readonly requests: ProviderRequest[];

  constructor(agency: { id: string; name: string }) {
    const made = (more: Partial<ProviderRequest>, index: number): ProviderRequest => ({
      id: newId(),
      number: `YC-2026-000${index}`,
      agency: { id: agency.id, name: agency.name },
      provider: 'VNPT Thanh Hóa',
      accounts: [{ id: newId(), name: 'Phạm Văn Hùng', username: 'vnpt.hung' }],
      kind: kinds[0]?.id ?? '',
      kind_title: kinds[0]?.title ?? { vi: '', en: '' },
      incident: { id: newId(), number: 'SC-2026-0012', title: 'Trang thông tin bị thay đổi giao diện' },
      system: null,
      text: 'Cung cấp nhật ký truy cập máy chủ 203.0.113.9 từ 08:00 đến 12:00 ngày 20/11/2026.',
      legal_basis: 'Điều 9 Quy chế kèm theo Quyết định 4448/2017/QĐ-UBND',
      asked_at: iso(Date.now() - 2 * day),
      asked_by: 'Nguyễn Thị Hòa',
      due: iso(Date.now() + 3 * day),
      state: 'asked',
      overdue: false,
      noted_at: null,
      delay: null,
      answers: [],
      history: [{ at: iso(Date.now() - 2 * day), by: 'Nguyễn Thị Hòa', kind: 'asked', note: '' }],
      may_decide: true,
      ...more,
    });
    this.requests = [
      made(
        {
          provider: 'Viettel Thanh Hóa',
          state: 'noted',
          overdue: true,
          due: iso(Date.now() - day),
          noted_at: iso(Date.now() - 1.5 * day),
          delay: {
            asked_at: iso(Date.now() - day),
            by: 'Lê Văn Cường',
            until: iso(Date.now() + 2 * day),
            reason: 'Nhật ký lưu ở trung tâm dữ liệu Hà Nội',
            state: 'waiting',
            decided_at: null,
            note: '',
          },
        },
        2,
      ),
      made({}, 1),
      made(
        {
          state: 'answered',
          noted_at: iso(Date.now() - 1.5 * day),
          answers: [
            {
              at: iso(Date.now() - day),
              by: 'Phạm Văn Hùng',
              text: 'Đã bàn giao nhật ký theo yêu cầu.',
              document: '',
              files: [{ name: 'nhat-ky-203.0.113.9.zip', sha256: '3f'.repeat(32) }],
            },
          ],
        },
        3,
      ),
    ];
  }

  private own(request: ProviderRequest): OwnProviderRequest {
    const {
      accounts: _a,
      kind: _k,
      incident,
      system,
      asked_by: _b,
      may_decide: _m,
      agency,
      ...rest
    } = request;
    return {
      ...rest,
      agency: agency.name,
      incident_number: incident?.number ?? null,
      system_name: system?.name ?? null,
    };
  }

  answer(ask: Ask): Answer | null {
    const part = ask.path.split('/').slice(3);
    const mine = part[0] === 'me' && part[1] === 'provider-requests';
    if (!mine && part[0] !== 'provider-requests') return null;
    const [id, act] = part.slice(mine ? 2 : 1);
    if (id === 'providers') return ok({ items: this.requests[1]?.accounts ?? [] });
    if (id === undefined) {
      if (ask.method === 'POST') return this.ask(ask);
      const state = ask.query.get('state');
      const items = this.requests.filter(
        (each) => (!state || each.state === state) && (ask.query.get('overdue') !== 'true' || each.overdue),
      );
      return ok(
        mine
          ? { items: items.map((each) => this.own(each)) }
          : {
              items,
              kinds,
              overdue: 1,
              answer_days: {
                vi: 'Bỏ trống: 5 ngày làm việc theo Điều 9.3 của Quy chế.',
                en: 'Empty: 5 working days by article 9.3 of the regulation.',
              },
            },
      );
    }
    const found = this.requests.find((each) => each.id === id);
    if (!found) {
      return fail(404, 'incident.request_unknown', 'Không có yêu cầu này.', 'There is no such request.');
    }
    if (ask.method === 'POST') this.change(found, act ?? '', ask.body ?? {});
    return ok(mine ? this.own(found) : found);
  }

  private ask(ask: Ask): Answer {
    const made = {
      ...(this.requests[1] as ProviderRequest),
      id: newId(),
      number: 'YC-2026-0004',
      ...(ask.body as Partial<ProviderRequest>),
      agency: (this.requests[1] as ProviderRequest).agency,
      accounts: [],
    };
    this.requests.unshift(made);
    return ok(made, 201);
  }

  private change(request: ProviderRequest, act: string, body: Record<string, unknown>): void {
    const at = iso(Date.now());
    if (act === 'receipt') Object.assign(request, { state: 'noted', noted_at: at });
    if (act === 'answer' || act === 'letter') {
      request.state = 'answered';
      request.answers = [
        {
          at,
          by: 'Phạm Văn Hùng',
          text: String(body.text),
          document: String(body.document ?? ''),
          files: [],
        },
        ...request.answers,
      ];
    }
    const next = { close: 'closed', withdraw: 'withdrawn', return: 'returned' } as const;
    const decision = String(body.decision) as keyof typeof next;
    if (act === 'decision' && next[decision]) request.state = next[decision];
    if (act === 'decision' && request.delay && String(body.decision).endsWith('_delay')) {
      request.delay.state = body.decision === 'grant_delay' ? 'granted' : 'refused';
    }
  }
}
