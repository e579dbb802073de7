// Goal: the drawing says where a case is and how it came there, forms ask for what the pack asks and nothing else, clocks
// come in the order of need.
import { describe, expect, it } from 'vitest';
import type {
  IncidentClock,
  IncidentEntry,
  IncidentProcess,
  IncidentTransition,
  PaperForm,
  PaperFormField,
} from '~/api/incidentTypes';
import { byNeed, shareGone } from './clockOrder';
import { box, drawingOf, drawnWays, linesOf, movesOfRound } from './drawing';
import { spansOf } from './holdDays';
import { halfYearOf } from './measures';
import {
  choiceValue,
  chosenIds,
  cleaned,
  detailOf,
  emptyMandatory,
  isAsked,
  isEmpty,
  offered,
} from './paperData';
import { framed, frameOf } from './paperFrame';

const text = (vi: string) => ({ vi, en: vi });
const way = (event: string, from: string[], to: string, more: Partial<IncidentTransition> = {}) => ({
  event,
  title: text(event),
  from,
  to,
  roles: [],
  reason: false,
  beyond: false,
  fields: [],
  papers: [],
  needs: [],
  ...more,
});
const steps = ['step_1', 'step_2', 'step_3', 'step_4', 'step_5'];
const process = {
  start: 'step_1',
  states: [
    ...steps.map((id, index) => ({ id, step: index + 1, end: false, title: text(`Bước ${index + 1}: x`) })),
    ...['closed', 'dismissed', 'merged'].map((id) => ({ id, step: 0, end: true, title: text(id) })),
  ],
  transitions: [
    way('own_system', ['step_1'], 'step_2'),
    way('provincial_system', ['step_1'], 'step_3'),
    way('dismiss', ['step_1'], 'dismissed'),
    way('resolved', ['step_2'], 'closed', {
      papers: [{ form: 'minutes', signed_by: ['agency_head'], delivered: false, field: null, is: null }],
    }),
    way('beyond_ability', ['step_2'], 'step_3', { beyond: true }),
    way('reported', ['step_3'], 'step_4'),
    way('remedied', ['step_4'], 'step_5'),
    way('finished', ['step_5'], 'closed'),
    way('merge', steps, 'merged'),
    way('reopen', ['closed', 'dismissed', 'merged'], 'step_1'),
  ],
} as unknown as IncidentProcess;

const moved = (event: string, from: string, to: string, round = 1): IncidentEntry => ({
  number: 1,
  at: '2026-11-20T01:00:00Z',
  by: 'An',
  kind: 'moved',
  text: text(event),
  data: { event, from, to, round },
  seq: null,
});

describe('The drawing', () => {
  const where = (present: string, timeline: IncidentEntry[], round = 1) => {
    const drawing = drawingOf(process, present, movesOfRound(process, timeline, round));
    return {
      drawing,
      of: (id: string) => drawing.nodes.find((node) => node.id === id)?.where,
      used: drawing.edges.filter((edge) => edge.used).map((edge) => edge.event),
    };
  };

  it('of a new case stands at the first step, and nothing else is passed', () => {
    const { of, used, drawing } = where('step_1', []);
    expect(of('step_1')).toBe('here');
    expect(steps.slice(1).map(of)).toEqual(['ahead', 'ahead', 'ahead', 'ahead']);
    expect(used).toEqual([]);
    expect(drawing.edges.find((edge) => edge.event === 'beyond_ability')?.beyond).toBe(true);
  });

  it('knows the way of a provincial system, which passes by step 2', () => {
    const { of, used } = where('step_3', [moved('provincial_system', 'step_1', 'step_3')]);
    expect([of('step_1'), of('step_2'), of('step_3')]).toEqual(['passed', 'ahead', 'here']);
    expect(used).toEqual(['provincial_system']);
  });

  it('forgets what an earlier round did, and how the case was opened again', () => {
    const timeline = [
      moved('own_system', 'step_1', 'step_2'),
      moved('resolved', 'step_2', 'closed'),
      moved('reopen', 'closed', 'step_1', 2),
    ];
    const { of, used } = where('step_1', timeline, 2);
    expect([of('step_1'), of('step_2'), of('closed')]).toEqual(['here', 'ahead', 'ahead']);
    expect(used).toEqual([]);
  });

  it('leaves out what would cover it, until the case is there', () => {
    expect(drawnWays(process).map((each) => each.event)).not.toContain('merge');
    expect(where('step_1', []).of('merged')).toBeUndefined();
    expect(where('merged', [moved('merge', 'step_3', 'merged')]).of('merged')).toBe('here');
  });

  it('puts no box on another', () => {
    for (const present of ['step_1', 'closed', 'merged']) {
      const { nodes } = drawingOf(process, present, [
        { ...moved('merge', 'step_1', present).data, at: '' } as never,
      ]);
      for (const a of nodes)
        for (const b of nodes)
          if (a !== b)
            expect(
              Math.abs(a.x - b.x) >= box.width || Math.abs(a.y - b.y) >= box.height,
              `${a.id} ${b.id}`,
            ).toBe(true);
    }
  });

  it('breaks titles at words', () => {
    expect(linesOf('Bước 1: Xác định thẩm quyền', 12)).toEqual({
      head: 'Bước 1',
      lines: ['Xác định', 'thẩm quyền'],
    });
    expect(linesOf('Đã kết thúc')).toEqual({ head: '', lines: ['Đã kết thúc'] });
    expect(linesOf('Step 1: whose system').lines).toEqual(['Whose system']);
  });
});

