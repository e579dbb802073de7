// How records are spread over time: so many bars of equal length from the first to the last.
export type Bar = { from: number; until: number; count: number };

export const barsMax = 48;

export function spread(times: string[], first: string, last: string): Bar[] {
  const begin = Date.parse(first);
  const end = Math.max(Date.parse(last), begin);
  const at = times.map((each) => Date.parse(each)).filter((each) => Number.isFinite(each));
  if (at.length === 0 || !Number.isFinite(begin)) return [];
  // A bar is no shorter than a second: below that there is nothing to tell apart.
  const count = Math.max(1, Math.min(barsMax, Math.ceil((end - begin) / 1000)));
  const width = (end - begin) / count || 1000;
  const bars = Array.from({ length: count }, (_, index) => ({
    from: begin + index * width,
    until: begin + (index + 1) * width,
    count: 0,
  }));
  for (const each of at) {
    const index = Math.min(count - 1, Math.max(0, Math.floor((each - begin) / width)));
    const bar = bars[index];
    if (bar) bar.count += 1;
  }
  return bars;
}
