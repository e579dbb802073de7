// A certificate's file as the contract takes it: PEM is text already, DER (.cer of Windows) becomes it. Pure.
const begin = '-----BEGIN CERTIFICATE-----';
const lineLength = 64;
const bytesMax = 48 * 1024; // What as PEM still fits the contract's 65 536 characters.

// Null: neither; not read here, the hub says why a certificate is not taken.
export function pemOf(bytes: Uint8Array): string | null {
  if (bytes.length > bytesMax) return null;
  const text = new TextDecoder().decode(bytes);
  if (text.includes(begin)) return text.slice(text.indexOf(begin)).trim();
  // DER begins with a sequence whose length takes two bytes: no certificate is shorter than 256 bytes.
  if (bytes[0] !== 0x30 || bytes[1] !== 0x82) return null;
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const lines = base64.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return [begin, ...lines, '-----END CERTIFICATE-----'].join('\n');
}