describe('A form', () => {
  const field = (id: string, type: string, more: Partial<PaperFormField> = {}): PaperFormField => ({
    id,
    type,
    required: true,
    label: text(id),
    hint: '',
    options: [],
    columns: [],
    rows: [],
    when: null,
    ...more,
  });
  const form = {
    id: 'minutes',
    fields: [
      field('incident', 'text'),
      field('outcome', 'choice'),
      field('resolved_at', 'datetime', { when: { field: 'outcome', is: ['resolved'], not: false } }),
      field('why', 'long_text', { when: { field: 'outcome', is: ['resolved'], not: true } }),
      field('people', 'persons'),
      field('remarks', 'text', { required: false }),
    ],
  } as unknown as PaperForm;

  it('asks for what the answers before it call for, and for nothing else', () => {
    const asked = (values: Record<string, unknown>) =>
      form.fields.filter((each) => isAsked(each, values)).map((each) => each.id);
    expect(asked({ outcome: 'resolved' })).toContain('resolved_at');
    expect(asked({ outcome: 'resolved' })).not.toContain('why');
    expect(asked({ outcome: { id: 'beyond', detail: 'x' } })).toContain('why');
    const flag = field('more', 'text', { when: { field: 'remarks', is: [], not: false } });
    expect(isAsked(flag, {})).toBe(false);
    expect(isAsked(flag, { remarks: 'có' })).toBe(true);
  });

  it('names every mandatory field that is still empty, blanks and empty rows included', () => {
    const names = (values: Record<string, unknown>) => emptyMandatory(form, values).map((each) => each.id);
    expect(names({})).toEqual(['incident', 'outcome', 'why', 'people']);
    expect(names({ incident: ' ', outcome: 'resolved', people: [{}] })).toEqual([
      'incident',
      'resolved_at',
      'people',
    ]);
    expect(
      names({ incident: 'a', outcome: 'resolved', resolved_at: '2026-02-05T08:30', people: [{ name: 'B' }] }),
    ).toEqual([]);
  });

  it('sends only what is asked and filled in', () => {
    expect(
      cleaned(form, {
        incident: '  Sự cố ',
        outcome: 'resolved',
        why: 'left from before',
        people: [{ name: 'An', phone: '' }, {}],
        remarks: '',
      }),
    ).toEqual({ incident: 'Sự cố', outcome: 'resolved', people: [{ name: 'An' }] });
  });

  it('drops choices that it does not offer, and nothing else', () => {
    const options = [{ id: 'log', text: 'Log', detail: false }];
    const choosing = { fields: [field('how', 'choices', { options }), field('one', 'choice', { options })] };
    const values = { how: ['log', 'Đã rút cáp'], one: 'other', what: 'x' };
    expect(offered(choosing as unknown as PaperForm, values)).toEqual({ how: ['log'], what: 'x' });
    const known = { how: [{ id: 'log', detail: 'a' }], one: 'log' };
    expect(offered(choosing as unknown as PaperForm, known)).toEqual(known);
  });

  it('keeps zero, and the detail of a choice', () => {
    expect(isEmpty(0)).toBe(false);
    expect(isEmpty([{}, { a: '' }])).toBe(true);
    expect(choiceValue('other', ' ')).toBe('other');
    const value = ['log', { id: 'other', detail: 'camera' }];
    expect(chosenIds(value)).toEqual(['log', 'other']);
    expect(detailOf(value, 'other')).toBe('camera');
    expect(detailOf(value, 'log')).toBe('');
  });
});

