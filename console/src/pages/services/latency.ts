// The shape of answer times over time, on a field of 1000 by 100. Pure.
import type { ServiceHistory, ServiceState } from '~/api/types';

export type Point = ServiceHistory['points'][number];
export const fieldWidth = 1000;
export const fieldHeight = 100;

export interface Shape {
  top: number; // Milliseconds at the upper edge.
  lines: string[]; // Of each unbroken row of answers, its points.
  down: { x: number; width: number }[];
  median: number;
  most: number;
  failures: number;
}

const middle = (sorted: number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;

export function shapeOf(points: Point[], from: number, until: number, limit: number | null): Shape {
  const answers = points.flatMap((each) => (each.ms === null ? [] : [each.ms])).sort((a, b) => a - b);
  const most = answers.at(-1) ?? 0;
  // One answer that took very long must not flatten all others: what is above the edge is drawn at the edge.
  const usual = answers[Math.floor((answers.length - 1) * 0.98)] ?? 0;
  const top = Math.max(usual * 1.25, (limit ?? 0) * 1.1, 1);
  const span = Math.max(1, until - from);
  const x = (time: string) =>
    Math.round(Math.min(1, Math.max(0, (Date.parse(time) - from) / span)) * fieldWidth * 10) / 10;
  const y = (ms: number) => Math.round((1 - Math.min(1, ms / top)) * fieldHeight * 10) / 10;
  const lines: string[] = [];
  const down: Shape['down'] = [];
  let line: string[] = [];
  points.forEach((each, index) => {
    if (each.ms !== null) line.push(`${x(each.time)},${y(each.ms)}`);
    if (each.ms === null || index === points.length - 1) {
      if (line.length > 0) lines.push(line.join(' '));
      line = [];
    }
    if (each.state === 'down') {
      const next = points[index + 1];
      const start = x(each.time);
      down.push({ x: start, width: Math.max(3, (next ? x(next.time) : start) - start) });
    }
  });
  return { top, lines, down, median: middle(answers), most, failures: down.length };
}

export interface Spell {
  state: ServiceState;
  from: string;
  worst: number | null;
}

// Rows of measurements in one state, newest first.
export function spellsOf(points: Point[]): Spell[] {
  const out: Spell[] = [];
  for (const each of points) {
    const last = out.at(-1);
    if (last && last.state === each.state) {
      if (each.ms !== null) last.worst = Math.max(last.worst ?? 0, each.ms);
    } else out.push({ state: each.state, from: each.time, worst: each.ms });
  }
  return out.reverse();
}

// Two texts with what differs between them, from the first difference to the last.
export function marked(
  before: string,
  after: string,
): { head: string; before: string; after: string; tail: string } {
  const old = [...before];
  const now = [...after];
  const least = Math.min(old.length, now.length);
  let head = 0;
  while (head < least && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < least - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return {
    head: old.slice(0, head).join(''),
    before: old.slice(head, old.length - tail).join(''),
    after: now.slice(head, now.length - tail).join(''),
    tail: old.slice(old.length - tail).join(''),
  };
}
