// Goal: the head finds what waits for their signature, by name or by role, before what waits for others.
import { expect, it } from 'vitest';
import type { IncidentDetail } from '~/api/incidentTypes';
import { awaitedPapers } from './awaited';

const text = (vi: string) => ({ vi, en: vi });
const paper = (id: string, next: string | null) => ({
  id,
  state: 'issued',
  awaiting: next ? [text(next)] : [],
});
const incident = {
  agency: { id: 'ward' },
  papers: [
    paper('secretary', 'Thư ký (người ghi biên bản) – Lê Thị Hạnh'),
    paper('chair', 'Chủ trì (chủ tọa) – Phạm Quốc Tuấn'),
    paper('report', 'Head of agency'),
    paper('done', null),
    { ...paper('draft', 'Head of agency'), state: 'draft' },
  ],
} as unknown as IncidentDetail;

it('says whose turn it is', () => {
  const seen = (name: string, role: 'agency_head' | 'security_officer') =>
    awaitedPapers([incident], name, [{ role, agency: 'ward' }]).map((each) => [each.paper.id, each.mine]);
  expect(seen('Phạm Quốc Tuấn', 'agency_head')).toEqual([
    ['chair', true],
    ['report', true],
    ['secretary', false],
  ]);
  expect(seen('Lê Thị Hạnh', 'security_officer')[0]).toEqual(['secretary', true]);
});
