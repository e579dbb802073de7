// Log search and the days kept.
import type { LogEvent } from '~/api/types';
import { Inventory } from './inventory';
import { type Answer, type Ask, matches, ok } from './state';
import { day, iso } from './town';

export class Evidence extends Inventory {
  protected found(ask: Ask): LogEvent[] {
    const from = ask.query.get('from') ?? '';
    const until = ask.query.get('until') ?? '9';
    const q = ask.query.get('q') ?? '';
    const device = ask.query.get('device') ?? '';
    return this.town.events.filter(
      (each) => each.received_at >= from && each.received_at < until && matches(each, q, device),
    );
  }

  protected search(ask: Ask): Answer {
    const before = ask.query.get('before');
    const limit = Number(ask.query.get('limit') ?? 100);
    const list = this.found(ask)
      .filter((each) => !before || each.seq < Number(before))
      .reverse();
    const page = list.slice(0, limit);
    return ok({
      events: page,
      next: list.length > limit ? (page.at(-1)?.seq ?? null) : null,
      complete: list.length <= limit,
      records_read: this.town.events.length,
      blocks_skipped: 12,
      milliseconds: 3,
    });
  }

  protected histogram(ask: Ask): Answer {
    const buckets = Number(ask.query.get('buckets') ?? 60);
    const from = Date.parse(ask.query.get('from') ?? '');
    const until = Date.parse(ask.query.get('until') ?? '');
    const counts = new Array<number>(buckets).fill(0);
    for (const event of this.found(ask)) {
      const at = Math.floor(((Date.parse(event.received_at) - from) / (until - from)) * buckets);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return ok({
      from: iso(from),
      until: iso(until),
      bucket_seconds: (until - from) / 1000 / buckets,
      counts,
      complete: true,
    });
  }

  protected days(): Answer {
    const days = Array.from({ length: 34 }, (_, index) => {
      const closed = index > 0;
      const count = 52_000 + ((index * 7919) % 23_000);
      return {
        day: iso(Date.now() - index * day).slice(0, 10),
        first_seq: index,
        count,
        raw_bytes: count * 162,
        file_bytes: count * 19,
        closed,
        sha256: closed ? 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' : '',
      };
    });
    return ok({ days, retention_days: 90 });
  }
}
