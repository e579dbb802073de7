// The drawing of the process: where every state stands, the ways between them, and where a case has been. Pure; states
// and ways are the pack's, nothing here knows their names.
import type { IncidentEntry, IncidentProcess, IncidentTransition } from '~/api/incidentTypes';

export const box = { width: 168, height: 74 };
const column = 208;
const margin = 8;
const lane = 24;
const rowGap = 64;

export type Where = 'here' | 'passed' | 'ahead';
export interface Node {
  id: string;
  x: number;
  y: number;
  end: boolean;
  where: Where;
}
export interface Edge {
  event: string;
  path: string;
  used: boolean;
  beyond: boolean;
  label: { x: number; y: number; anchor: 'start' | 'middle' } | null;
}
export interface Drawing {
  nodes: Node[];
  edges: Edge[];
  width: number;
  height: number;
}

interface Moved {
  event: string;
  from: string;
  to: string;
  round: number;
  at: string;
}

// The moves of a case as its timeline holds them.
export function movesOf(timeline: readonly IncidentEntry[]): Moved[] {
  return timeline
    .filter((entry) => entry.kind === 'moved')
    .map(({ at, data }) => ({
      event: String(data.event ?? ''),
      from: String(data.from ?? ''),
      to: String(data.to ?? ''),
      round: Number(data.round ?? 1),
      at,
    }));
}

// Moves of the round that runs, without the one that opened it again.
export function movesOfRound(
  process: IncidentProcess,
  timeline: readonly IncidentEntry[],
  round: number,
): Moved[] {
  const ends = new Set(process.states.filter((state) => state.end).map((state) => state.id));
  return movesOf(timeline).filter((move) => move.round === round && !ends.has(move.from));
}

// Ways that start at every step (joining another case) or at an end (opening again) would cover the drawing: they are
// offered as buttons and written in the list.
export function drawnWays(process: IncidentProcess): IncidentTransition[] {
  const steps = process.states.filter((state) => !state.end);
  const ends = new Set(process.states.filter((state) => state.end).map((state) => state.id));
  return process.transitions.filter(
    (way) => way.from.length < Math.max(2, steps.length) && way.from.every((from) => !ends.has(from)),
  );
}

export function drawingOf(process: IncidentProcess, present: string, moves: readonly Moved[]): Drawing {
  const steps = process.states.filter((state) => !state.end).sort((a, b) => a.step - b.step);
  const place = new Map(steps.map((state, index) => [state.id, index]));
  const ways = drawnWays(process);
  const passed = new Set([process.start, ...moves.flatMap((move) => [move.from, move.to])]);
  const used = new Set(moves.map((move) => move.event));
  const whereOf = (id: string): Where => (id === present ? 'here' : passed.has(id) ? 'passed' : 'ahead');

  const skips = ways.filter((way) => {
    const [from, to] = [place.get(way.from[0] ?? ''), place.get(way.to)];
    return from !== undefined && to !== undefined && to - from > 1;
  });
  const top = margin + skips.length * lane + (skips.length > 0 ? 8 : 0);
  const bottom = top + box.height;
  const second = bottom + rowGap;
  const nodes: Node[] = steps.map((state, index) => ({
    id: state.id,
    x: margin + index * column,
    y: top,
    end: false,
    where: whereOf(state.id),
  }));
  const at = new Map(nodes.map((node) => [node.id, node]));
  // An end stands below the last step that leads to it; one that no drawn way reaches is shown only when the case is there.
  for (const state of process.states.filter((each) => each.end)) {
    const from = ways.filter((way) => way.to === state.id).flatMap((way) => way.from);
    const last = Math.max(-1, ...from.map((id) => place.get(id) ?? -1));
    if (last < 0 && state.id !== present) continue;
    const cameFrom = moves.find((move) => move.to === state.id)?.from ?? '';
    const index = last >= 0 ? last : (place.get(cameFrom) ?? 0);
    const taken = [...at.values()].some((node) => node.end && node.x === margin + index * column);
    const node: Node = {
      id: state.id,
      x: margin + index * column,
      y: taken || last < 0 ? second + box.height + 24 : second,
      end: true,
      where: whereOf(state.id),
    };
    nodes.push(node);
    at.set(state.id, node);
  }

  const edges: Edge[] = [];
  for (const way of ways) {
    for (const source of way.from) {
      const [from, to] = [at.get(source), at.get(way.to)];
      if (!from || !to) continue;
      edges.push({
        event: way.event,
        used: used.has(way.event) && moves.some((move) => move.event === way.event && move.from === source),
        beyond: way.beyond,
        ...shapeOf(from, to, skips.indexOf(way), way.beyond),
      });
    }
  }
  return {
    nodes,
    edges,
    width: margin * 2 + (steps.length - 1) * column + box.width,
    height: Math.max(...nodes.map((node) => node.y)) + box.height + margin,
  };
}

function shapeOf(from: Node, to: Node, skip: number, beyond: boolean): Pick<Edge, 'path' | 'label'> {
  const middle = (node: Node) => node.x + box.width / 2;
  if (to.end) {
    if (to.x === from.x) return { path: `M${middle(from)} ${from.y + box.height}V${to.y}`, label: null };
    const y = to.y + box.height / 2;
    const back = to.x < from.x;
    return {
      path: `M${middle(from)} ${from.y + box.height}V${y}H${back ? to.x + box.width : to.x}`,
      label: { x: middle(from) + 10, y: y - 8, anchor: 'start' },
    };
  }
  if (skip >= 0) {
    const y = from.y - 12 - skip * lane;
    return {
      path: `M${middle(from)} ${from.y}V${y}H${middle(to)}V${to.y}`,
      label: { x: (middle(from) + middle(to)) / 2, y: y - 5, anchor: 'middle' },
    };
  }
  const y = from.y + box.height / 2;
  const below = {
    x: (from.x + box.width + to.x) / 2,
    y: from.y + box.height + 18,
    anchor: 'middle' as const,
  };
  return { path: `M${from.x + box.width} ${y}H${to.x}`, label: beyond ? below : null };
}

// "Bước 1: Xác định thẩm quyền" is "Bước 1" above "Xác định thẩm quyền", in lines of at most so many letters.
export function linesOf(title: string, letters = 22): { head: string; lines: string[] } {
  const cut = title.indexOf(': ');
  const head = cut > 0 ? title.slice(0, cut) : '';
  const lines: string[] = [];
  for (const word of (cut > 0 ? title.slice(cut + 2) : title).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const first = lines[0];
  if (head && first) lines[0] = first.charAt(0).toLocaleUpperCase() + first.slice(1);
  return { head, lines };
}
