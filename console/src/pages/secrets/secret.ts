import type { SecretDevice } from '~/api/secrets';
import type { VerdictState } from '~/api/types';

type Word = 'seen' | 'faulty' | 'unchecked' | 'sound' | 'no_computer';

// The gravest thing that is to be said of a device.
export function standing(device: SecretDevice): { look: VerdictState; word: Word } {
  if (device.open_sightings > 0) return { look: 'violated', word: 'seen' };
  if (device.purpose !== 'drafting') return { look: 'kept', word: 'no_computer' };
  if (device.check_sound === null) return { look: 'due', word: 'unchecked' };
  return device.check_sound ? { look: 'kept', word: 'sound' } : { look: 'violated', word: 'faulty' };
}

const signs = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const reportLines = 6;
const lineSigns = 7;

// The report as it is printed, of whatever is typed: capitals, lines of seven, what is taken for one another told apart.
export function asPrinted(typed: string): string {
  const read = [...typed.toUpperCase()]
    .map((sign) => ({ I: '1', L: '1', O: '0' })[sign] ?? sign)
    .filter((sign) => signs.includes(sign));
  const lines: string[] = [];
  for (let at = 0; at < read.length; at += lineSigns) lines.push(read.slice(at, at + lineSigns).join(''));
  return lines.join('\n');
}

// Which lines are mistyped, from 1; the last is not complained of while it is being typed. As src/fact/offline.cc.
export function wrongLines(typed: string): number[] {
  return asPrinted(typed)
    .split('\n')
    .flatMap((line, index) => {
      if (line.length < lineSigns) return [];
      let sum = index + 1;
      for (let i = 0; i < lineSigns - 1; i += 1) sum += (2 * i + 1) * signs.indexOf(line[i] ?? '');
      return sum % 32 === signs.indexOf(line[lineSigns - 1] ?? '') ? [] : [index + 1];
    });
}