describe('Clocks', () => {
  const clock = (id: string, state: IncidentClock['state'], due: string) =>
    ({ id, state, due }) as IncidentClock;

  it('come in the order of need', () => {
    const order = byNeed([
      clock('kept', 'kept', '2026-01-01'),
      clock('soon', 'running', '2026-01-02'),
      clock('later', 'running', '2026-01-09'),
      clock('over', 'overdue', '2026-01-08'),
    ]);
    expect(order.map((each) => each.id)).toEqual(['over', 'soon', 'later', 'kept']);
  });

  it('are full once their time is gone, and stand still once they are stopped', () => {
    const span = { started: '2026-11-20T00:00:00Z', due: '2026-11-20T10:00:00Z' };
    const at = (hour: number) => new Date(Date.UTC(2026, 10, 20, hour));
    expect(shareGone({ ...span, stopped: null }, at(5))).toBe(0.5);
    expect(shareGone({ ...span, stopped: null }, at(20))).toBe(1);
    expect(shareGone({ ...span, stopped: '2026-11-20T01:00:00Z' }, at(20))).toBeCloseTo(0.1);
    expect(shareGone({ started: span.due, due: span.started, stopped: null }, at(5))).toBe(1);
  });
});

describe('What stands around a paper', () => {
  const form = { signers: ['THƯ KÝ', 'CHỦ TỌA'] };
  it('begins with what the hub holds, else with the titles of the form', () => {
    expect(frameOf(form, {}).signatures.map((one) => one.authority)).toEqual([['THƯ KÝ'], ['CHỦ TỌA']]);
    const signatures = [{ authority: ['TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH'], note: '', name: 'Nguyễn Văn An' }];
    expect(frameOf(form, { signatures, recipients: ['Công an tỉnh'], copies: 7 })).toEqual({
      recipients: ['Công an tỉnh'],
      copies: [],
      signatures,
    });
  });

  it('has no addressees where the hub names none', () => {
    expect(frameOf(form, {})).not.toHaveProperty('recipients');
    expect(framed(frameOf(form, {}))).not.toHaveProperty('recipients');
    expect(frameOf(form, { recipients: [] }).recipients).toEqual([]);
  });

  it('is kept without empty lines and places', () => {
    const empty = { authority: [' '], note: '', name: '' };
    const one = { authority: ['CHỦ TỊCH', ''], note: '', name: ' An ' };
    expect(framed({ recipients: ['', ' Công an tỉnh '], copies: [], signatures: [one, empty] })).toEqual({
      recipients: ['Công an tỉnh'],
      copies: [],
      signatures: [{ authority: ['CHỦ TỊCH'], note: '', name: 'An' }],
    });
  });
});

describe('Days that are held', () => {
  it('are told as spans', () => {
    expect(spansOf([])).toEqual([]);
    expect(spansOf(['2026-03-01', '2026-02-28', '2026-02-27', '2026-03-05', '2026-03-05'])).toEqual([
      { from: '2026-02-27', to: '2026-03-01', count: 3 },
      { from: '2026-03-05', to: '2026-03-05', count: 1 },
    ]);
  });
});

describe('The half-year', () => {
  it.each([
    ['2026-06-30', '2026-01-01', '2026-06-30'],
    ['2026-07-01', '2026-07-01', '2026-12-31'],
  ])('of %s', (day, from, to) => {
    expect(halfYearOf(day)).toEqual({ from, to });
  });
});
