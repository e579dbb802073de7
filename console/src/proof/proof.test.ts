// Goal: the browser finds every true proof true and every damaged one false, by itself.
// Method: the reference tree of RFC 6962's implementations (leaves of certificate-transparency's merkletree tests); a
// real signed tree from the mock; damage in each part.
import { describe, expect, it } from 'vitest';
import type { LogEvent, Proof } from '~/api/types';
import { Log } from '../../mock/tree';
import { concat, equal, fromBase64, fromHex, toHex } from './bytes';
import { climb, expectedSides, leafHash, nodeHash, parseLeaf } from './merkle';
import { parseCheckpoint, parseVerifierKey, verifySignature } from './note';
import { verifyProof } from './verify';

const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(fromHex);
// Roots of the trees of 1 to 8 of these leaves.
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

type Bytes = Uint8Array<ArrayBuffer>;

function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}
async function rootOf(part: Bytes[]): Promise<Bytes> {
  const [only] = part;
  if (part.length === 1 && only) return leafHash(only);
  const k = split(part.length);
  return nodeHash(await rootOf(part.slice(0, k)), await rootOf(part.slice(k)));
}
async function pathOf(index: number, part: Bytes[]): Promise<Proof['path']> {
  if (part.length === 1) return [];
  const k = split(part.length);
  return index < k
    ? [
        ...(await pathOf(index, part.slice(0, k))),
        { side: 'right', hash: toHex(await rootOf(part.slice(k))) },
      ]
    : [
        ...(await pathOf(index - k, part.slice(k))),
        { side: 'left', hash: toHex(await rootOf(part.slice(0, k))) },
      ];
}

describe('The tree of RFC 6962', () => {
  it('has the published roots', async () => {
    for (const [index, root] of roots.entries()) {
      expect(toHex(await rootOf(leaves.slice(0, index + 1)))).toBe(root);
    }
  });
  it('is climbed from every leaf of every size to its root, with the sides that the place demands', async () => {
    for (let size = 1; size <= leaves.length; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const path = await pathOf(index, leaves.slice(0, size));
        const levels = await climb(await leafHash(leaves[index] as Bytes), path);
        expect(toHex(levels.at(-1) as Bytes)).toBe(roots[size - 1]);
        expect(expectedSides(index, size)).toEqual(path.map((step) => step.side));
      }
    }
  });
  it('refuses a place outside the tree', () => {
    expect(expectedSides(5, 5)).toBeNull();
    expect(expectedSides(-1, 5)).toBeNull();
    expect(expectedSides(0, Number.NaN)).toBeNull();
  });
});

