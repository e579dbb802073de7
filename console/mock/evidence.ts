// Log search and the days kept.
import type { LogEvent } from '~/api/types';
import { Inventory } from './inventory';
import { type Answer, type Ask, fail, matches, ok } from './state';
import { day, iso } from './town';
import { consistency, leafData, leafHash, root } from './tree';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

export class Evidence extends Inventory {
  protected found(ask: Ask): LogEvent[] {
    const from = ask.query.get('from') ?? '';
    const until = ask.query.get('until') ?? '9';
    const q = ask.query.get('query') ?? ask.query.get('q') ?? '';
    const device = ask.query.get('device') ?? '';
    return this.town.events.filter(
      (each) => each.received_at >= from && each.received_at < until && matches(each, q, device),
    );
  }

  // The one fault of a question that the mock knows: a bracket that nothing closes.
  protected misread(ask: Ask): Answer | null {
    const at = [...(ask.query.get('query') ?? '')].indexOf('(') + 1;
    if (at === 0 || ask.query.get('query')?.includes(')')) return null;
    const why = `${at}: thiếu ')' / ')' is missing`;
    return fail(
      400,
      'evidence.question_invalid',
      `Câu tìm kiếm sai tại ký tự ${why}.`,
      `The search is wrong at character ${why}.`,
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

  protected streamed(ask: Ask): Answer {
    const before = ask.query.get('before');
    const limit = Number(ask.query.get('limit') ?? 1000);
    const list = this.found(ask)
      .filter((each) => !before || each.seq < Number(before))
      .reverse();
    const page = list.slice(0, limit);
    const read = { hits: page.length, records_read: this.town.events.length, milliseconds: 3 };
    const over = list.length <= limit;
    const frame = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    return {
      status: 200,
      text: [
        ...page.map((event) => frame('hit', event)),
        frame('end', {
          ...read,
          complete: over,
          reason: over ? 'end' : 'limit',
          next: over ? null : (page.at(-1)?.seq ?? null),
          blocks_read: 3,
          blocks_skipped: 12,
          damaged: [],
        }),
      ].join(''),
    };
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

  protected values(ask: Ask): Answer {
    const field = ask.query.get('field') ?? '';
    const counts = new Map<string, number>();
    const found = this.found(ask);
    for (const event of found) {
      const value = (event.fields as Record<string, unknown>)[field];
      if (value !== undefined) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    }
    const values = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
    const held = values.reduce((sum, each) => sum + each.count, 0);
    return ok({
      field,
      values: values.slice(0, Number(ask.query.get('top') ?? 10)),
      records: found.length,
      without: found.length - held,
      complete: true,
      damaged: 0,
    });
  }

  private readonly smallest = 20; // Records of the smallest tree that a checkpoint is shown of.

  private treeLeaves(size = this.town.events.length): Uint8Array[] {
    return this.town.events.slice(0, size).map((event) => leafHash(leafData(event)));
  }

  protected proofs(ask: Ask): Answer | null {
    const about = ask.path.replace('/api/v1/evidence/', '');
    if (about === 'checkpoint') return { status: 200, text: this.log.checkpoint(this.treeLeaves()) };
    if (about === 'checkpoints') return ok({ items: this.checkpoints(Number(ask.query.get('before') ?? 0)) });
    if (about === 'keys') return ok({ root: this.log.root.verifierKey, items: this.log.keys() });
    if (about !== 'consistency') return null;
    const [old, now] = [Number(ask.query.get('old') ?? 1), Number(ask.query.get('new') ?? 1)];
    return ok({
      old_size: old,
      old_root: hex(root(this.treeLeaves(old))),
      new_size: now,
      new_root: hex(root(this.treeLeaves(now))),
      path: consistency(old, this.treeLeaves(now)).map(hex),
    });
  }

  private checkpoints(before: number) {
    const sizes = [this.town.events.length, this.town.events.length - 3, this.smallest];
    return sizes
      .filter((size) => before === 0 || size < before)
      .map((size, index) => ({
        size,
        root: hex(root(this.treeLeaves(size))),
        signed_at: iso(Date.now() - 4_000 - index * 3_600_000),
        closing: size === this.smallest,
        note: this.log.checkpoint(this.treeLeaves(size)),
        signer: this.log.verifierKey,
        key_day: this.log.day,
      }));
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
        check: closed ? { at: iso(Date.now() - 3_600_000), sound: index !== 9, fault: null } : null,
        held: index === 5 ? ['x'] : [],
        copies: index > 20 ? 2 : 0,
        withheld: index === 12 ? 3 : 0,
        due_for_deletion: index > 30 ? iso(Date.now() + (90 - index) * day).slice(0, 10) : null,
      };
    });
    return ok({ days, retention_days: 90 });
  }
}
