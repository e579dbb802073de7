// Goal: the queue's keys act on what people think they act on, and entities lead somewhere.
import { describe, expect, it } from 'vitest';
import { entityAddress } from '~/ui/EntityLink';
import { chosen } from './words';

describe('The queue', () => {
  it('acts on what is ticked before it acts on the row with the focus', () => {
    expect(chosen(new Set(['a', 'b']), 'c')).toEqual(['a', 'b']);
    expect(chosen(new Set(), 'c')).toEqual(['c']);
    expect(chosen(new Set(), undefined)).toEqual([]);
  });
});

describe('An entity', () => {
  it('leads to its own page, whatever characters its value has', () => {
    expect(entityAddress({ type: 'device', value: '01j' })).toBe('/entities/device/01j');
    const address = entityAddress({ type: 'file', value: '/tmp/a?b#c d' });
    expect(address.split('/')).toHaveLength(4);
    expect(decodeURIComponent(address.split('/')[3] ?? '')).toBe('/tmp/a?b#c d');
  });
});
