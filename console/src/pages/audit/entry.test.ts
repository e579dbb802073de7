import { expect, it } from 'vitest';
import type { LogEvent } from '~/api/types';
import { entryOf, searchOf } from './entry';

const record = (raw: string): LogEvent => ({
  seq: 7,
  received_at: '2026-11-22T16:30:56Z',
  agency: 'a',
  device: null,
  device_name: '',
  stream: 'audit',
  transport: 'hub',
  raw,
  raw_base64: null,
  fields: {},
});
const line = {
  '@timestamp': '2026-11-22T16:30:55Z',
  'event.dataset': 'luy.audit',
  'event.action': 'account_disable',
  'event.outcome': 'success',
  'user.name': 'quantri',
  'source.ip': '10.1.2.3',
  'luy.object': 'account:01',
  'luy.before': { enabled: true },
  'luy.after': { enabled: false },
};

it('A line of the trail is read whole', () => {
  expect(entryOf(record(JSON.stringify(line)))).toEqual({
    seq: 7,
    at: '2026-11-22T16:30:55Z',
    act: 'account_disable',
    who: 'quantri',
    address: '10.1.2.3',
    object: 'account:01',
    outcome: 'done',
    error: '',
    alarm: false,
    before: { enabled: true },
    after: { enabled: false },
  });
});

it('A refusal differs from a failure', () => {
  const failed = { ...line, 'event.outcome': 'failure' };
  expect(entryOf(record(JSON.stringify(failed)))?.outcome).toBe('failed');
  expect(entryOf(record(JSON.stringify({ ...failed, 'luy.refused': true })))?.outcome).toBe('refused');
});

it.each([
  '',
  'no json',
  '[]',
  'null',
  '{"event.dataset":"other","event.action":"x"}',
  '{"event.dataset":"luy.audit"}',
])('What is no line of the trail is none: %j', (raw) => expect(entryOf(record(raw))).toBeNull());

it.each([
  [{}, 'event.dataset:luy.audit -event.action:evidence_search'],
  [{ searches: '1' }, 'event.dataset:luy.audit'],
  [
    { person: 'quantri', object: 'account:01', outcome: 'failed' },
    'event.dataset:luy.audit user.name:"quantri" "account:01" -event.action:evidence_search event.outcome:failure',
  ],
  [{ act: 'role_grant' }, 'event.dataset:luy.audit event.action:"role_grant"'],
  [{ person: 'a" -b:"c' }, 'event.dataset:luy.audit user.name:"a -b:c" -event.action:evidence_search'],
])('The search for %j stays one search', (filter, query) => {
  expect(searchOf(filter)).toBe(query);
});
