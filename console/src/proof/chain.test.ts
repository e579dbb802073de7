import { expect, it } from 'vitest';
import { Log } from '../../mock/tree';
import { chainOf } from './note';

it('A chain of keys leads from the first successor to the key of the day', () => {
  const log = new Log('luy/bimson', '2026-11-23');
  expect(chainOf(log.keys().map((each) => each.certificate))).toEqual([
    { kind: 'successor', day: '2020-01-01', vkey: log.successor.verifierKey },
    { kind: 'day', day: '2026-11-23', vkey: log.key.verifierKey },
  ]);
  expect(chainOf(['no certificate'])).toEqual([]);
});
