// What an alert would have done in the windows that are past. Pure.
export const windows = [60, 300, 600, 1800, 3600, 21_600, 86_400] as const;

export interface Outlook {
  most: number; // In one window.
  alerts: number; // Windows with more than `over`.
}

export function outlook(matches: readonly number[], over: number): Outlook {
  return { most: Math.max(0, ...matches), alerts: matches.filter((count) => count > over).length };
}

export const barsMax = 96;

// Many windows as few bars: each the most of its neighbours, so that no peak is lost.
export function bars(matches: readonly number[], most = barsMax): number[] {
  const size = Math.max(1, Math.ceil(matches.length / most));
  const out: number[] = [];
  for (let at = 0; at < matches.length; at += size) out.push(Math.max(...matches.slice(at, at + size)));
  return out;
}

// A span in the largest unit that divides it.
export function windowOf(seconds: number): { unit: 'minutes' | 'hours' | 'days'; count: number } {
  if (seconds % 86_400 === 0) return { unit: 'days', count: seconds / 86_400 };
  if (seconds % 3600 === 0) return { unit: 'hours', count: seconds / 3600 };
  return { unit: 'minutes', count: Math.max(1, Math.round(seconds / 60)) };
}
