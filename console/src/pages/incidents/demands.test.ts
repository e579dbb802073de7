// Goal: what a way on lacks leads to the paper that is there, or to writing it; what it must conclude is said.
import { describe, expect, it } from 'vitest';
import type { IncidentProcess, Paper } from '~/api/incidentTypes';
import { isOwnLimit, waitsForMark } from './clockOrder';
import { demandsOf } from './demands';

const text = (vi: string) => ({ vi, en: vi });
const options = [
  { id: 'resolved', text: 'đã khắc phục', detail: false },
  { id: 'beyond', text: 'vượt quá khả năng', detail: false },
];
const process = {
  transitions: [
    {
      event: 'go',
      needs: ['guidance'],
      papers: [
        { form: 'minutes', signed_by: [], delivered: false, field: 'outcome', is: 'beyond' },
        { form: 'report', signed_by: [], delivered: true, field: null, is: null },
      ],
    },
  ],
  forms: [
    { id: 'minutes', title: text('Biên bản'), fields: [{ id: 'outcome', options }] },
    { id: 'report', title: text('Báo cáo'), fields: [] },
  ],
} as unknown as IncidentProcess;
const way = { event: 'go', missing: [text('biên bản')] };
const paper = (form: string, state: Paper['state'], sent: boolean, round = 1) =>
  ({ id: `${form} ${state}`, form, state, round, made_at: '2026', deliveries: sent ? [{}] : [] }) as Paper;

describe('What a way on lacks', () => {
  it('is to be written where there is none of this round', () => {
    const { papers, joint } = demandsOf(
      process,
      { round: 2, papers: [paper('minutes', 'signed', false, 1)] },
      way,
    );
    expect(papers.map((each) => [each.form.id, each.conclusion, each.delivered, each.paper])).toEqual([
      ['minutes', 'vượt quá khả năng', false, null],
      ['report', null, true, null],
    ]);
    expect(joint).toBe(true);
  });
  it('is the paper that came furthest; what is signed and sent lacks nothing', () => {
    const own = [
      paper('report', 'signed', true),
      paper('minutes', 'draft', false),
      paper('minutes', 'issued', false),
    ];
    const { papers } = demandsOf(process, { round: 1, papers: own }, way);
    expect(papers.map((each) => each.paper?.id)).toEqual(['minutes issued']);
  });
  it('is nothing where the hub misses nothing', () => {
    expect(demandsOf(process, { round: 1, papers: [] }, { ...way, missing: [] }).papers).toEqual([]);
  });
});

describe('A clock', () => {
  it('waits for a mark while it runs, where people are told by other ways than a paper', () => {
    expect(waitsForMark({ id: 'initial_notice', state: 'running' })).toBe('notified');
    expect(waitsForMark({ id: 'initial_notice', state: 'kept' })).toBeNull();
    expect(waitsForMark({ id: 'cause_report', state: 'running' })).toBeNull();
  });
  it('is of our own where its source says so', () => {
    expect(isOwnLimit({ source: text("Lũy's default: one working day") })).toBe(true);
    expect(isOwnLimit({ source: text('Điều 12.1 QĐ 4448/QĐ-UBND') })).toBe(false);
  });
});
