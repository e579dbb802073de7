// A stand-in for the hub, for development and browser tests: the contract's paths over plain HTTP on loopback, the same
// cookie flow, live stream included, and dist/ under the same content policy. Nothing is kept when it stops.
//   npm run mock -- [--port 8787] [--agencies 1..40] [--dist dist]

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { Hub } from './hub';
import type { Answer } from './state';

function option(name: string, fallback: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? (process.argv[at + 1] ?? fallback) : fallback;
}

const bodyMax = 1 << 20;
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};
// As docs/adr/0081 asks the hub to send it.
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const dist = option('dist', 'dist');
const hub = new Hub(Number(option('agencies', '1')));

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyMax) throw new Error('body too large');
  }
  return text === '' ? null : JSON.parse(text);
}

function send(response: ServerResponse, answer: Answer): void {
  const headers: Record<string, string> = { 'Cache-Control': 'no-store', ...answer.headers };
  if (answer.text !== undefined) {
    response.writeHead(answer.status, { ...headers, 'Content-Type': 'text/event-stream' });
    response.end(answer.text);
    return;
  }
  if (answer.body === undefined) {
    response.writeHead(answer.status, headers).end();
    return;
  }
  response.writeHead(answer.status, { ...headers, 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(answer.body));
}

async function file(path: string, response: ServerResponse): Promise<void> {
  const known = extname(path) in types;
  const name = known ? normalize(path) : 'index.html';
  try {
    const bytes = await readFile(join(dist, name));
    response.writeHead(200, {
      'Content-Type': types[extname(name)] ?? 'text/html',
      'Content-Security-Policy': policy,
    });
    response.end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (!url.pathname.startsWith('/api/')) {
    void file(url.pathname, response);
    return;
  }
  const token = /(?:^|;\s*)luy_mock=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  if (url.pathname === '/api/v1/stream') {
    hub.openStream(token, url.searchParams, response);
    return;
  }
  void bodyOf(request)
    .then((body) =>
      hub.answer({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        marked: request.headers['x-luy-request'] === '1',
        token,
        body: body as Record<string, unknown> | null,
      }),
    )
    .catch(() => ({
      status: 400,
      body: {
        error: { code: 'api.bad_request', vi: 'Yêu cầu không hợp lệ.', en: 'The request is not valid.' },
      },
    }))
    .then((answer) => send(response, answer));
});
server.listen(Number(option('port', '8787')), '127.0.0.1', () => {
  const address = server.address();
  console.log(
    `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''} ${hub.username} ${hub.password}`,
  );
});
const heart = setInterval(() => hub.tick(), 3_000);
process.on('SIGTERM', () => {
  clearInterval(heart);
  hub.closeStreams();
  server.close();
});
