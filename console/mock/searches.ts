// Saved searches: one's own with an alert, and one of a colleague.
import type { NewSearch, SavedSearch } from '~/api/searches';
import { type Answer, type Ask, fail, ok } from './state';
import { iso, minute, newId } from './town';

const windowsOfDay = 144;

export class Searches {
  private list: SavedSearch[];

  constructor(private readonly agency: { id: string; name: string }) {
    const common = {
      id: '',
      agency: null,
      mine: true,
      shared: false,
      next_seq: 90,
      problem: null,
      version: 1,
    };
    const own = { account: newId(), name: 'Nguyễn Thị Hòa' };
    this.list = [
      {
        ...common,
        id: newId(),
        name: 'Đăng nhập sai từ bên ngoài',
        query: 'app:sshd "failed password" -ip:10.0.0.0/8',
        owner: own,
        shared: true,
        alert: { over: 20, window_seconds: 600, by: 'source.ip', severity: 'high' },
        last_alert_at: iso(Date.now() - 90 * minute),
      },
      {
        ...common,
        id: newId(),
        name: 'Dùng quyền quản trị',
        query: 'app:sudo',
        agency: this.agency,
        owner: { account: newId(), name: 'Trần Văn Bình' },
        mine: false,
        shared: true,
        alert: { over: 5, window_seconds: 3600, by: null, severity: 'medium' },
        last_alert_at: null,
        problem: {
          vi: 'Người lưu không còn được tra cứu nhật ký.',
          en: 'Who saved it may no longer search the logs.',
        },
      },
    ];
  }

  answer(ask: Ask): Answer | null {
    const [, , , first, id] = ask.path.split('/');
    if (first !== 'searches') return null;
    const body = ask.body as unknown as NewSearch & { version?: number };
    if (id === 'preview') return ok(this.preview());
    if (!id && ask.method === 'GET') return ok({ items: this.list });
    if (!id) {
      const made = this.saved(body, newId(), 1);
      this.list.push(made);
      return ok(made, 201);
    }
    const at = this.list.findIndex((each) => each.id === id);
    const old = this.list[at];
    if (!old) return fail(404, 'search.unknown', 'Không có câu tìm này.', 'There is no such search.');
    if (ask.method === 'DELETE') {
      this.list.splice(at, 1);
      return { status: 204 };
    }
    if (body.version !== old.version)
      return fail(
        409,
        'search.moved_on',
        'Câu tìm đã được người khác sửa.',
        'Somebody else changed the search.',
      );
    this.list[at] = this.saved(body, old.id, old.version + 1);
    return ok(this.list[at]);
  }

  private saved(body: NewSearch, id: string, version: number): SavedSearch {
    return {
      id,
      name: body.name,
      query: body.query,
      agency: body.agency ? this.agency : null,
      owner: { account: newId(), name: 'Nguyễn Thị Hòa' },
      mine: true,
      shared: body.shared ?? false,
      alert: body.alert ?? null,
      last_alert_at: null,
      next_seq: 90,
      problem: null,
      version,
    };
  }

  private preview() {
    return {
      from: iso(Date.now() - windowsOfDay * 10 * minute),
      window_seconds: 600,
      matches_per_window: Array.from({ length: windowsOfDay }, (_, index) => (index * 37) % 23),
      complete: true,
      damaged: 0,
    };
  }
}
