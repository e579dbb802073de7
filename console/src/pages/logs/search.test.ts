import { describe, expect, it } from 'vitest';
import { ApiError } from '~/api/client';
import { withParams } from '~/ui/query';
import {
  bucketSpan,
  closedSpan,
  cutAt,
  doneShare,
  faultOf,
  loosened,
  quoted,
  spanOfSearch,
  tailTakes,
  withField,
} from './search';

const now = new Date('2026-11-22T10:00:30Z');

describe('A search’s time', () => {
  it('is the last 24 hours unless the address says otherwise, in whole minutes', () => {
    expect(spanOfSearch({}, now)).toEqual({ from: '2026-11-21T10:01:00.000Z', until: undefined });
    expect(spanOfSearch({ range: '15m' }, now).from).toBe('2026-11-22T09:46:00.000Z');
    expect(spanOfSearch({ range: 'all' }, now)).toEqual({ from: undefined, until: undefined });
  });
  it('of an unknown range is the usual one', () => {
    expect(spanOfSearch({ range: 'tomorrow' }, now)).toEqual(spanOfSearch({}, now));
  });
  it('with two moments is these moments, so that a link shows the same for ever', () => {
    const span = { from: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00Z' };
    expect(spanOfSearch({ ...span, range: '1h' }, now)).toEqual(span);
    expect(closedSpan(span, now)).toEqual(span);
  });
  it('is closed for the histogram', () => {
    expect(closedSpan({ from: undefined, until: undefined }, now)).toEqual({
      from: '2026-10-23T10:01:00.000Z',
      until: '2026-11-22T10:01:00.000Z',
    });
  });
  it('begins with the first day kept, when all time is asked for', () => {
    const all = { from: undefined, until: undefined };
    expect(closedSpan(all, now, '2026-11-20T17:00:00.000Z').from).toBe('2026-11-20T17:00:00.000Z');
    expect(closedSpan(all, now, '2026-12-20T17:00:00.000Z').from).toBe('2026-10-23T10:01:00.000Z');
    expect(
      closedSpan({ from: '2026-11-22T00:00:00Z', until: undefined }, now, '2026-11-20T17:00:00.000Z').from,
    ).toBe('2026-11-22T00:00:00Z');
  });
  it('zooms to one bar', () => {
    expect(bucketSpan({ from: '2026-11-22T00:00:00Z', bucket_seconds: 90 }, 2)).toEqual({
      from: '2026-11-22T00:03:00.000Z',
      until: '2026-11-22T00:04:30.000Z',
    });
  });
});

describe('A search’s words', () => {
  it.each([
    ['root', 'root'],
    ['192.0.2.10', '192.0.2.10'],
    ['2001:db8::1', '"2001:db8::1"'],
    ['two words', '"two words"'],
    ['-rf', '"-rf"'],
    ['say "no" now', '"say \\"no\\" now"'],
    ['C:\\Windows', '"C:\\\\Windows"'],
    ['10.0.0.0/8', '"10.0.0.0/8"'],
    ['Bỉm.Sơn', 'Bỉm.Sơn'],
    ['*', '"*"'],
    ['', '""'],
  ])('%j is written %s', (value, text) => {
    expect(quoted(value)).toBe(text);
  });
  it('gain a field once', () => {
    const field = { name: 'user.name', value: 'root' };
    expect(withField('', field, false)).toBe('user.name:root');
    expect(withField('sshd', field, true)).toBe('sshd -user.name:root');
    expect(withField('sshd user.name:root', field, false)).toBe('sshd user.name:root');
  });
  it('stay one question beside an alternative', () => {
    expect(withField('sshd OR sudo', { name: 'user.name', value: 'root' }, true)).toBe(
      '(sshd OR sudo) -user.name:root',
    );
  });
  it('hold a value alone where the language cannot write the name of its field', () => {
    expect(withField('', { name: 'labels.x-y', value: 'root' }, false)).toBe('root');
  });
});

describe('A search that found nothing', () => {
  it.each([
    ['process.name:ssh', 'process.name:*ssh*'],
    ['failed process.name:ssh -user.name:root', '*failed* process.name:*ssh* -user.name:root'],
    ['(ssh OR "sudo") AND dur>5', '(*ssh* OR *sudo*) AND dur>5'],
    ['message:"two words"', null],
    ['process.name:ssh*', null],
    ['ip:10.0.0.0/8', null],
    ['-user.name:root', null],
    ['', null],
  ])('%j is loosened to %j', (query, text) => {
    expect(loosened(query)).toBe(text);
  });
});

describe('A question that cannot be read', () => {
  const refused = (vi: string) => new ApiError(400, 'evidence.question_invalid', { vi, en: '' });
  it('is cut where reading stopped, in either language', () => {
    expect(faultOf(refused("Câu tìm kiếm sai tại ký tự 5: thiếu ')' / ')' is missing."))).toEqual({
      at: 5,
      why: { vi: "thiếu ')'", en: "')' is missing" },
    });
    expect(faultOf(new ApiError(400, 'api.bad_request', { vi: '5: x', en: '5: x' }))).toBeNull();
    expect(faultOf(new Error('5: x'))).toBeNull();
  });
  it('counts characters, not bytes or halves of them', () => {
    expect(cutAt('Bỉm 🦉 (a', 7)).toEqual(['Bỉm 🦉 ', '(', 'a']);
    expect(cutAt('a AND', 6)).toEqual(['a AND', '', '']);
  });
});

it('A search that goes backwards is done when it reaches the beginning, and never more than done', () => {
  const [from, until] = ['2026-11-01T00:00:00Z', '2026-11-05T00:00:00Z'];
  expect(doneShare(until, from, until)).toBe(0);
  expect(doneShare('2026-11-04T00:00:00Z', from, until)).toBe(0.25);
  expect(doneShare('2026-10-01T00:00:00Z', from, until)).toBe(1);
  expect(doneShare(until, until, from)).toBe(1);
});

describe('The live tail', () => {
  it.each([
    ['', true],
    ['sshd "failed password" -user.name:root', true],
    ['process.name:ssh*', true],
    ['a OR b', false],
    ['(a b)', false],
    ['NOT a', false],
    ['ip:10.0.0.0/8', false],
    ['port:>1024', false],
    ['dur>5', false],
    ['!a', false],
  ])('takes %j: %s', (question, takes) => {
    expect(tailTakes(question)).toBe(takes);
  });
});

describe('The address', () => {
  it('keeps what is not changed, and drops what is empty', () => {
    const next = withParams(new URLSearchParams('q=a&range=1h&x=1'), {
      q: 'đăng nhập',
      range: undefined,
      x: '',
    });
    expect(next.toString()).toBe('q=%C4%91%C4%83ng+nh%E1%BA%ADp');
  });
});
