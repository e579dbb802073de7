// Goal: the queue's keys act on what people think they act on, and entities lead somewhere.
import { describe, expect, it } from 'vitest';
import { chosen, entityAddress } from './words';

describe('The queue', () => {
  it('acts on what is ticked before it acts on the row with the focus', () => {
    expect(chosen(new Set(['a', 'b']), 'c')).toEqual(['a', 'b']);
    expect(chosen(new Set(), 'c')).toEqual(['c']);
    expect(chosen(new Set(), undefined)).toEqual([]);
  });
});

describe('An entity', () => {
  it('leads to the device or to its lines in the logs', () => {
    expect(entityAddress({ type: 'device', value: '01j', name: 'may-01' })).toBe('/devices/01j');
    const address = entityAddress({ type: 'address', value: '203.0.113.9', name: '203.0.113.9' });
    expect(new URLSearchParams(address.split('?')[1]).get('q')).toBe('"203.0.113.9"');
  });
  it('never breaks the search by a quote in its name', () => {
    const address = entityAddress({ type: 'file', value: '/tmp/a"b', name: '' });
    expect(new URLSearchParams(address.split('?')[1]).get('q')).toBe('"/tmp/a"');
  });
});
