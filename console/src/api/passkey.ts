// The browser's own interface for passkeys (WebAuthn), in the contract's letters: base64url without padding.
import type { NewPasskey, PasskeyOffer, PasskeySignIn } from './generated';

// One of the two signature algorithms the hub knows: ES256, RS256.
const algorithms = [-7, -257];
const waitMilliseconds = 120_000;

export type PasskeyAnswer = Omit<PasskeySignIn, 'public_place'>;
export type PasskeyMade = Pick<NewPasskey, 'client_data' | 'attestation'>;

export function toBase64url(bytes: ArrayBuffer): string {
  let text = '';
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(plain.length);
  for (let index = 0; index < plain.length; index += 1) bytes[index] = plain.charCodeAt(index);
  return bytes;
}

// Whether this browser can use passkeys at this address: they belong to a host name, never to a bare address.
export function passkeysPossible(host = globalThis.location?.hostname ?? ''): boolean {
  const address = /^[\d.]+$/.test(host) || host.startsWith('[');
  return typeof globalThis.PublicKeyCredential === 'function' && !address;
}

// Its person closed the browser's question, or let it run out.
export class PasskeyDropped extends Error {}

async function dropped<T>(pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (cause) {
    if (cause instanceof DOMException && /NotAllowed|Abort/.test(cause.name)) throw new PasskeyDropped();
    throw cause;
  }
}

export async function askPasskey(challenge: string, site: string): Promise<PasskeyAnswer> {
  const found = (await dropped(
    navigator.credentials.get({
      publicKey: {
        challenge: fromBase64url(challenge),
        rpId: site,
        userVerification: 'required',
        timeout: waitMilliseconds,
      },
    }),
  )) as PublicKeyCredential | null;
  if (!found) throw new PasskeyDropped();
  const answer = found.response as AuthenticatorAssertionResponse;
  return {
    credential_id: toBase64url(found.rawId),
    challenge,
    client_data: toBase64url(answer.clientDataJSON),
    authenticator_data: toBase64url(answer.authenticatorData),
    signature: toBase64url(answer.signature),
  };
}

export async function makePasskey(offer: PasskeyOffer): Promise<PasskeyMade> {
  const made = (await dropped(
    navigator.credentials.create({
      publicKey: {
        challenge: fromBase64url(offer.challenge),
        rp: { id: offer.rp_id, name: 'Lũy' },
        user: { id: fromBase64url(offer.user_id), name: offer.username, displayName: offer.display_name },
        pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        attestation: 'none',
        timeout: waitMilliseconds,
      },
    }),
  )) as PublicKeyCredential | null;
  if (!made) throw new PasskeyDropped();
  const answer = made.response as AuthenticatorAttestationResponse;
  return {
    client_data: toBase64url(answer.clientDataJSON),
    attestation: toBase64url(answer.attestationObject),
  };
}
