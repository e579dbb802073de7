// The one way to the hub: same origin, session cookie, the header that marks requests which change something, and
// errors as sentences in both languages.
import createClient, { createQuerySerializer, type Middleware } from 'openapi-fetch';
import type { paths } from './generated';
import type { LocalText } from './types';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: LocalText,
  ) {
    super(`${code}: ${text.vi}`);
  }
}

export const unreachable: LocalText = {
  vi: 'Không kết nối được máy chủ Lũy. Kiểm tra mạng rồi thử lại; dữ liệu đang hiển thị có thể đã cũ.',
  en: 'The Lũy hub cannot be reached. Check the network and try again; what is shown may be out of date.',
};
const unreadable: LocalText = {
  vi: 'Máy chủ trả lời không đúng khuôn dạng. Tải lại trang; nếu vẫn lỗi, báo quản trị hệ thống.',
  en: 'The hub gave an answer that could not be read. Reload the page; if it stays, tell the system administrator.',
};

const signedOutListeners = new Set<() => void>();
// Called when the hub says that the session has ended.
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

const marking: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-Luy-Request', '1');
    return request;
  },
};

// A filter that is empty asks for nothing, and is not sent.
const asQuery = createQuerySerializer();
const withoutEmpty = (query: Record<string, unknown>) =>
  asQuery(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')));

export const client = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? 'http://localhost',
  credentials: 'same-origin',
  querySerializer: withoutEmpty,
  fetch: (request: Request) => globalThis.fetch(request),
});
client.use(marking);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

function errorOf(error: unknown, status: number): ApiError {
  const inner = (error as { error?: { code?: unknown; vi?: unknown; en?: unknown } } | undefined)?.error;
  if (inner && typeof inner.vi === 'string' && typeof inner.en === 'string') {
    return new ApiError(status, String(inner.code), { vi: inner.vi, en: inner.en });
  }
  return new ApiError(status, 'console.unreadable', unreadable);
}

// Gives the answer's body or throws an ApiError. `quiet` leaves a 401 to the caller: signing in, asking who is signed in.
export async function unwrap<T>(pending: Promise<Answer<T>>, quiet = false): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await pending;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    if (cause instanceof SyntaxError) throw new ApiError(0, 'console.unreadable', unreadable);
    throw new ApiError(0, 'console.unreachable', unreachable);
  }
  if (answer.response.ok) return answer.data as T;
  if (answer.response.status === 401 && !quiet) for (const listener of signedOutListeners) listener();
  throw errorOf(answer.error, answer.response.status);
}
