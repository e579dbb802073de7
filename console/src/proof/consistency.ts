// Whether one signed tree continues another (RFC 9162, 2.1.4.2), and what that says of a checkpoint that somebody kept.
import type { ConsistencyProof, EvidenceKeys } from '~/api/types';
import { type Bytes, equal, fromHex } from './bytes';
import { nodeHash } from './merkle';
import { type Checkpoint, certifiedDay, parseCheckpoint, parseVerifierKey, verifySignature } from './note';

const half = (place: number) => Math.floor(place / 2); // Sizes are larger than what bit operations hold.
const odd = (place: number) => place % 2 === 1;

function isPowerOfTwo(size: number): boolean {
  let power = 1;
  while (power < size) power *= 2;
  return power === size;
}

export async function continues(
  old: { size: number; root: Bytes },
  now: { size: number; root: Bytes },
  path: Bytes[],
): Promise<boolean> {
  if (old.size < 1 || old.size > now.size) return false;
  if (old.size === now.size) return path.length === 0 && equal(old.root, now.root);
  const steps = isPowerOfTwo(old.size) ? [old.root, ...path] : path;
  const [first, ...rest] = steps;
  if (!first) return false;
  let place = old.size - 1;
  let last = now.size - 1;
  while (odd(place)) {
    place = half(place);
    last = half(last);
  }
  let oldRoot = first;
  let newRoot = first;
  for (const step of rest) {
    if (last === 0) return false;
    if (odd(place) || place === last) {
      oldRoot = await nodeHash(step, oldRoot);
      newRoot = await nodeHash(step, newRoot);
      while (!odd(place) && place !== 0) {
        place = half(place);
        last = half(last);
      }
    } else newRoot = await nodeHash(newRoot, step);
    place = half(place);
    last = half(last);
  }
  return last === 0 && equal(oldRoot, old.root) && equal(newRoot, now.root);
}

// The day whose key signed the checkpoint, 'any' of the root key itself; null when no key that the root vouches for did;
// 'unsupported' where this browser has no Ed25519.
export async function signerOf(note: Checkpoint, keys: EvidenceKeys): Promise<string | null> {
  const root = await parseVerifierKey(keys.root);
  const certificates = keys.items.map((each) => each.certificate);
  const vkeys = [keys.root, ...keys.items.filter((each) => each.kind === 'day').map((each) => each.vkey)];
  for (const vkey of vkeys) {
    const key = await parseVerifierKey(vkey).catch(() => null);
    if (!key || key.name !== note.origin || !note.signatures.some((each) => equal(each.keyId, key.keyId)))
      continue;
    const signed = await verifySignature(note, key);
    if (signed === null) return 'unsupported';
    const day = signed ? await certifiedDay(root, key, certificates) : null;
    if (day !== null) return day;
  }
  return null;
}

// What the comparison of a kept checkpoint with the hub's newest shows.
//   continues, same      nothing that the kept one covers was changed or taken away
//   forked, shrunk       it was: another tree, or a smaller one
//   foreign              of another log, or of the time before a restored backup
//   unsigned             no key that the root key vouches for signed the kept one
export type Comparison =
  | 'continues'
  | 'same'
  | 'forked'
  | 'shrunk'
  | 'foreign'
  | 'unsigned'
  | 'hub_unsigned'
  | 'unsupported'
  | 'unreadable';

const attempt = (note: string): Checkpoint | null => {
  try {
    return parseCheckpoint(note);
  } catch {
    return null;
  }
};

export async function compare(
  kept: string,
  newest: string,
  keys: EvidenceKeys,
  ask: (old: number, now: number) => Promise<ConsistencyProof>,
): Promise<{ outcome: Comparison; kept: Checkpoint | null; now: Checkpoint | null }> {
  const [old, now] = [attempt(`${kept.trim()}\n`), attempt(newest)];
  const say = (outcome: Comparison) => ({ outcome, kept: old, now });
  if (!old || !now) return say('unreadable');
  if (old.origin !== now.origin) return say('foreign');
  const [oldDay, newDay] = [await signerOf(old, keys), await signerOf(now, keys)];
  if (oldDay === 'unsupported' || newDay === 'unsupported') return say('unsupported');
  if (oldDay === null) return say('unsigned');
  if (newDay === null) return say('hub_unsigned');
  if (old.size > now.size) return say('shrunk');
  if (old.size === now.size) return say(equal(old.root, now.root) ? 'same' : 'forked');
  if (old.size === 0) return say('continues');
  const { path } = await ask(old.size, now.size);
  return say((await continues(old, now, path.map(fromHex))) ? 'continues' : 'forked');
}
