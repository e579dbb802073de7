// Goal: both ways through the five steps are walked to their end in the console, and in every state the console offers the
// events of the process and no other, while the API refuses all others and what still lacks its demands; an information
// conflict, a legal hold, the hand-over of evidence and a merge by their dialogs; an overdue clock reminds on every page.
// Method: a real hub; papers by the API (incidents_test writes one by the page), moves by the page.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { faults, overflow, settled, shoot } from './browser.mjs';
import { headers, openDesk, skip } from './desk.mjs';
import { person, shown, signedPaper, wall } from './papers.mjs';
import { signerOf } from './signing.mjs';

const now = () => new Date().toISOString();
const chair = person('Nguyễn Văn An');

describe('The process', { skip }, () => {
  let desk;
  let tab;
  let api;
  let head; // The head of the agency, signed in.
  let rules; // What the pack says.
  let agency;
  let other; // A case to join.
  let who; // Who writes and signs papers.

  const dialog = () => tab.page.getByRole('dialog');
  const open = (title, more) => api.post('/api/v1/incidents', { agency, title, discovered_at: now(), ...more });
  const detail = (id) => api.get(`/api/v1/incidents/${id}`);
  const add = (id, kind, body) => api.post(`/api/v1/incidents/${id}/parts`, { kind, body });
  const label = (kind, field) => {
    const { vi } = rules.parts.find((each) => each.kind === kind).fields.find((each) => each.id === field).label;
    return vi.charAt(0).toLocaleUpperCase() + vi.slice(1);
  };
  const save = async () => {
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await dialog().waitFor({ state: 'hidden' });
  };

  async function tryMove(id, { event, fields }) {
    const values = fields.map((field) => [field.id, field.type === 'case' ? other.id : now()]);
    const data = { event, reason: 'Thử bỏ qua một bước', ...(values.length > 0 ? { fields: Object.fromEntries(values) } : {}) };
    const answer = await tab.page.request.post(`/api/v1/incidents/${id}/moves`, { headers, data });
    return { status: answer.status(), code: (await answer.json()).error?.code };
  }

  // In the state where the case is: the page offers the events that the process has from here, the API takes no other, and
  // none whose papers or parts are still missing.
  async function keepsToTheProcess(id) {
    const { state, ways_on: ways } = await detail(id);
    const from = rules.transitions.filter((each) => each.from.includes(state));
    const events = from.map((each) => each.event).sort();
    assert.deepEqual(ways.map((each) => each.event).sort(), events, state);
    await tab.page.goto(`/incidents/${id}`);
    await settled(tab.page);
    const offered = await tab.page.locator('.ways [data-event]').evaluateAll((items) => items.map((item) => item.dataset.event));
    assert.deepEqual(offered.sort(), events, `${state}: what the page offers`);
    for (const each of rules.transitions.filter((one) => !one.from.includes(state))) {
      assert.deepEqual(await tryMove(id, each), { status: 409, code: 'incident.move_forbidden' }, `${state}: ${each.event}`);
    }
    for (const each of from.filter((one) => one.papers.length + one.needs.length > 0)) {
      assert.deepEqual(await tryMove(id, each), { status: 409, code: 'incident.demands_unmet' }, `${state}: ${each.event}`);
    }
    assert.equal((await detail(id)).state, state, 'nothing moved');
    return events.length;
  }

  async function stands(state) {
    const { title } = rules.states.find((each) => each.id === state);
    await tab.page.locator('.page-lead', { hasText: title.vi }).waitFor();
  }
  async function move(id, event, fill = async () => undefined) {
    const way = rules.transitions.find((each) => each.event === event);
    await tab.page.goto(`/incidents/${id}`);
    await settled(tab.page);
    await tab.page.locator(`.ways [data-event=${event}]`).getByRole('button').click();
    await dialog().waitFor();
    if (way.reason) await dialog().locator('textarea').fill('Theo kết luận của cán bộ phụ trách');
    await fill(way);
    await dialog().getByRole('button', { name: 'Chuyển bước' }).click();
    await stands(way.to);
    await dialog().waitFor({ state: 'hidden' });
  }
  const atThisMoment = async (way) => {
    const field = dialog().getByLabel(way.fields[0].label.vi);
    await field.fill(shown());
    await field.press('Enter');
  };

  before(async () => {
    desk = await openDesk();
    ({ tab, api, agency } = desk);
    rules = await api.get('/api/v1/incident-process');
    const signer = signerOf(desk.hub, 'Nguyen Van An');
    const secretary = signer.another('Le Thi Binh');
    who = { api, request: tab.page.request, signer, secretary };
    head = await desk.person('Nguyễn Văn An', 'thutruong');
    const writer = await desk.person('Lê Thị Bình', 'thuky');
    await api.post('/api/v1/signers', { account: head.id, certificate: signer.certificate });
    await api.post('/api/v1/signers', { account: writer.id, certificate: secretary.certificate });
    // With a head there are two, and certificates take both.
    await api.post(`/api/v1/accounts/${head.id}/roles`, { role: 'agency_head', agency });
    await desk.signedIn(head);
    other = await open('Vụ đã biết');
  });
  after(() => desk?.stop());

  it('of a system at the provincial centre goes 1, 3, 4, 5 to its end, and nowhere else from any of them', async () => {
    const { id } = await open('Cổng dịch vụ công không truy cập được');
    await keepsToTheProcess(id);
    await move(id, 'provincial_system');
    await keepsToTheProcess(id);
    await signedPaper(who, id, 'bao-cao-ban-dau', { measures: ['antivirus'] }, true);
    await add(id, 'guidance', { given_by: 'Công an tỉnh', given_at: now(), text: 'Giữ nguyên hiện trạng' });
    await move(id, 'reported');
    await keepsToTheProcess(id);
    const action = await add(id, 'action', { title: 'Khôi phục từ bản sao sạch', owner: 'Trung tâm CNTT tỉnh' });
    await tab.page.request.patch(`/api/v1/incidents/${id}/parts/${action.id}`, { headers, data: { changes: { done_at: now(), outcome: 'Hoạt động bình thường' } } });
    await move(id, 'remedied');
    await keepsToTheProcess(id);
    await signedPaper(who, id, 'bien-ban-ket-thuc', { chair }, false);
    await move(id, 'finished', atThisMoment);
    await keepsToTheProcess(id);
    assert.equal((await detail(id)).over, true);
  });

  it('of the agency’s own system goes 1, 2 to its end; discovered and solved within one minute', async () => {
    const { id } = await open('Máy in gửi thư rác');
    await move(id, 'own_system');
    await keepsToTheProcess(id);
    await signedPaper(who, id, 'bien-ban-tu-xu-ly', { chair, outcome: 'resolved', resolved_at: wall() }, false);
    await move(id, 'resolved', atThisMoment);
    await keepsToTheProcess(id);
    // What the minutes say counts: they do not open the way for what is beyond the agency.
    assert.equal((await detail(id)).step, 0);
  });

  it('ends at once where the head finds no incident, which the officer may not', async () => {
    const { id } = await open('Báo nhầm');
    const refused = await tryMove(id, rules.transitions.find((each) => each.event === 'dismiss'));
    const mine = (await detail(id)).ways_on.find((each) => each.event === 'dismiss');
    if (!mine.allowed) assert.equal(refused.status, 403);
    if (refused.status === 403) await head.api.post(`/api/v1/incidents/${id}/moves`, { event: 'dismiss', reason: 'Máy đang bảo trì' });
    assert.equal((await detail(id)).state, 'dismissed');
    await keepsToTheProcess(id);
  });

  it('lets a case join another, with its history', async () => {
    const { id } = await open('Cùng một đợt tấn công');
    await move(id, 'merge', async () => {
      await dialog().getByRole('combobox').click();
      await tab.page.locator('.ant-select-item-option', { hasText: other.number }).click();
    });
    await keepsToTheProcess(id);
    await tab.page.getByRole('link', { name: 'Mở vụ đó' }).click();
    await tab.page.getByRole('heading', { level: 1, name: 'Vụ đã biết' }).waitFor();
    await tab.page.goto(`/incidents/${other.id}?tab=links`);
    await tab.page.getByRole('link', { name: /Cùng một đợt tấn công/ }).waitFor();
  });

  it('keeps an information conflict as its own record, stage by stage', async () => {
    const { page } = tab;
    await page.goto(`/incidents/${other.id}?tab=conflict`);
    await page.getByRole('button', { name: 'Lập hồ sơ xung đột thông tin' }).click();
    await page.locator('.stage').first().waitFor();
    assert.equal(await page.locator('.stage').count(), rules.conflict.stages.length);
    await page.getByRole('button', { name: 'Ghi nguồn gốc' }).click();
    for (const each of rules.conflict.trace) await dialog().getByLabel(each.title.vi, { exact: true }).fill(`Đã rõ: ${each.id}`);
    if (process.env.LUY_SHOTS) await shoot(page, 'conflict-trace-vi-light-wide', false);
    await save();
    await page.getByText(`Đã rõ: ${rules.conflict.trace[0].id}`).waitFor();
    const { conflict } = await detail(other.id);
    await page.getByRole('button', { name: 'Chuyển giai đoạn' }).click();
    await dialog().getByLabel('Lý do').fill('Đã xác định được nguồn');
    await dialog().getByRole('button', { name: 'Chuyển giai đoạn' }).click();
    const next = rules.conflict.stages.find((each) => each.id === conflict.next).title.vi;
    await page.locator('.stage[aria-current=step]', { hasText: next }).waitFor();
    await dialog().waitFor({ state: 'hidden' });
  });

  it('holds logs by a dialog that says what it does; the days stand on their own page until they are released', async () => {
    const { page } = tab;
    await page.goto(`/incidents/${other.id}?tab=evidence`);
    await page.getByRole('button', { name: 'Lập lệnh giữ' }).click();
    await dialog().getByText('không bị xóa khi hết hạn lưu', { exact: false }).waitFor();
    await dialog().getByLabel(label('hold', 'reason')).fill('Phục vụ xác minh của Công an tỉnh');
    await save();
    await page.getByRole('link', { name: 'Mọi nhật ký phải giữ' }).click();
    const row = page.locator('tbody tr', { hasText: other.number });
    await row.getByText('toàn cơ quan').waitFor();
    if (process.env.LUY_SHOTS) await shoot(page, 'holds-vi-light-wide', false);
    await row.getByRole('link', { name: other.number }).click();
    await page.getByRole('button', { name: 'Thôi giữ' }).click();
    await dialog().getByText('Cần người thứ hai đồng ý', { exact: false }).waitFor();
    await dialog().getByLabel('Lý do thôi giữ').fill('Đã bàn giao đủ');
    await dialog().getByRole('button', { name: 'Thôi giữ' }).click();
    await dialog().getByText('đề nghị đã được gửi đi', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: 'Đóng' }).last().click();
    await dialog().waitFor({ state: 'hidden' });
    await page.goto('/holds');
    const link = await page.getByRole('link', { name: 'đang chờ người thứ hai' }).getAttribute('href');
    const second = await desk.enter(head, { size: 'phone' });
    await second.page.goto(link);
    const card = second.page.locator('.act-opened');
    await card.getByText('sẽ bị xóa theo thời hạn lưu', { exact: false }).waitFor();
    await card.getByText('Phục vụ xác minh của Công an tỉnh').first().waitFor();
    if (process.env.LUY_SHOTS) await shoot(second.page, 'acts-hold-vi-light-phone');
    assert.deepEqual(await faults(second.page), []);
    assert.equal(await overflow(second.page), 0);
    await card.getByRole('button', { name: 'Đồng ý' }).click();
    await second.page.getByRole('dialog').getByRole('button', { name: 'Đồng ý' }).click();
    await second.page.locator('.act-opened').waitFor({ state: 'detached' });
    assert.deepEqual(second.problems, []);
    await second.context.close();
    await page.goto('/holds');
    await page.locator('.empty').waitFor();
  });

  it('hands evidence from its holder to the next, and remembers everybody', async () => {
    const { page } = tab;
    await page.goto(`/incidents/${other.id}?tab=evidence`);
    await page.getByRole('button', { name: 'Ghi chứng cứ' }).click();
    const values = { name: 'Ổ cứng máy chủ trang tin', sha256: 'ab'.repeat(32), taken_by: 'Trần Văn Nam', description: 'Tháo tại phòng máy', place: 'Tủ số 3', seal: '0017', method: 'Sao chép bit' };
    for (const field of rules.parts.find((each) => each.kind === 'evidence').fields) {
      const value = values[field.id] ?? (field.required && ['line', 'text'].includes(field.type) ? 'Đã ghi' : null);
      if (value) await dialog().getByLabel(label('evidence', field.id), { exact: true }).fill(value);
    }
    await save();
    const item = page.locator('.worklist > li', { hasText: values.name });
    await item.getByRole('button', { name: 'Giao nhận' }).click();
    await dialog().getByLabel(label('custody', 'to'), { exact: true }).fill('Thiếu tá Phạm Văn Hùng');
    await dialog().getByLabel(label('custody', 'purpose'), { exact: true }).fill('Giám định');
    await save();
    await item.getByText('Đang giữ: Thiếu tá Phạm Văn Hùng').waitFor();
    await item.locator('.custody li', { hasText: 'Giám định' }).waitFor();
  });

  it('reminds on every page of a clock that is overdue, and leads to it', async () => {
    const late = await open('Lộ danh sách công dân', {
      discovered_at: new Date(Date.now() - 9 * 86_400_000).toISOString(),
      // 72 hours from discovery (article 23.1 of Law 91/2025/QH15).
      classification: { kind: 'espionage', properties: ['confidentiality'], personal_data: true },
    });
    const { context, page, problems } = await desk.enter(head, { size: 'phone' });
    await page.goto('/devices');
    await page.getByTestId('reminders').waitFor();
    assert.match(await page.getByTestId('reminders').getAttribute('aria-label'), /đã quá/);
    if (process.env.LUY_SHOTS) await shoot(page, 'reminders-vi-light-phone', false);
    assert.equal(await overflow(page), 0);
    assert.deepEqual(await faults(page), []);
    await page.getByTestId('reminders').click();
    await page.locator('.worklist', { hasText: late.number }).first().waitFor();
    assert.deepEqual(problems, []);
    await context.close();
  });
});
