// How two texts differ, line by line: the longest common run of lines stays, the rest came or went. Pure.
export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
  before: number | null; // Line numbers, from 1.
  after: number | null;
}

// Forms have some hundred lines; the table of two such is small.
export function difference(before: string, after: string): DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? (longest[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0);
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ kind: 'same', text: a[i] as string, before: ++i, after: ++j });
    } else if (
      i < a.length &&
      (j === b.length || (longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0))
    ) {
      out.push({ kind: 'gone', text: a[i] as string, before: ++i, after: null });
    } else {
      out.push({ kind: 'new', text: b[j] as string, before: null, after: ++j });
    }
  }
  return out;
}

// Only what changed, with some lines around it; null stands for lines left out.
export function shortened(lines: readonly DiffLine[], around = 3): (DiffLine | null)[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some((line) => line.kind !== 'same'),
  );
  const out: (DiffLine | null)[] = [];
  lines.forEach((line, at) => {
    if (near[at]) out.push(line);
    else if (out.at(-1) !== null) out.push(null);
  });
  return out;
}

// The line that a fault names, so that the editor can go there: "bien-ban.yaml:12:3", "dòng 12", "line 12".
export function lineOf(text: string): number | null {
  const found = /:(\d+):\d+/.exec(text) ?? /(?:dòng|line)\s+(\d+)/i.exec(text);
  return found ? Number(found[1]) : null;
}
