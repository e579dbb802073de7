import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './client';
import { type LogSearch, noSearch, runSearch, type SearchEnd, searchStep } from './logSearch';
import type { LogEvent } from './types';

const hit = (seq: number) => ({ seq }) as LogEvent;
const end: SearchEnd = {
  hits: 1,
  records_read: 9,
  blocks_skipped: 0,
  milliseconds: 3,
  complete: false,
  reason: 'limit',
  next: 4,
  damaged: [],
};
const frame = (event: string, data: unknown) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
const answers = (text: string, status = 200) =>
  vi.stubGlobal('fetch', (request: Request) => {
    asked.push(request.url);
    return Promise.resolve(new Response(text, { status }));
  });
const asked: string[] = [];
const nobody = { hit: () => {}, progress: () => {} };

afterEach(() => {
  asked.length = 0;
  vi.unstubAllGlobals();
});

describe('A search that is streamed', () => {
  it('tells hits and progress as they come, and ends with why', async () => {
    answers(frame('hit', hit(5)) + frame('progress', { reached: null }) + frame('end', end));
    const seen: number[] = [];
    const told = { hit: (event: LogEvent) => seen.push(event.seq), progress: () => seen.push(-1) };
    const done = await runSearch({ query: 'a OR b' }, 7, told, new AbortController().signal);
    expect(seen).toEqual([5, -1]);
    expect(done).toEqual(end);
    expect(asked[0]).toContain('/api/v1/events/stream?query=a%20OR%20b&before=7&limit=');
  });
  it('that is refused throws the hub’s own sentence', async () => {
    answers(JSON.stringify({ error: { code: 'evidence.question_invalid', vi: 'Sai.', en: 'Wrong.' } }), 400);
    await expect(runSearch({ query: '(' }, undefined, nobody, new AbortController().signal)).rejects.toThrow(
      ApiError,
    );
  });
  it('that breaks off is no end', async () => {
    answers(frame('hit', hit(5)));
    await expect(runSearch({ query: '' }, undefined, nobody, new AbortController().signal)).rejects.toThrow(
      'broke off',
    );
  });
});

describe('What is shown of a search', () => {
  const found: LogSearch = { ...noSearch, events: [hit(9), hit(8)], state: 'ended', end, at: 1 };
  it('grows when it goes on, and begins anew with a new question', () => {
    const on = searchStep(found, { kind: 'begin', of: 'q', keep: true });
    expect(
      searchStep(on, { kind: 'hits', events: [hit(3)], progress: null }).events.map((each) => each.seq),
    ).toEqual([9, 8, 3]);
    expect(searchStep(found, { kind: 'begin', of: 'q', keep: false }).events).toEqual([]);
  });
  it('stays when it is cancelled or breaks', () => {
    expect(searchStep(found, { kind: 'cancel' })).toMatchObject({ state: 'cancelled', events: found.events });
    const broken = searchStep(found, { kind: 'fail', error: new Error('x') });
    expect(broken).toMatchObject({ state: 'failed', events: found.events });
  });
  it('is failed when the hub says at the end that it failed', () => {
    const problem = { code: 'evidence.store_corrupt', vi: 'Hỏng.', en: 'Damaged.' };
    const failed = searchStep(found, { kind: 'end', end: { ...end, reason: 'failed', problem } });
    expect(failed.state).toBe('failed');
    expect(failed.error).toBeInstanceOf(ApiError);
  });
});
