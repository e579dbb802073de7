import { describe, expect, it } from 'vitest';
import type { Appointment, Commitment, CommitmentText } from '~/api/commitments';
import { faultOf, inside, sha256Of, textId, unsigned } from './commitment';

const text = (id: string, version: number) => ({ id, version }) as CommitmentText;
const signed = (id: string, version: number, in_force = true) =>
  ({ text: { id, version }, in_force }) as Commitment;

describe('What is still to be signed', () => {
  it.each([
    ['nothing signed', [], ['a', 'b']],
    ['one signed', [signed('a', 2)], ['b']],
    ['an older version signed', [signed('a', 1), signed('b', 1)], ['a']],
    ['one that is over', [signed('a', 2, false), signed('b', 1)], ['a']],
    ['a company’s paper', [{ text: null, in_force: true } as Commitment], ['a', 'b']],
  ])('with %s', (_, own, left) => {
    expect(unsigned([text('a', 2), text('b', 1)], own).map((each) => each.id)).toEqual(left);
  });
});

it.each([
  ['Cam kết bảo mật', 'cam-ket-bao-mat'],
  ['  Đối tác – 2026! ', 'doi-tac-2026'],
])('The address of %j is %j', (title, id) => {
  expect(textId(title)).toBe(id);
});

it.each([
  [{ in_force: false, present: true, trained_until: '2027-01-01' }, 'ended'],
  [{ in_force: true, present: false, trained_until: '2027-01-01' }, 'absent'],
  [{ in_force: true, present: true, trained_until: null }, 'untrained'],
  [{ in_force: true, present: true, trained_until: '2026-11-22' }, 'untrained'],
  [{ in_force: true, present: true, trained_until: '2026-11-23' }, null],
])('An appointment %j counts unless %j', (one, fault) => {
  expect(faultOf(one as Appointment, '2026-11-23')).toBe(fault);
});

it('A task leads nowhere outside', () => {
  expect(['/leaves/1', '//evil.example/x', 'acts'].map(inside)).toEqual([
    'leaves/1',
    'evil.example/x',
    'acts',
  ]);
});

it('A paper is known by its SHA-256', async () => {
  expect(await sha256Of(new Blob(['abc']))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
