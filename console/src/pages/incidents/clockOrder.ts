// The order and the words of clocks. Pure.
import type { ClockState, IncidentClock, IncidentDetail, IncidentProcess } from '~/api/incidentTypes';
import type { VerdictState } from '~/api/types';

// A clock looks like the verdict that it leads to.
export const lookOf: Record<ClockState, VerdictState> = {
  running: 'due',
  overdue: 'violated',
  kept: 'kept',
  late: 'violated',
};
const order: readonly ClockState[] = ['overdue', 'running', 'late', 'kept'];

// What runs out first stands first; what is over stands last.
export function byNeed(clocks: readonly IncidentClock[]): IncidentClock[] {
  return [...clocks].sort(
    (a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.due.localeCompare(b.due),
  );
}

// The share of its time that a clock has used, 0 to 1.
export function shareGone(clock: Pick<IncidentClock, 'started' | 'due' | 'stopped'>, now: Date): number {
  const [start, end] = [Date.parse(clock.started), Date.parse(clock.due)];
  if (!(end > start)) return 1;
  const at = clock.stopped ? Date.parse(clock.stopped) : now.getTime();
  return Math.min(1, Math.max(0, (at - start) / (end - start)));
}

// Forms that the ways on from here ask for, before all others.
export function formsByNeed(process: IncidentProcess, incident: IncidentDetail): { needed: Set<string> } {
  const needed = new Set(
    process.transitions
      .filter((way) => way.from.includes(incident.state))
      .flatMap((way) => way.papers.map((demand) => demand.form)),
  );
  return { needed };
}

// Moments that people mark by hand, and the clocks that wait for them (process.yaml of the pack, `until`): the contract does
// not say it of a clock.
export const markedMoments = ['notified', 'breach_notified'] as const;
export type MarkedMoment = (typeof markedMoments)[number];
const waits: Record<string, MarkedMoment> = {
  notice: 'notified',
  urgent_notice: 'notified',
  initial_notice: 'notified',
  personal_data: 'breach_notified',
};

export const waitsForMark = (clock: Pick<IncidentClock, 'id' | 'state'>): MarkedMoment | null =>
  clock.state === 'running' || clock.state === 'overdue' ? (waits[clock.id] ?? null) : null;

// Limits that no law names: the pack's sentence of their source says so.
export const isOwnLimit = (clock: Pick<IncidentClock, 'source'>): boolean =>
  clock.source.en.startsWith("Lũy's default");
