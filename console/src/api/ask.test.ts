import { afterEach, expect, it, vi } from 'vitest';
import { at, change, read, withQuery } from './ask';
import { ApiError } from './client';

afterEach(() => vi.unstubAllGlobals());

it('What stands in the holes of an address cannot leave its place', () => {
  expect(at`/persons/${'01/../x?y=1'}/leave`).toBe('/persons/01%2F..%2Fx%3Fy%3D1/leave');
  expect(at`/persons`).toBe('/persons');
});

it('Only what is asked for stands in the query', () => {
  expect(withQuery('/persons', { q: 'Hòa & Bình', agency: '', state: undefined, limit: 5 })).toBe(
    '/persons?q=H%C3%B2a+%26+B%C3%ACnh&limit=5',
  );
  expect(withQuery('/persons', {})).toBe('/persons');
});

it('Changes are marked, reading is not', async () => {
  const seen: Request[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request);
    return new Response(null, { status: 204 });
  });
  await change('POST', '/persons/merge', { keep: 'a' });
  await read('/persons');
  expect(seen.map((each) => [each.method, each.headers.get('X-Luy-Request')])).toEqual([
    ['POST', '1'],
    ['GET', null],
  ]);
});

it('A refusal is the hub’s own sentence', async () => {
  const error = { code: 'people.leave_open', vi: 'Chưa xong.', en: 'Not done.' };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ error }), { status: 409 }));
  const refused = await change('POST', '/leaves/x/close').catch((cause: unknown) => cause);
  expect(refused).toBeInstanceOf(ApiError);
  expect((refused as ApiError).code).toBe('people.leave_open');
  expect((refused as ApiError).text.en).toBe('Not done.');
});
