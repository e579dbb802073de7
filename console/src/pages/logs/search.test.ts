import { describe, expect, it } from 'vitest';
import { withParams } from '~/ui/query';
import { bucketSpan, closedSpan, loosened, quoted, spanOfSearch, withField } from './search';

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
    ['say "no" now', '"say"'],
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
});

describe('A search that found nothing', () => {
  it.each([
    ['process.name:ssh', 'process.name:*ssh*'],
    ['failed process.name:ssh -user.name:root', 'failed process.name:*ssh* -user.name:root'],
    ['message:"two words"', 'message:"*two words*"'],
    ['process.name:ssh*', null],
    ['sshd failed', null],
    ['-user.name:root', null],
    ['', null],
  ])('%j is loosened to %j', (query, text) => {
    expect(loosened(query)).toBe(text);
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
