// What a page says of checkpoints. Pure.
import type { Comparison } from '~/proof/consistency';
import type { SealTone } from '~/ui/Seal';

// Signed every ten seconds while anything is received, which on a town's hub is always.
const lateMilliseconds = 120_000;

export const isLate = (signedAt: string, now: Date): boolean =>
  now.getTime() - Date.parse(signedAt) > lateMilliseconds;

const tones: Record<Comparison, SealTone> = {
  continues: 'match',
  same: 'match',
  forked: 'differ',
  shrunk: 'differ',
  unsigned: 'differ',
  hub_unsigned: 'differ',
  foreign: 'waiting',
  unsupported: 'waiting',
  unreadable: 'waiting',
};
export const toneOf = (outcome: Comparison): SealTone => tones[outcome];

// "moc-ky-2026-11-23-84112.txt": sorts by day, then by size.
export const noteName = (size: number, signedAt: string): string =>
  `moc-ky-${new Date(Date.parse(signedAt) + 7 * 3_600_000).toISOString().slice(0, 10)}-${size}.txt`;
