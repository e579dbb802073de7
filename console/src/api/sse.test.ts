import { expect, it } from 'vitest';
import { FrameReader } from './sse';

it('Frames come out whole however the bytes were cut', () => {
  const text = ': open\n\nevent: hit\ndata: {"seq":1}\n\nid: 7\nevent: end\ndata: a\ndata: b\n\n';
  const whole = [
    { event: 'hit', data: '{"seq":1}' },
    { event: 'end', data: 'a\nb' },
  ];
  expect(new FrameReader().push(text)).toEqual(whole);
  const bits = new FrameReader();
  expect([...text].flatMap((letter) => bits.push(letter))).toEqual(whole);
});

it('A frame without its end is kept back, and one without a name is a message', () => {
  const reader = new FrameReader();
  expect(reader.push('data: 1\n')).toEqual([]);
  expect(reader.push('\n')).toEqual([{ event: 'message', data: '1' }]);
});
