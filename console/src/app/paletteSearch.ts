// Which targets a few typed letters mean. Every word must occur; a hit at the start of a word counts for more.
import { fold } from '~/ui/format';

export interface Target {
  kind: 'page' | 'obligation' | 'device' | 'agency';
  to: string;
  title: string;
  detail: string;
}

function score(haystack: string, words: string[]): number {
  let sum = 0;
  for (const word of words) {
    const at = haystack.indexOf(word);
    if (at < 0) return -1;
    sum += at === 0 ? 3 : haystack[at - 1] === ' ' ? 2 : 1;
  }
  return sum;
}

export function searchPalette(targets: Target[], text: string): Target[] {
  const words = fold(text)
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return targets;
  return targets
    .map((target, index) => ({
      target,
      index,
      // A word of the title weighs more than one of the detail.
      points: Math.max(
        score(fold(target.title), words) * 2,
        score(fold(`${target.title} ${target.detail}`), words),
      ),
    }))
    .filter((hit) => hit.points > 0)
    .sort((a, b) => b.points - a.points || a.index - b.index)
    .map((hit) => hit.target);
}
