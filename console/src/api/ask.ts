// Requests whose shapes stand beside this file: what the contract says of people, leavers, reviews, commitments, tokens and
// notices. The same way to the hub as the generated client: same origin, marked changes, errors as sentences.
import { unwrap } from './client';

export type Query = Record<string, string | number | undefined>;

// An address under the API; what stands in the holes is part of a path and cannot leave it.
export function at(pieces: TemplateStringsArray, ...ids: string[]): string {
  return pieces.reduce((path, piece, index) => path + encodeURIComponent(ids[index - 1] ?? '') + piece);
}

export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function send<T>(method: Method, address: string, body: unknown, signal?: AbortSignal) {
  const origin = globalThis.location?.origin ?? 'http://localhost';
  const headers: Record<string, string> = {
    ...(method === 'GET' ? {} : { 'X-Luy-Request': '1' }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  };
  const response = await globalThis.fetch(
    new Request(`${origin}/api/v1${address}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }),
  );
  const text = await response.text();
  const parsed: unknown = text === '' ? undefined : JSON.parse(text);
  return response.ok ? { data: parsed as T, response } : { error: parsed, response };
}

export function read<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return unwrap<T>(send<T>('GET', withQuery(path, query), undefined, signal));
}

// For who is not signed in: a 401 is an answer there, not the end of a session.
export function readOpen<T>(path: string, signal?: AbortSignal): Promise<T> {
  return unwrap<T>(send<T>('GET', path, undefined, signal), true);
}

export function changeOpen<T>(method: Exclude<Method, 'GET'>, path: string, body: object): Promise<T> {
  return unwrap<T>(send<T>(method, path, body), true);
}

// A file as it is, whatever it holds.
export async function readFile(path: string, query: Query = {}): Promise<Blob> {
  const origin = globalThis.location?.origin ?? 'http://localhost';
  const asked = async () => {
    const response = await globalThis.fetch(
      new Request(`${origin}/api/v1${withQuery(path, query)}`, { credentials: 'same-origin' }),
    );
    return response.ok
      ? { data: await response.blob(), response }
      : { error: (await response.json()) as unknown, response };
  };
  return unwrap<Blob>(asked());
}

// A file that is made of what is asked.
export async function makeFile(path: string, body: object): Promise<Blob> {
  const origin = globalThis.location?.origin ?? 'http://localhost';
  const asked = async () => {
    const response = await globalThis.fetch(
      new Request(`${origin}/api/v1${path}`, {
        method: 'POST',
        headers: { 'X-Luy-Request': '1', 'Content-Type': 'application/json' },
        credentials: 'same-origin',
        body: JSON.stringify(body),
      }),
    );
    return response.ok
      ? { data: await response.blob(), response }
      : { error: (await response.json()) as unknown, response };
  };
  return unwrap<Blob>(asked());
}

// A DELETE without a body names what ends in its path alone.
export function change<T = void>(
  method: Exclude<Method, 'GET'>,
  path: string,
  body?: object,
  query: Query = {},
): Promise<T> {
  return unwrap<T>(send<T>(method, withQuery(path, query), body));
}
