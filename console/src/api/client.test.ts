import { afterEach, expect, it, vi } from 'vitest';
import { ApiError, client, unwrap } from './client';

const seen: Request[] = [];
const answers = (make: () => Response) =>
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request);
    return make();
  });
const nothing = () => new Response(null, { status: 204 });

afterEach(() => {
  seen.length = 0;
  vi.unstubAllGlobals();
});

it('What stands in the holes of an address cannot leave its place', async () => {
  answers(nothing);
  await client.GET('/api/v1/persons/{person}', { params: { path: { person: '01/../x?y=1' } } });
  expect(new URL(seen[0]?.url ?? '').pathname).toBe('/api/v1/persons/01%2F..%2Fx%3Fy%3D1');
});

it('Only what is asked for stands in the query', async () => {
  answers(nothing);
  const query = { q: 'Hòa & Bình', agency: '', limit: 5 };
  await client.GET('/api/v1/persons', { params: { query } });
  expect(new URL(seen[0]?.url ?? '').search).toBe('?q=H%C3%B2a%20%26%20B%C3%ACnh&limit=5');
});

it('Changes are marked, reading is not', async () => {
  answers(nothing);
  await client.POST('/api/v1/persons/merge', { body: { keep: 'a', gone: 'b', reason: 'c' } });
  await client.GET('/api/v1/persons');
  expect(seen.map((each) => [each.method, each.headers.get('X-Luy-Request')])).toEqual([
    ['POST', '1'],
    ['GET', null],
  ]);
});

it('A refusal is the hub’s own sentence', async () => {
  const error = { code: 'people.leave_open', vi: 'Chưa xong.', en: 'Not done.' };
  answers(() => new Response(JSON.stringify({ error }), { status: 409 }));
  const asked = unwrap(client.POST('/api/v1/leaves/{leave}/close', { params: { path: { leave: 'x' } } }));
  const refused = await asked.catch((cause: unknown) => cause);
  expect(refused).toBeInstanceOf(ApiError);
  expect((refused as ApiError).code).toBe('people.leave_open');
  expect((refused as ApiError).text.en).toBe('Not done.');
});
