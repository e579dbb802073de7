// Days one after another as spans, for people to read. Pure.
const day = 86_400_000;

export function spansOf(days: readonly string[]): { from: string; to: string; count: number }[] {
  const out: { from: string; to: string; count: number }[] = [];
  for (const each of [...new Set(days)].sort()) {
    const last = out.at(-1);
    if (last && Date.parse(each) - Date.parse(last.to) === day) {
      last.to = each;
      last.count += 1;
    } else out.push({ from: each, to: each, count: 1 });
  }
  return out;
}