describe('Bytes', () => {
  it('of other alphabets are refused', () => {
    expect(() => fromHex('0g')).toThrow();
    expect(() => fromHex('123')).toThrow();
    expect(() => fromBase64('a$==')).toThrow();
    expect(() => fromBase64('abc')).toThrow();
  });
  it('are equal only when all are', () => {
    expect(equal(concat(Uint8Array.of(1), Uint8Array.of(2)), Uint8Array.of(1, 2))).toBe(true);
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equal(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
  });
});

describe('Leaf data', () => {
  it('cut at any length is refused', async () => {
    const proof = await sample();
    const data = fromBase64(proof.leaf_data);
    expect(parseLeaf(data).seq).toBe(proof.event.seq);
    for (let size = 0; size < data.length; size += 1) expect(() => parseLeaf(data.slice(0, size))).toThrow();
    expect(() => parseLeaf(concat(data, Uint8Array.of(0)))).toThrow();
  });
});

const event = (seq: number): LogEvent => ({
  seq,
  received_at: new Date(1_763_780_000_000 + seq).toISOString(),
  agency: 'agency0',
  device: 'device0',
  device_name: 'vanthu-01',
  stream: '/var/log/auth.log',
  transport: 'file',
  raw: `dòng số ${seq}: đăng nhập`,
  raw_base64: null,
  fields: {},
});

type Shown = Proof & { event: LogEvent; leaf_data: string };

async function sample(seq = 5, size = 11): Promise<Shown> {
  const events = Array.from({ length: size }, (_, index) => event(index));
  return new Log('luy/thu').prove(events[seq] as LogEvent, events);
}

describe('A proof', () => {
  it('that is true matches in every step', async () => {
    for (const [seq, size] of [
      [0, 1],
      [0, 2],
      [6, 7],
      [5, 11],
    ] as const) {
      const result = await verifyProof(await sample(seq, size), seq);
      expect(result.steps).toEqual({
        record: 'match',
        leaf: 'match',
        path: 'match',
        checkpoint: 'match',
        signature: 'match',
      });
      expect(result.outcome).toBe('match');
    }
  });

  it('of bytes that are not UTF-8 matches by its exact bytes', async () => {
    const odd = { ...event(0), raw: '\ufffd', raw_base64: Buffer.from([0xff]).toString('base64') };
    const proof = new Log('luy/thu').prove(odd, [odd]);
    expect((await verifyProof(proof, 0)).outcome).toBe('match');
  });

  it('without its content still shows the place in the signed tree', async () => {
    const withheld: Proof = { ...(await sample()), event: null, leaf_data: null };
    const result = await verifyProof(withheld, 5);
    expect(result.outcome).toBe('withheld');
    expect(result.steps).toEqual({
      record: 'withheld',
      leaf: 'withheld',
      path: 'match',
      checkpoint: 'match',
      signature: 'match',
    });
    expect((await verifyProof(withheld, 4)).outcome).toBe('differ');
    expect((await verifyProof({ ...withheld, leaf_hash: withheld.root }, 5)).outcome).toBe('differ');
  });

  it('signed with the key of a day before the record is found out', async () => {
    const events = [event(0)];
    for (const [day, signature] of [
      ['2025-11-22', 'match'],
      ['2025-11-21', 'differ'],
      ['2019-12-31', 'differ'], // Also before its certifier's day.
    ] as const) {
      const proof = new Log('luy/thu', day).prove(events[0] as LogEvent, events);
      expect((await verifyProof(proof, 0)).steps.signature, day).toBe(signature);
    }
  });

  const damages: [string, string, (proof: Shown) => void][] = [
    ['another text shown', 'record', (proof) => (proof.event.raw += '.')],
    ['another time shown', 'record', (proof) => (proof.event.received_at = '2026-01-01T00:00:00Z')],
    ['another device shown', 'record', (proof) => (proof.event.device = 'device1')],
    ['another number shown', 'record', (proof) => (proof.event.seq = 6)],
    ['another source shown', 'record', (proof) => (proof.event.stream = 'journal')],
    ['another leaf hash', 'leaf', (proof) => (proof.leaf_hash = `00${proof.leaf_hash.slice(2)}`)],
    ['other hashed bytes', 'path', (proof) => (proof.leaf_data = Buffer.from('x').toString('base64'))],
    ['a step left out', 'path', (proof) => proof.path.pop()],
    [
      'a side turned',
      'path',
      (proof) => (proof.path[0] = { hash: proof.path[0]?.hash ?? '', side: 'right' }),
    ],
    ['a hash that is none', 'path', (proof) => (proof.path[0] = { hash: 'zz', side: 'left' })],
    ['another root', 'path', (proof) => (proof.root = roots[0] as string)],
    ['another size stated', 'checkpoint', (proof) => (proof.tree_size = 12)],
    [
      'another size signed',
      'signature',
      (proof) => (proof.checkpoint = proof.checkpoint.replace('\n11\n', '\n12\n')),
    ],
    ['no signature', 'signature', (proof) => (proof.checkpoint = `${proof.checkpoint.split('\n\n')[0]}\n\n`)],
    ['a note that is none', 'checkpoint', (proof) => (proof.checkpoint = 'luy')],
    ['another log’s key', 'signature', (proof) => (proof.public_key = new Log('luy/thu').verifierKey)],
    ['a key of another name', 'signature', (proof) => (proof.public_key = new Log('luy/khac').verifierKey)],
    ['a key that is none', 'signature', (proof) => (proof.public_key = 'luy/thu+00000000+AAAA')],
    ['another root', 'signature', (proof) => (proof.root_key = new Log('luy/thu').root.verifierKey)],
    ['no certificate of the day', 'signature', (proof) => proof.certificates.shift()],
    ['no certificate of the successor', 'signature', (proof) => proof.certificates.pop()],
    [
      'a certificate of another day',
      'signature',
      (proof) => (proof.certificates[0] = proof.certificates[0]?.replace('2099', '2098') ?? ''),
    ],
  ];
  it.each(damages)('with %s is found out in step "%s"', async (_, step, damage) => {
    const proof = structuredClone(await sample());
    damage(proof);
    const result = await verifyProof(proof, 5);
    expect(result.outcome).toBe('differ');
    expect(result.steps[step as 'record']).toBe('differ');
  });
});

describe('A verifier key', () => {
  // From the documentation of golang.org/x/mod/sumdb/note, with its signed example.
  const known = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const text =
    'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n';
  it('of Go’s note package checks Go’s signature', async () => {
    const key = await parseVerifierKey(known);
    const plain = text.replaceAll('’', "'");
    const signed = fromBase64(
      'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=',
    );
    const note = {
      origin: key.name,
      size: 0,
      root: Uint8Array.of(),
      text: plain,
      signatures: [{ name: key.name, keyId: signed.slice(0, 4), signature: signed.slice(4) }],
    };
    expect(await verifySignature(note, key)).toBe(true);
    expect(await verifySignature({ ...note, text: `${plain}!` }, key)).toBe(false);
  });
  it('whose id is not that of its bytes is refused', async () => {
    await expect(parseVerifierKey(known.replace('c74f20a3', 'c74f20a4'))).rejects.toThrow();
  });
});

describe('A checkpoint', () => {
  it('keeps the exact text that was signed', () => {
    const note = parseCheckpoint('luy/x\n3\nAAAA\nextension line\n\n— luy/x AAAAAAAA\n');
    expect(note.text).toBe('luy/x\n3\nAAAA\nextension line\n');
    expect(note.size).toBe(3);
    expect(note.signatures).toHaveLength(1);
  });
  it.each([
    'luy/x\n03\nAAAA\n\n— a AAAAAAAA\n',
    'luy/x\n3\n\n— a AAAAAAAA\n',
    'luy/x\n3\nAAAA\n\n- a AAAAAAAA\n',
  ])('malformed is refused: %j', (note) => {
    expect(() => parseCheckpoint(note)).toThrow();
  });
});
