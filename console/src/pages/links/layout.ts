// Places the ends of connections on a field: those that talk stand near each other, none on top of another. The same
// graph always gives the same picture. Pure.
export interface Place {
  x: number;
  y: number;
}
interface Edge {
  from: string;
  to: string;
}

export const graphWidth = 1000;
export const graphHeight = 560;
const margin = 56;
const rounds = 240;
// How strongly parts that are not connected are held together.
const pullIn = 1;
const ratio = graphHeight / graphWidth;
const golden = Math.PI * (3 - Math.sqrt(5));

// Fruchterman and Reingold (1991), with pull to the middle so that parts which are not connected stay in view. `ids`:
// the most important first; it begins in the middle.
export function layout(ids: string[], edges: Edge[]): Map<string, Place> {
  const at: Place[] = ids.map((_, index) => {
    const radius = 300 * Math.sqrt(index / Math.max(1, ids.length));
    return { x: radius * Math.cos(index * golden), y: radius * ratio * Math.sin(index * golden) };
  });
  const index = new Map(ids.map((id, place) => [id, place]));
  const pairs = edges.flatMap(({ from, to }) => {
    const a = index.get(from);
    const b = index.get(to);
    return a === undefined || b === undefined || a === b ? [] : [[a, b] as const];
  });
  const ideal = Math.sqrt((graphWidth * graphHeight) / Math.max(1, ids.length)) * 0.72;
  for (let round = 0; round < rounds; round += 1) step(at, pairs, ideal, 60 * (1 - round / rounds) + 1);
  return fitted(ids, at);
}

function step(at: Place[], pairs: (readonly [number, number])[], ideal: number, most: number): void {
  const force: Place[] = at.map(({ x, y }) => ({ x: -x * pullIn, y: (-y * pullIn) / ratio }));
  const add = (node: number, x: number, y: number) => {
    const sum = force[node] as Place;
    sum.x += x;
    sum.y += y;
  };
  for (let a = 0; a < at.length; a += 1) {
    for (let b = a + 1; b < at.length; b += 1) {
      const { x, y, distance } = between(at[a] as Place, at[b] as Place);
      const push = (ideal * ideal) / (distance * distance);
      add(a, -x * push, -y * push);
      add(b, x * push, y * push);
    }
  }
  for (const [a, b] of pairs) {
    const { x, y, distance } = between(at[a] as Place, at[b] as Place);
    const pull = distance / ideal / 4;
    add(a, x * pull, y * pull);
    add(b, -x * pull, -y * pull);
  }
  at.forEach((place, node) => {
    const { x, y } = force[node] as Place;
    const size = Math.hypot(x, y) || 1;
    const limited = Math.min(size, most);
    place.x += (x / size) * limited;
    place.y += (y / size) * limited;
  });
}

function between(a: Place, b: Place): { x: number; y: number; distance: number } {
  const x = b.x - a.x || 0.01;
  const y = b.y - a.y || 0.01;
  return { x, y, distance: Math.max(1, Math.hypot(x, y)) };
}

// Stretched over the field, its margin left for names; few ends are not torn apart.
function fitted(ids: string[], at: Place[]): Map<string, Place> {
  const spread = (values: number[], size: number, each: number) => {
    const low = Math.min(...values);
    const high = Math.max(...values);
    const used = Math.min(size - 2 * margin, each * Math.sqrt(ids.length));
    return (value: number) =>
      high - low < 1 ? size / 2 : (size - used) / 2 + ((value - low) / (high - low)) * used;
  };
  const x = spread(
    at.map((each) => each.x),
    graphWidth,
    240,
  );
  const y = spread(
    at.map((each) => each.y),
    graphHeight,
    140,
  );
  return new Map(
    ids.map((id, node) => {
      const place = at[node] as Place;
      return [id, { x: Math.round(x(place.x)), y: Math.round(y(place.y)) }];
    }),
  );
}
