// Goal: what people type is sent as the hub takes it; a number copied off a paper is understood; wall clocks are Viet Nam's.
import { describe, expect, it } from 'vitest';
import { instantOf, momentIn, wallOf } from '~/ui/moments';
import { agencyOf, isAhead, numberOf, photoProblem, reportOf } from './report';

describe('A report', () => {
  it('leaves out what was not said', () => {
    const typed = { agency: 'a', sign: 'slow', what: ' chậm ', where: ' ', seen_at: 't' };
    expect(reportOf(typed, '')).toEqual({ agency: 'a', sign: 'slow', what: 'chậm', seen_at: 't' });
    expect(reportOf({ ...typed, where: 'P.2', reporter: 'An' }, 'cGg=')).toMatchObject({
      where: 'P.2',
      reporter: 'An',
      photo: 'cGg=',
    });
  });
  it.each([
    ['TB-2026-0042', 'TB-2026-0042'],
    [' tb 2026 0042 ', 'TB-2026-0042'],
    ['TB20260042', 'TB-2026-0042'],
    ['hello', 'hello'],
  ])('number %s is %s', (typed, number) => {
    expect(numberOf(typed)).toBe(number);
  });
});

describe('A wall clock', () => {
  it('is Ho Chi Minh City’s, whatever the browser’s zone', () => {
    expect(wallOf('2026-02-05T01:30:00Z')).toBe('2026-02-05T08:30');
    expect(instantOf('2026-02-05T08:30')).toBe('2026-02-05T01:30:00.000Z');
    expect(instantOf('never')).toBeNull();
    // A minute chosen keeps the seconds that are known of it, and the present minute means now.
    const now = new Date('2026-02-05T02:00:41.500Z');
    expect(momentIn('2026-02-05T08:30', '2026-02-05T01:30:27Z', now)).toBe('2026-02-05T01:30:27Z');
    expect(momentIn('2026-02-05T09:00', '2026-02-05T01:30:27Z', now)).toBe('2026-02-05T02:00:41.500Z');
    expect(momentIn('2026-02-05T08:59', null, now)).toBe('2026-02-05T01:59:00.000Z');
    expect(momentIn('2026-02-05T09:01', null, now)).toBe('2026-02-05T02:01:00.000Z');
    expect(wallOf('never')).toBe('');
  });
});

describe('the agency a report begins with', () => {
  const two = [
    { id: 'a', code: 'UBND-BS' },
    { id: 'b', code: 'UBND-BD' },
  ];
  it('is the only one, or the one that the poster names', () => {
    expect(agencyOf([{ id: 'a', code: 'A' }], null)).toBe('a');
    expect(agencyOf(two, 'b')).toBe('b');
    expect(agencyOf(two, 'ubnd-bd')).toBe('b');
    expect(agencyOf(two, 'c')).toBeUndefined();
    expect(agencyOf(two, null)).toBeUndefined();
  });
});

describe('What is checked before a report is sent', () => {
  it.each([
    ['image/png', 10, null],
    ['image/png', 11, 'large'],
    ['image/heic', 1, 'type'],
    ['', 1, 'type'],
  ])('a photo of type "%s" and %i bytes', (type, size, problem) => {
    expect(photoProblem({ type, size }, 10)).toBe(problem);
  });
  it('a time that is still to come, but not a clock that is a little fast', () => {
    const now = new Date('2026-11-23T05:00:00Z');
    expect(isAhead('2026-11-23T05:00:30Z', now)).toBe(false);
    expect(isAhead('2026-11-23T06:00:00Z', now)).toBe(true);
  });
});
