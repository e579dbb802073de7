// What the page of witnesses makes of what people paste, and of two notes that contradict each other. Pure.
import { parseCheckpoint } from '~/proof/note';

// "name+8 hex+base64": the shape of a verifier key; what is in it the hub finds out.
export const isKey = (text: string): boolean =>
  /^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,}$/i.test(text.trim());

// The kind of a key stands in its first byte: 4 a witness's, 1 a log's (C2SP).
export function keyKind(text: string): 'witness' | 'log' | null {
  const encoded = text.trim().split('+').slice(2).join('+');
  try {
    const first = atob(encoded).charCodeAt(0);
    return first === 4 ? 'witness' : first === 1 ? 'log' : null;
  } catch {
    return null;
  }
}

// "10.0.0.0/8, 192.168.1.0/24" or one a line.
export const networksOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(/[\s,;]+/)
    .map((each) => each.trim())
    .filter(Boolean);

// How many records a checkpoint stands for; null where it cannot be read.
export function sizeOf(note: string): number | null {
  try {
    return parseCheckpoint(note).size;
  } catch {
    return null;
  }
}
