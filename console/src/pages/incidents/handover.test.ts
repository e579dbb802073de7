// Goal: a package holds what was asked for and nothing of what was hidden again; only issued minutes go into it.
import { expect, it } from 'vitest';
import type { Paper } from '~/api/incidentTypes';
import { type Asked, handoverOf, minutesOf } from './handover';

const asked: Asked = {
  receiver: ' Công an tỉnh ',
  evidence: [],
  with_events: true,
  from: '2026-11-20T00:00:00Z',
  to: '2026-11-21T00:00:00Z',
  devices: [],
};

it('Logs are asked for with their span, and of all machines unless some are named', () => {
  expect(handoverOf(asked)).toEqual({
    receiver: 'Công an tỉnh',
    evidence: [],
    events: { from: asked.from, to: asked.to },
  });
  expect(handoverOf({ ...asked, devices: ['m'] }).events).toMatchObject({ devices: ['m'] });
  expect(handoverOf({ ...asked, with_events: false, devices: ['m'] }).events).toBeNull();
  expect(handoverOf({ ...asked, paper: 'p' }).paper).toBe('p');
});

it('Minutes that are a draft, and other papers, are not offered', () => {
  const paper = (id: string, form: string, state: Paper['state'], issued_at: string | null) =>
    ({ id, form, state, issued_at }) as Paper;
  const form = 'bien-ban-ban-giao-chung-cu';
  const list = [
    paper('draft', form, 'draft', null),
    paper('other', 'bien-ban-ket-thuc', 'signed', '2026-11-20T00:00:00Z'),
    paper('old', form, 'signed', '2026-11-19T00:00:00Z'),
    paper('new', form, 'issued', '2026-11-21T00:00:00Z'),
  ];
  expect(minutesOf(list).map((each) => each.id)).toEqual(['new', 'old']);
});
