// C2SP signed notes and checkpoints: text, a blank line, then signature lines "— name base64(u32 key id ‖ signature)".
// A verifier key is "name+hex key id+base64(0x01 ‖ Ed25519 public key)"; key id = first 4 bytes of
// SHA-256(name ‖ "\n" ‖ 0x01 ‖ key).
import { type Bytes, concat, equal, fromBase64, fromHex, sha256 } from './bytes';

export interface NoteSignature {
  name: string;
  keyId: Bytes;
  signature: Bytes;
}
export interface Checkpoint {
  origin: string;
  size: number;
  root: Bytes;
  text: string; // What is signed, with its last newline.
  signatures: NoteSignature[];
}

export function parseCheckpoint(note: string): Checkpoint {
  const cut = note.indexOf('\n\n');
  if (cut < 0) throw new Error('the note has no signature part');
  const text = note.slice(0, cut + 1);
  const [origin, size, root] = text.split('\n');
  if (!origin || !size || !root || !/^(0|[1-9]\d*)$/.test(size)) throw new Error('not a checkpoint');
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
  return { origin, size: Number(size), root: fromBase64(root), text, signatures };
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
export async function verifySignature(checkpoint: Checkpoint, key: VerifierKey): Promise<boolean | null> {
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey('raw', key.publicKey, { name: 'Ed25519' }, false, ['verify']);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotSupportedError') return null;
    return false;
  }
  for (const entry of checkpoint.signatures) {
    if (entry.name !== key.name || !equal(entry.keyId, key.keyId)) continue;
    const text = new TextEncoder().encode(checkpoint.text);
    if (await crypto.subtle.verify({ name: 'Ed25519' }, imported, entry.signature, text)) return true;
  }
  return false;
}
