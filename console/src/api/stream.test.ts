// Goal: one connection, whatever is asked of it; what it says reaches the caches; it comes back after a loss.
import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it, vi } from 'vitest';
import { keys } from './keys';
import { applyDevices, applyVerdicts } from './live';
import { LiveStream } from './stream';
import type { Device, Verdict } from './types';

class FakeSource extends EventTarget {
  readyState = 0;
  closed = false;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
  }
  close() {
    this.closed = true;
  }
  say(kind: string, data: string) {
    this.dispatchEvent(new MessageEvent(kind, { data }));
  }
}

function start() {
  vi.useFakeTimers();
  const sources: FakeSource[] = [];
  const stream = new LiveStream((url) => {
    const source = new FakeSource(url);
    sources.push(source);
    return source as unknown as EventSource;
  });
  stream.start();
  return { stream, sources, last: () => sources.at(-1) as FakeSource };
}

const verdict = (state: Verdict['state'], subject = 's') =>
  ({ obligation: '5.1-x', state, subject: { id: subject, kind: 'device', name: subject } }) as Verdict;

describe('The stream', () => {
  it('is one connection; a tail replaces it and the end of the tail replaces it again', () => {
    const { stream, sources, last } = start();
    stream.start();
    expect(sources).toHaveLength(1);
    expect(last().url).toBe('/api/v1/stream?topics=verdict%2Cdevice%2Cfinding%2Cincident%2Corder');
    stream.setTail({ q: 'a:b c', device: 'd' });
    expect(last().url).toBe(
      '/api/v1/stream?topics=verdict%2Cdevice%2Cfinding%2Cincident%2Corder%2Cevent&q=a%3Ab+c&device=d',
    );
    stream.setTail({ q: 'a:b c', device: 'd' });
    expect(sources).toHaveLength(2);
    stream.setTail(null);
    expect(sources.filter((source) => !source.closed)).toHaveLength(1);
  });
  it('gathers a burst into one change and drops what it cannot read', () => {
    const { stream, last } = start();
    const seen: Verdict[][] = [];
    stream.listen({ verdicts: (verdicts) => seen.push(verdicts) });
    last().say('verdict', JSON.stringify(verdict('kept', 'a')));
    last().say('verdict', '{broken');
    last().say('verdict', JSON.stringify(verdict('kept', 'b')));
    vi.advanceTimersByTime(1_000);
    expect(seen.map((verdicts) => verdicts.map((each) => each.subject.id))).toEqual([['a', 'b']]);
  });
  it('says whether it is open, and tries again when the hub refused', () => {
    const { stream, sources, last } = start();
    expect(stream.current()).toBe('connecting');
    last().onopen?.();
    expect(stream.current()).toBe('open');
    last().readyState = 2;
    last().onerror?.();
    expect(stream.current()).toBe('lost');
    vi.advanceTimersByTime(1_500);
    expect(sources).toHaveLength(2);
    stream.stop();
    expect(stream.current()).toBe('closed');
    vi.advanceTimersByTime(60_000);
    expect(sources).toHaveLength(2);
  });
});

describe('The caches', () => {
  it('turn with a verdict, and ask again for what follows from it', () => {
    const client = new QueryClient();
    const page = {
      pages: [{ verdicts: [verdict('violated'), verdict('due', 'other')], total: 2, next: null }],
    };
    client.setQueryData(keys.verdicts.of({ obligation: '5.1-x' }), page);
    client.setQueryData(keys.verdict.of('5.1-x', 's'), { verdict: verdict('violated'), history: [] });
    client.setQueryData(keys.overview, {});
    applyVerdicts(client, [verdict('due'), verdict('kept')]);
    const turned = client.getQueryData<typeof page>(keys.verdicts.of({ obligation: '5.1-x' }));
    expect(turned?.pages[0]?.verdicts.map((each) => each.state)).toEqual(['kept', 'due']);
    expect(client.getQueryState(keys.overview)?.isInvalidated).toBe(true);
    expect(client.getQueryState(keys.verdict.of('5.1-x', 's'))?.isInvalidated).toBe(true);
  });
  it('ask for the list again when a new device appears', () => {
    const client = new QueryClient();
    client.setQueryData(keys.devices.of({}), { devices: [{ id: 'a', name: 'old' }] });
    applyDevices(client, [{ id: 'a', name: 'new' } as Device]);
    expect(client.getQueryData(keys.devices.of({}))).toEqual({ devices: [{ id: 'a', name: 'new' }] });
    expect(client.getQueryState(keys.devices.of({}))?.isInvalidated).toBe(false);
    applyDevices(client, [{ id: 'b', name: 'b' } as Device]);
    expect(client.getQueryState(keys.devices.of({}))?.isInvalidated).toBe(true);
  });
});
