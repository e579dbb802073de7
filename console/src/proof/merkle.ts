// RFC 6962 / RFC 9162: leaf = SHA-256(0x00 ‖ data), node = SHA-256(0x01 ‖ left ‖ right); and the leaf data of
// docs/format/evidence.md. Pure, so that the page and the tests compute the same.
import { type Bytes, concat, fromHex, sha256 } from './bytes';

export interface PathStep {
  side: 'left' | 'right';
  hash: string;
}

export const leafHash = (data: Bytes) => sha256(concat(Uint8Array.of(0), data));
export const nodeHash = (left: Uint8Array, right: Uint8Array) =>
  sha256(concat(Uint8Array.of(1), left, right));

// Each level's hash from the leaf to the root; the last one is the root that the path claims.
export async function climb(leaf: Bytes, path: PathStep[]): Promise<Bytes[]> {
  const levels = [leaf];
  let hash = leaf;
  for (const step of path) {
    const other = fromHex(step.hash);
    if (other.length !== 32) throw new Error('a hash of the path is not 32 bytes');
    hash = step.side === 'left' ? await nodeHash(other, hash) : await nodeHash(hash, other);
    levels.push(hash);
  }
  return levels;
}

// On which side each neighbour must stand for leaf `index` of a tree of `size` leaves (RFC 9162, 2.1.3.2). A path with
// other sides would prove another place in the tree.
export function expectedSides(index: number, size: number): ('left' | 'right')[] | null {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return null;
  const sides: ('left' | 'right')[] = [];
  let place = index;
  let last = size - 1;
  while (last > 0) {
    if (place % 2 === 1) sides.push('left');
    else if (place < last) sides.push('right');
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return sides;
}

export interface Leaf {
  seq: number;
  receivedMicroseconds: bigint;
  source: string;
  transport: number;
  raw: Bytes;
}

// 0x01 | u64 seq | u64 received µs | u16 + source | u8 transport | u32 + raw, big-endian, nothing after it.
export function parseLeaf(data: Bytes): Leaf {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 24 || data[0] !== 1) throw new Error('not leaf data of version 1');
  const sourceSize = view.getUint16(17);
  const rawSizeAt = 19 + sourceSize + 1;
  if (rawSizeAt + 4 > data.length) throw new Error('leaf data is cut short');
  const rawSize = view.getUint32(rawSizeAt);
  if (rawSizeAt + 4 + rawSize !== data.length) throw new Error('leaf data has a wrong length');
  return {
    seq: Number(view.getBigUint64(1)),
    receivedMicroseconds: view.getBigUint64(9),
    source: new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(19, 19 + sourceSize)),
    transport: view.getUint8(19 + sourceSize),
    raw: data.slice(rawSizeAt + 4),
  };
}
