// Goal: certificates are taken as officials hold them: a .cer of Windows, a .pem with words above it; nothing else is.
import { describe, expect, it } from 'vitest';
import { pemOf } from './pem';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('A certificate of a file', () => {
  it('stays what it is, without what stands above it', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----';
    expect(pemOf(bytes(`subject=An\n${pem}\n`))).toBe(pem);
  });
  it('becomes text where it is bytes', () => {
    const der = new Uint8Array(100).fill(7);
    der.set([0x30, 0x82]);
    const lines = pemOf(der)?.split('\n') ?? [];
    expect([lines[0], lines.at(-1)]).toEqual(['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----']);
    expect(atob(lines.slice(1, -1).join(''))).toHaveLength(100);
    expect(Math.max(...lines.slice(1, -1).map((line) => line.length))).toBe(64);
  });
  it('is none where it is something else', () => {
    expect(pemOf(bytes('%PDF-1.7'))).toBeNull();
    expect(pemOf(new Uint8Array(60_000).fill(0x30))).toBeNull();
  });
});
