// Goal: the register gets what was typed, composed, and no empty words; only PDF that the hub takes is sent.
import { expect, it } from 'vitest';
import { fileFault, inboundOf } from './inbound';

it('A warning from outside is sent composed and without empty words', () => {
  const typed = {
    source: ' Cục An ninh mạng ',
    reference: '  ',
    title: 'Le\u0302̃ hổng',
    summary: 'Cập nhật',
    received_at: '2026-11-20T01:00:00Z',
  };
  expect(inboundOf(typed, null)).toEqual({
    source: 'Cục An ninh mạng',
    title: 'Lễ hổng',
    summary: 'Cập nhật',
    received_at: '2026-11-20T01:00:00Z',
  });
  const file = { name: 'a.pdf', content: 'JVBERg==' };
  expect(inboundOf({ ...typed, dated: '2026-11-19', contact: 'c' }, file)).toMatchObject({
    dated: '2026-11-19',
    contact: 'c',
    file,
  });
});

it('Files that are no PDF or too large stay here', () => {
  expect(fileFault({ name: 'canh-bao.PDF', size: 10 })).toBeNull();
  expect(fileFault({ name: 'canh-bao.pdf.exe', size: 10 })).toBe('not_pdf');
  expect(fileFault({ name: 'a.pdf', size: 16 * 1024 * 1024 + 1 })).toBe('large');
});
