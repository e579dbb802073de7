import { describe, expect, it } from 'vitest';
import type { ProviderRequestState } from '~/api/types';
import { decisionsOf, lookOf, ownActsOf, sha256Of, takesLetter } from './request';

const request = (
  state: ProviderRequestState,
  delay: 'waiting' | 'granted' | 'refused' | null = null,
  overdue = false,
) => ({ state, overdue, delay: delay ? { state: delay } : null });

describe('The asking side', () => {
  it.each([
    ['asked', null, ['withdraw']],
    ['noted', 'waiting', ['grant_delay', 'refuse_delay', 'withdraw']],
    ['noted', 'refused', ['withdraw']],
    ['answered', null, ['close', 'return', 'withdraw']],
    ['closed', null, []],
    ['withdrawn', 'waiting', []],
  ] as const)('of a request that is %s with a delay that is %s decides %j', (state, delay, wanted) => {
    expect(decisionsOf(request(state, delay))).toEqual(wanted);
  });
  it('records a letter while an answer is waited for', () => {
    const states = ['asked', 'noted', 'returned', 'answered', 'closed', 'withdrawn'] as const;
    expect(states.filter((state) => takesLetter(request(state)))).toEqual(['asked', 'noted', 'returned']);
  });
});

describe('The provider', () => {
  it.each([
    ['asked', null, ['note', 'answer', 'delay']],
    ['noted', null, ['answer', 'delay']],
    ['noted', 'waiting', ['answer']],
    ['returned', 'granted', ['answer', 'delay']],
    ['answered', null, []],
    ['closed', null, []],
  ] as const)('of a request that is %s with a delay that is %s may do %j', (state, delay, wanted) => {
    expect(ownActsOf(request(state, delay))).toEqual(wanted);
  });
});

it('What is late looks late until it is over', () => {
  expect(lookOf(request('noted', null, true))).toBe('violated');
  expect(lookOf(request('answered'))).toBe('due');
  expect(lookOf(request('closed', null, true))).toBe('kept');
});

it('A file is named by its hash', async () => {
  expect(await sha256Of(new Blob(['abc']))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
