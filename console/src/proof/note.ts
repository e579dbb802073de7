// C2SP signed notes and checkpoints: text, a blank line, then signature lines "— name base64(u32 key id ‖ signature)".
// A verifier key is "name+hex key id+base64(0x01 ‖ Ed25519 public key)"; key id = first 4 bytes of
// SHA-256(name ‖ "\n" ‖ 0x01 ‖ key).
import { type Bytes, concat, equal, fromBase64, fromHex, sha256 } from './bytes';

export interface NoteSignature {
  name: string;
  keyId: Bytes;
  signature: Bytes;
}
export interface SignedNote {
  text: string; // What is signed, with its last newline.
  signatures: NoteSignature[];
}
export interface Checkpoint extends SignedNote {
  origin: string;
  size: number;
  root: Bytes;
}

function parseNote(note: string): SignedNote {
  const cut = note.indexOf('\n\n');
  if (cut < 0) throw new Error('the note has no signature part');
  const signatures = note
    .slice(cut + 2)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const match = /^— (\S+) ([A-Za-z0-9+/=]+)$/.exec(line);
      const bytes = match?.[2] ? fromBase64(match[2]) : null;
      if (!match?.[1] || !bytes || bytes.length < 5) throw new Error('a signature line is malformed');
      return { name: match[1], keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
    });
  return { text: note.slice(0, cut + 1), signatures };
}

export function parseCheckpoint(note: string): Checkpoint {
  const signed = parseNote(note);
  const [origin, size, root] = signed.text.split('\n');
  if (!origin || !size || !root || !/^(0|[1-9]\d*)$/.test(size)) throw new Error('not a checkpoint');
  return { origin, size: Number(size), root: fromBase64(root), ...signed };
}

export interface VerifierKey {
  name: string;
  keyId: Bytes;
  publicKey: Bytes;
}

// Errors when the key's id does not belong to its bytes.
export async function parseVerifierKey(text: string): Promise<VerifierKey> {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/i.exec(text.trim());
  if (!match?.[1] || !match[2] || !match[3]) throw new Error('not a verifier key');
  const keyId = fromHex(match[2]);
  const key = fromBase64(match[3]);
  if (key.length !== 33 || key[0] !== 1) throw new Error('not an Ed25519 key');
  const digest = await sha256(concat(new TextEncoder().encode(`${match[1]}\n`), key));
  if (!equal(digest.slice(0, 4), keyId)) throw new Error('the key id does not belong to the key');
  return { name: match[1], keyId, publicKey: key.slice(1) };
}

// null when this browser has no Ed25519.
export async function verifyBytes(key: VerifierKey, signature: Bytes, data: Bytes): Promise<boolean | null> {
  try {
    const imported = await crypto.subtle.importKey('raw', key.publicKey, { name: 'Ed25519' }, false, [
      'verify',
    ]);
    return await crypto.subtle.verify({ name: 'Ed25519' }, imported, signature, data);
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotSupportedError' ? null : false;
  }
}

// null when this browser has no Ed25519.
export async function verifySignature(note: SignedNote, key: VerifierKey): Promise<boolean | null> {
  const text = new TextEncoder().encode(note.text);
  for (const entry of note.signatures) {
    if (entry.name !== key.name || !equal(entry.keyId, key.keyId)) continue;
    const right = await verifyBytes(key, entry.signature, text);
    if (right !== false) return right;
  }
  return false;
}

const sameKey = (a: VerifierKey, b: VerifierKey) => a.name === b.name && equal(a.publicKey, b.publicKey);

// The day for which certificates lead from `root` to `key` (docs/format/signer.md): 'any' when it is the root itself.
// null when they do not.
export async function certifiedDay(
  root: VerifierKey,
  key: VerifierKey,
  certificates: string[],
): Promise<string | null> {
  if (sameKey(root, key)) return 'any';
  const given = await Promise.all(
    certificates.map(async (certificate) => {
      const note = parseNote(certificate);
      const [what, day, vkey] = note.text.split('\n');
      return { note, what, day: day ?? '', key: await parseVerifierKey(vkey ?? '') };
    }),
  );
  const certifiers = [{ from: '', key: root }];
  const certified = async (one: (typeof given)[number]) => {
    for (const certifier of certifiers) {
      if (certifier.from <= one.day && (await verifySignature(one.note, certifier.key))) return true;
    }
    return false;
  };
  // A successor before what it certifies.
  const successors = given.filter((one) => one.what === `${root.name}/successor`);
  for (const one of successors.sort((a, b) => (a.day < b.day ? -1 : 1))) {
    if (await certified(one)) certifiers.push({ from: one.day, key: one.key });
  }
  for (const one of given) {
    if (one.what === `${root.name}/key` && sameKey(one.key, key) && (await certified(one))) return one.day;
  }
  return null;
}

export interface KeyLink {
  kind: 'day' | 'successor';
  day: string; // The day a key signs for; of a successor the first whose keys it certifies.
  vkey: string;
}

// The certificates as the links of a chain, in the order in which they lead from the root to the key of a day. What cannot be
// read is left out: whether the chain holds is certifiedDay()'s to say.
export function chainOf(certificates: string[]): KeyLink[] {
  return certificates
    .flatMap((certificate): KeyLink[] => {
      const [what = '', day = '', vkey = ''] = certificate.split('\n');
      if (what.endsWith('/successor')) return [{ kind: 'successor', day, vkey }];
      return what.endsWith('/key') ? [{ kind: 'day', day, vkey }] : [];
    })
    .sort((a, b) => Number(a.kind === 'day') - Number(b.kind === 'day') || a.day.localeCompare(b.day));
}
