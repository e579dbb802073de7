// What the mock holds, its answers' shape, and its live stream.
import type { ServerResponse } from 'node:http';
import type { Approval, Counts, Device, LogEvent, Verdict } from '~/api/types';
import { build, iso, minute, sshLine, type Town } from './town';
import { Log } from './tree';

export interface Ask {
  method: string;
  path: string;
  query: URLSearchParams;
  marked: boolean;
  token: string | undefined;
  body: Record<string, unknown> | null;
}
export interface Answer {
  status: number;
  body?: unknown;
  text?: string | Uint8Array<ArrayBuffer>; // Sent as it is: server-sent events that end, files.
  headers?: Record<string, string>;
}

export const noCounts = (): Counts => ({ kept: 0, due: 0, violated: 0, unknown: 0, not_applicable: 0 });
export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const fail = (status: number, code: string, vi: string, en: string): Answer => ({
  status,
  body: { error: { code, vi, en } },
});
export const fold = (text: string) =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase();

// Words, field:value, -not, "a phrase": enough of the hub's grammar to work against.
export function matches(event: LogEvent, q: string, device: string): boolean {
  if (device && event.device !== device) return false;
  const text = fold(event.raw);
  for (const [, not, field, quotedText, plain] of q.matchAll(/(-?)(?:([\w.]+):)?(?:"([^"]*)"|(\S+))/g)) {
    const value = quotedText ?? plain ?? '';
    const hit = field
      ? String((event.fields as Record<string, unknown>)[field] ?? '') === value
      : text.includes(fold(value));
    if (hit === (not === '-')) return false;
  }
  return true;
}

export class State {
  protected readonly tokens = new Set<string>();
  protected readonly streams = new Set<{
    out: ServerResponse;
    topics: string[];
    q: string;
    device: string;
  }>();
  protected readonly log = new Log('luy/bimson');
  protected approvals: Approval[] = [];
  protected ticks = 0;
  protected readonly town: Town;

  constructor(agencies: number) {
    this.town = build(Date.now(), agencies);
  }

  // New log lines and signs of life, as agents would send them.
  tick(): void {
    this.ticks += 1;
    const device = this.town.devices[this.ticks % this.town.devices.length] as Device;
    if (device.last_seen && Date.now() - Date.parse(device.last_seen) < 15 * minute)
      device.last_seen = iso(Date.now());
    const event = sshLine(this.town, Date.now(), device, this.ticks);
    this.push('device', device);
    this.push('event', event);
  }

  closeStreams(): void {
    for (const stream of this.streams) stream.out.end();
  }

  openStream(token: string | undefined, query: URLSearchParams, out: ServerResponse): void {
    if (!token || !this.tokens.has(token)) {
      out.writeHead(401).end();
      return;
    }
    out.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    out.write(': open\n\n');
    const stream = {
      out,
      topics: (query.get('topics') ?? 'verdict,device').split(','),
      q: query.get('q') ?? '',
      device: query.get('device') ?? '',
    };
    this.streams.add(stream);
    out.on('close', () => this.streams.delete(stream));
  }

  protected push(topic: 'verdict' | 'device' | 'event', value: Verdict | Device | LogEvent): void {
    for (const stream of this.streams) {
      if (!stream.topics.includes(topic)) continue;
      if (topic === 'event' && !matches(value as LogEvent, stream.q, stream.device)) continue;
      stream.out.write(`event: ${topic}\ndata: ${JSON.stringify(value)}\n\n`);
    }
  }

  protected recount(): void {
    for (const device of this.town.devices) {
      device.counts = noCounts();
      for (const verdict of this.town.verdicts)
        if (verdict.subject.id === device.id) device.counts[verdict.state] += 1;
    }
  }
}
