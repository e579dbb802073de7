// Witnesses' lines under a checkpoint (C2SP tlog-cosignature): Ed25519 over "cosignature/v1", the time and the note's text.
// A witness's key is "name+hex key id+base64(0x04 ‖ Ed25519 public key)".
import { type Bytes, concat, equal, fromBase64, fromHex, sha256 } from './bytes';
import { type SignedNote, type VerifierKey, verifyBytes } from './note';

const signatureSize = 8 + 64; // The time in seconds, then the signature.

// Errors when the key's id does not belong to its bytes.
export async function parseWitnessKey(text: string): Promise<VerifierKey> {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/i.exec(text.trim());
  if (!match?.[1] || !match[2] || !match[3]) throw new Error('not a verifier key');
  const keyId = fromHex(match[2]);
  const key = fromBase64(match[3]);
  if (key.length !== 33 || key[0] !== 4) throw new Error('not the key of a witness');
  const digest = await sha256(concat(new TextEncoder().encode(`${match[1]}\n`), key));
  if (!equal(digest.slice(0, 4), keyId)) throw new Error('the key id does not belong to the key');
  return { name: match[1], keyId, publicKey: key.slice(1) };
}

// When the witness signed the note: seconds since 1970. false when it did not; null when this browser has no Ed25519.
export async function cosignedAt(note: SignedNote, key: VerifierKey): Promise<number | false | null> {
  for (const { name, keyId, signature } of note.signatures) {
    if (name !== key.name || !equal(keyId, key.keyId) || signature.length !== signatureSize) continue;
    const seconds = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
    const text: Bytes = new TextEncoder().encode(`cosignature/v1\ntime ${seconds}\n${note.text}`);
    const right = await verifyBytes(key, signature.slice(8), text);
    if (right === null) return null;
    if (right) return Number(seconds);
  }
  return false;
}
