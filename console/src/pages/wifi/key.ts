// A new key for a wireless network, made and kept in this browser alone: the hub never learns it.

// Small letters and digits that nobody takes for one another on a poster.
export const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
// 20 of 31 signs: 99 bits. WPA2 asks for 8 to 63.
export const keyLength = 20;

export type Fill = (bytes: Uint8Array<ArrayBuffer>) => void;
const fromSystem: Fill = (bytes) => {
  crypto.getRandomValues(bytes);
};

export function newKey(fill: Fill = fromSystem): string {
  // The highest multiple of the alphabet's length in a byte: what lies above it would favour the first letters.
  const fair = 256 - (256 % alphabet.length);
  let key = '';
  const bytes = new Uint8Array(keyLength);
  while (key.length < keyLength) {
    fill(bytes);
    for (const byte of bytes) {
      if (byte < fair && key.length < keyLength) key += alphabet[byte % alphabet.length];
    }
  }
  return key;
}

// In groups of four, as people read it aloud; the key itself has no blanks.
export const spoken = (key: string): string => key.match(/.{1,4}/g)?.join(' ') ?? '';

// What telephones read: the format of ZXing's "Wi-Fi Network config", with its escapes.
export function wifiCode(ssid: string, key: string): string {
  const escaped = (text: string) => text.replace(/([\\;,":])/g, '\\$1');
  return `WIFI:T:WPA;S:${escaped(ssid)};P:${escaped(key)};;`;
}
