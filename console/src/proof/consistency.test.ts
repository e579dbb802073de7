// Goal: a kept checkpoint is found continued when it is, and never otherwise.
// Method: every pair of sizes of a small tree, with proofs by the definition of RFC 9162, 2.1.4.1; damage in each part.
import { describe, expect, it } from 'vitest';
import type { EvidenceKeys } from '~/api/types';
import { consistency, Log, root } from '../../mock/tree';
import { type Bytes, toHex } from './bytes';
import { compare, continues } from './consistency';
import { leafHash } from './merkle';

const sizes = 21;
const bytes = (data: Uint8Array): Bytes => new Uint8Array(data);

async function leaves(count: number): Promise<Bytes[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => leafHash(Uint8Array.of(index))));
}
const tree = (all: Bytes[], size: number) => ({ size, root: bytes(root(all.slice(0, size))) });

describe('A consistency proof', () => {
  it('holds for every pair of sizes, and for no other root', async () => {
    const all = await leaves(sizes);
    for (let now = 1; now <= sizes; now += 1) {
      for (let old = 1; old <= now; old += 1) {
        const path = consistency(old, all.slice(0, now)).map(bytes);
        const name = `${old} to ${now}`;
        expect(await continues(tree(all, old), tree(all, now), path), name).toBe(true);
        const other = { size: old, root: bytes(root(all.slice(1, old + 1))) };
        if (old < now) expect(await continues(other, tree(all, now), path), name).toBe(false);
        if (path.length > 0) {
          expect(await continues(tree(all, old), tree(all, now), path.slice(1)), name).toBe(false);
          expect(await continues(tree(all, old), tree(all, now), [...path, path[0] as Bytes]), name).toBe(
            false,
          );
        }
      }
    }
  });
  it('does not go backwards, nor from nothing', async () => {
    const all = await leaves(4);
    expect(await continues(tree(all, 4), tree(all, 3), [])).toBe(false);
    expect(await continues({ size: 0, root: bytes(root([])) }, tree(all, 3), [])).toBe(false);
  });
});

describe('A checkpoint that somebody kept', () => {
  const log = new Log('luy/bimson');
  const keys: EvidenceKeys = { root: log.root.verifierKey, items: log.keys() };
  const at = (all: Bytes[], size: number, by = log) => by.checkpoint(all.slice(0, size));
  const told = async (kept: string, newest: string, all: Bytes[], known = keys) => {
    const ask = async (old: number, now: number) => ({
      old_size: old,
      new_size: now,
      old_root: '',
      new_root: '',
      path: consistency(old, all.slice(0, now)).map((each) => toHex(each)),
    });
    return (await compare(kept, newest, known, ask)).outcome;
  };

  it('is continued by a larger tree of the same log, however it was pasted', async () => {
    const all = await leaves(9);
    expect(await told(at(all, 5), at(all, 9), all)).toBe('continues');
    expect(await told(`\n ${at(all, 5).trim()}  \n\n`.replace(/^\s+/, ''), at(all, 9), all)).toBe(
      'continues',
    );
    expect(await told(at(all, 9), at(all, 9), all)).toBe('same');
  });
  it('shows a tree that was changed or cut', async () => {
    const all = await leaves(9);
    const others = [...(await leaves(10))].reverse();
    expect(await told(at(others, 5), at(all, 9), all)).toBe('forked');
    expect(await told(at(others, 9), at(all, 9), all)).toBe('forked');
    expect(await told(at(all, 9), at(all, 5), all)).toBe('shrunk');
  });
  it('is worth nothing without a signature that the root key vouches for', async () => {
    const all = await leaves(9);
    const impostor = new Log('luy/bimson');
    expect(await told(at(all, 5, impostor), at(all, 9), all)).toBe('unsigned');
    expect(await told(at(all, 5), at(all, 9, impostor), all)).toBe('hub_unsigned');
    expect(await told(at(all, 5).replace('\n5\n', '\n6\n'), at(all, 9), all)).toBe('unsigned');
    expect(await told(at(all, 5), at(all, 9), all, { ...keys, items: keys.items.slice(0, 1) })).toBe(
      'unsigned',
    );
  });
  it('of another log, or none at all, is said to be that', async () => {
    const all = await leaves(9);
    expect(await told(at(all, 5, new Log('luy/khac')), at(all, 9), all)).toBe('foreign');
    expect(await told('hello', at(all, 9), all)).toBe('unreadable');
  });
});
