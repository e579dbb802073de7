// A real Merkle tree and a real signed note over the mock's records, so that the console's own verification is met by
// true proofs.
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { EvidenceKeys, LogEvent, Proof } from '~/api/types';

const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
const transports = { journal: 1, file: 2, fact: 3, syslog: 4, agent: 5, hub: 6 };

export function leafData(event: LogEvent): Uint8Array {
  const source = Buffer.from(`${event.agency}/${event.device ?? 'hub'}/${event.stream}`);
  const raw = event.raw_base64 ? Buffer.from(event.raw_base64, 'base64') : Buffer.from(event.raw);
  const head = Buffer.alloc(19);
  head.writeUInt8(1, 0);
  head.writeBigUInt64BE(BigInt(event.seq), 1);
  head.writeBigUInt64BE(BigInt(Date.parse(event.received_at)) * 1000n, 9);
  head.writeUInt16BE(source.length, 17);
  const tail = Buffer.alloc(5);
  tail.writeUInt8(transports[event.transport], 0);
  tail.writeUInt32BE(raw.length, 1);
  return new Uint8Array(Buffer.concat([head, source, tail, raw]));
}

export const leafHash = (data: Uint8Array) => sha256(Uint8Array.of(0), data);
const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);

// The largest power of two below `size` (RFC 9162, 2.1.1).
function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

export function root(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const k = split(leaves.length);
  return nodeHash(root(leaves.slice(0, k)), root(leaves.slice(k)));
}

export function path(index: number, leaves: Uint8Array[]): Proof['path'] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [
        ...path(index, leaves.slice(0, k)),
        { side: 'right', hash: Buffer.from(root(leaves.slice(k))).toString('hex') },
      ]
    : [
        ...path(index - k, leaves.slice(k)),
        { side: 'left', hash: Buffer.from(root(leaves.slice(0, k))).toString('hex') },
      ];
}

// What joins the tree of the first `old` leaves to the tree of all (RFC 9162, 2.1.4.1).
export function consistency(old: number, leaves: Uint8Array[], whole = true): Uint8Array[] {
  if (old === leaves.length) return whole ? [] : [root(leaves)];
  const k = split(leaves.length);
  return old <= k
    ? [...consistency(old, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...consistency(old - k, leaves.slice(k), false), root(leaves.slice(0, k))];
}

class NoteKey {
  private readonly key: KeyObject;
  readonly verifierKey: string;
  private readonly keyId: Buffer;

  constructor(private readonly name: string) {
    const pair = generateKeyPairSync('ed25519');
    this.key = pair.privateKey;
    const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const typed = Buffer.concat([Buffer.of(1), raw]);
    this.keyId = Buffer.from(sha256(Buffer.from(`${name}\n`), typed)).subarray(0, 4);
    this.verifierKey = `${name}+${this.keyId.toString('hex')}+${typed.toString('base64')}`;
  }

  note(text: string): string {
    const signature = Buffer.concat([this.keyId, sign(null, Buffer.from(text), this.key)]).toString('base64');
    return `${text}\n— ${this.name} ${signature}\n`;
  }
  // docs/format/signer.md
  certify(kind: 'key' | 'successor', day: string, key: NoteKey): string {
    return this.note(`${this.name}/${kind}\n${day}\n${key.verifierKey}\n`);
  }
}

// A witness of C2SP tlog-cosignature: its line for a note, and its key of type 4.
export class WitnessKey {
  private readonly key: KeyObject;
  readonly verifierKey: string;
  private readonly keyId: Buffer;

  constructor(readonly name: string) {
    const pair = generateKeyPairSync('ed25519');
    this.key = pair.privateKey;
    const raw = pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const typed = Buffer.concat([Buffer.of(4), raw]);
    this.keyId = Buffer.from(sha256(Buffer.from(`${name}\n`), typed)).subarray(0, 4);
    this.verifierKey = `${name}+${this.keyId.toString('hex')}+${typed.toString('base64')}`;
  }

  line(note: string, seconds: number): string {
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(seconds));
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`), this.key);
    return `— ${this.name} ${Buffer.concat([this.keyId, time, signature]).toString('base64')}\n`;
  }
}

// A log whose root certified a successor, which certified the key of the day.
export class Log {
  readonly root: NoteKey;
  readonly successor: NoteKey;
  readonly key: NoteKey;

  constructor(
    readonly origin: string,
    readonly day = '2099-12-31',
  ) {
    this.root = new NoteKey(origin);
    this.successor = new NoteKey(origin);
    this.key = new NoteKey(origin);
  }
  get verifierKey(): string {
    return this.key.verifierKey;
  }

  // As getEvidenceKeys gives them.
  keys(): EvidenceKeys['items'] {
    const [key, next] = [this.key, this.successor];
    return [
      { kind: 'day', day: this.day, vkey: key.verifierKey, certificate: next.certify('key', this.day, key) },
      {
        kind: 'successor',
        day: '2020-01-01',
        vkey: next.verifierKey,
        certificate: this.root.certify('successor', '2020-01-01', next),
      },
    ];
  }

  checkpoint(leaves: Uint8Array[]): string {
    return this.key.note(
      `${this.origin}\n${leaves.length}\n${Buffer.from(root(leaves)).toString('base64')}\n`,
    );
  }

  prove(event: LogEvent, events: LogEvent[]): Proof & { event: LogEvent; leaf_data: string } {
    const leaves = events.map((each) => leafHash(leafData(each)));
    const top = root(leaves);
    return {
      event,
      leaf_data: Buffer.from(leafData(event)).toString('base64'),
      leaf_hash: Buffer.from(leaves[event.seq] as Uint8Array).toString('hex'),
      path: path(event.seq, leaves),
      tree_size: leaves.length,
      root: Buffer.from(top).toString('hex'),
      checkpoint: this.checkpoint(leaves),
      public_key: this.verifierKey,
      root_key: this.root.verifierKey,
      certificates: this.keys().map((each) => each.certificate),
      witnesses: [],
      verified: true,
    };
  }
}
