// One EventSource for the whole page. Browsers allow six connections to a host, so there is never a second one: who
// wants log lines sets the query, and the stream is opened anew with it.
import { useSyncExternalStore } from 'react';
import type { Device, LogEvent, Verdict } from './types';

export type StreamStatus = 'closed' | 'connecting' | 'open' | 'lost';
export interface LogTail {
  q: string;
  device?: string;
}
export interface FindingNews {
  id: string;
  change: 'opened' | 'grown' | 'state';
}
export interface IncidentNews {
  id: string;
  change: 'opened' | 'moved' | 'changed' | 'reminder';
}
export interface OrderNews {
  id: string;
  device: string;
}
export interface StreamListener {
  verdicts?: (verdicts: Verdict[]) => void;
  devices?: (devices: Device[]) => void;
  events?: (events: LogEvent[]) => void;
  findings?: (findings: FindingNews[]) => void;
  incidents?: (incidents: IncidentNews[]) => void;
  orders?: (orders: OrderNews[]) => void;
}

const nothing = () => ({
  verdicts: [] as Verdict[],
  devices: [] as Device[],
  events: [] as LogEvent[],
  findings: [] as FindingNews[],
  incidents: [] as IncidentNews[],
  orders: [] as OrderNews[],
});

// Bursts (a new package list turns many verdicts) reach the caches as one change.
const gatherMilliseconds = 250;
const retryMilliseconds = [1_000, 2_000, 5_000, 15_000, 30_000];

export class LiveStream {
  private source: EventSource | null = null;
  private wanted = false;
  private tail: LogTail | null = null;
  private status: StreamStatus = 'closed';
  private failures = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private flush: ReturnType<typeof setTimeout> | undefined;
  private gathered = nothing();
  private readonly listeners = new Set<StreamListener>();
  private readonly watchers = new Set<() => void>();

  constructor(private readonly open: (url: string) => EventSource = (url) => new EventSource(url)) {}

  start(): void {
    this.wanted = true;
    if (!this.source) this.connect();
  }

  stop(): void {
    this.wanted = false;
    this.disconnect();
    this.setStatus('closed');
  }

  // null ends the tail of log lines; verdicts, devices and findings go on.
  setTail(tail: LogTail | null): void {
    if (JSON.stringify(tail) === JSON.stringify(this.tail)) return;
    this.tail = tail;
    if (this.wanted) this.connect();
  }

  listen(listener: StreamListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };
  current = (): StreamStatus => this.status;

  url(): string {
    const topics = 'verdict,device,finding,incident,order';
    const query = new URLSearchParams({ topics: this.tail ? `${topics},event` : topics });
    if (this.tail?.q) query.set('q', this.tail.q);
    if (this.tail?.device) query.set('device', this.tail.device);
    return `/api/v1/stream?${query}`;
  }

  private connect(): void {
    this.disconnect();
    this.setStatus('connecting');
    const source = this.open(this.url());
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.setStatus('open');
    };
    source.onerror = () => {
      this.setStatus('lost');
      // The browser tries again by itself unless the hub refused; then we wait and try.
      if (source.readyState === 2) this.later();
    };
    source.addEventListener('verdict', (message) => this.gather('verdicts', message));
    source.addEventListener('device', (message) => this.gather('devices', message));
    source.addEventListener('finding', (message) => this.gather('findings', message));
    source.addEventListener('incident', (message) => this.gather('incidents', message));
    source.addEventListener('order', (message) => this.gather('orders', message));
    source.addEventListener('event', (message) => this.gather('events', message));
  }

  private later(): void {
    this.disconnect();
    const wait = retryMilliseconds[Math.min(this.failures, retryMilliseconds.length - 1)];
    this.failures += 1;
    this.retry = setTimeout(() => this.wanted && this.connect(), wait);
  }

  private disconnect(): void {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  private gather(kind: keyof ReturnType<typeof nothing>, message: MessageEvent): void {
    try {
      this.gathered[kind].push(JSON.parse(String(message.data)));
    } catch {
      return; // A broken message says nothing; the next reading of the page puts things right.
    }
    this.flush ??= setTimeout(() => this.deliver(), gatherMilliseconds);
  }

  private deliver(): void {
    this.flush = undefined;
    const { verdicts, devices, events, findings, incidents, orders } = this.gathered;
    this.gathered = nothing();
    for (const listener of this.listeners) {
      if (verdicts.length) listener.verdicts?.(verdicts);
      if (devices.length) listener.devices?.(devices);
      if (events.length) listener.events?.(events);
      if (findings.length) listener.findings?.(findings);
      if (incidents.length) listener.incidents?.(incidents);
      if (orders.length) listener.orders?.(orders);
    }
  }

  private setStatus(status: StreamStatus): void {
    if (status === this.status) return;
    this.status = status;
    for (const watcher of this.watchers) watcher();
  }
}

export const stream = new LiveStream();
export const useStreamStatus = () => useSyncExternalStore(stream.watch, stream.current);
