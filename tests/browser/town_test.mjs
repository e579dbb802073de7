// Goal: the town office sees on its board what nobody has received, receives and assigns it by keyboard, and sees others' work
// arrive without a reload; its contacts are checked before papers go to them; a warning from outside becomes indicators, a
// warning to agencies and an answer.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { faults, overflow, settled, shoot } from './browser.mjs';
import { choose, openDesk, skip } from './desk.mjs';
import { until } from './hub.mjs';
import { shown } from './papers.mjs';

const now = () => new Date().toISOString();

describe('The town office', { skip }, () => {
  let desk;
  let office; // Somebody of the town office, at the board.
  let officer;
  let incident;
  let report;

  const at = (name) => office.page.locator('tbody tr', { hasText: name });
  const dialog = () => office.page.getByRole('dialog');
  const board = async () => {
    await office.page.goto('/town-office');
    await settled(office.page);
  };

  before(async () => {
    desk = await openDesk();
    const { api, agency } = desk;
    office = await desk.enter(await desk.person('Lê Thị Bình', 'vanphong', 'town_office'));
    officer = await desk.person('Trần Văn Nam', 'canbo', 'security_officer');
    incident = await api.post('/api/v1/incidents', { agency, title: 'Thư giả mạo gửi hàng loạt', discovered_at: now() });
    const form = await api.get('/api/v1/reports/form');
    report = await api.post('/api/v1/reports', { agency, sign: form.signs[0].id, what: 'Máy hiện thông báo lạ', seen_at: now() });
  });
  after(() => desk?.stop());

  it('sees what nobody has received first, and which agency falls short', async () => {
    await board();
    await at(report.number).waitFor();
    await at(incident.number).waitFor();
    const card = office.page.locator('.town-agency').first();
    await card.getByText('2 chưa tiếp nhận').waitFor();
    if (process.env.LUY_SHOTS) await shoot(office.page, 'town-office-vi-light-wide');
    assert.deepEqual(await faults(office.page), []);
    await card.click();
    await office.page.waitForURL(/agency=/);
    await office.page.locator('.town-agency[aria-pressed=true]').waitFor();
  });

  it('receives by keyboard; the case says so, and an administrator cannot do it for the office', async () => {
    const { page } = office;
    await board();
    await at(incident.number).focus();
    await page.keyboard.press('t');
    await at(incident.number).getByText('Lê Thị Bình').waitFor();
    await at(report.number).getByRole('button', { name: 'Tiếp nhận' }).click();
    await at(report.number).getByText('Lê Thị Bình').waitFor();
    const held = await desk.api.get(`/api/v1/incidents/${incident.id}`);
    assert.equal(held.town_received_by, 'Lê Thị Bình');
    const again = await desk.tab.page.request.post(`/api/v1/incidents/${incident.id}/receipt`, { headers: { 'X-Luy-Request': '1' } });
    assert.ok([403, 409].includes(again.status()), String(again.status()));
  });

  it('assigns by keyboard among those who may handle it; whoever is assigned finds it under their own', async () => {
    const { page } = office;
    await board();
    await at(incident.number).focus();
    await page.keyboard.press('p');
    await dialog().waitFor();
    await choose(page, dialog().getByRole('combobox'), 'Trần Văn Nam');
    await dialog().getByLabel('Ý kiến giao việc').fill('Xử lý trong hôm nay');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await dialog().waitFor({ state: 'hidden' });
    await at(incident.number).getByText('Trần Văn Nam').waitFor();
    const his = await desk.enter(officer, { size: 'phone', theme: 'dark' });
    await his.page.goto('/town-office?mine=1');
    await his.page.locator('tbody tr', { hasText: incident.number }).waitFor();
    await until(async () => (await his.page.locator('tbody tr').count()) === 1, 20, 'only their own');
    assert.equal(await overflow(his.page), 0);
    assert.deepEqual(await faults(his.page), []);
    await his.context.close();
  });

  it('sees a case that an agency opens meanwhile, without asking', async () => {
    await board();
    const { number } = await desk.api.post('/api/v1/incidents', { agency: desk.agency, title: 'Mất kết nối cả cơ quan', discovered_at: now() });
    await at(number).waitFor();
  });

  it('keeps contacts, and knows which were checked', async () => {
    const { page } = office;
    await page.goto('/contacts');
    await settled(page);
    await page.getByRole('button', { name: 'Thêm đầu mối' }).click();
    await dialog().getByLabel('Cơ quan, doanh nghiệp').fill('Phòng An ninh mạng, Công an tỉnh');
    await dialog().getByLabel('Người liên hệ').fill('Phạm Văn Hùng');
    await dialog().getByLabel('Điện thoại').fill('0237 3852 001');
    await dialog().getByLabel('Kênh an toàn').fill('Trục liên thông văn bản');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await dialog().waitFor({ state: 'hidden' });
    const row = page.locator('tbody tr', { hasText: 'Phòng An ninh mạng' });
    await row.locator('[data-trust=never]').waitFor();
    await row.getByRole('button', { name: 'Xác nhận đã kiểm tra' }).click();
    await dialog().getByLabel('Đã kiểm tra bằng cách nào').fill('Gọi lại theo số trên trang thông tin của Công an tỉnh');
    await dialog().getByRole('button', { name: 'Xác nhận đã kiểm tra' }).click();
    await row.locator('[data-trust=verified]').waitFor();
    await dialog().waitFor({ state: 'hidden' });
    if (process.env.LUY_SHOTS) await shoot(page, 'contacts-vi-light-wide');
    // Another number is another channel.
    await row.getByRole('button', { name: 'Sửa' }).click();
    await dialog().getByLabel('Điện thoại').fill('0237 3999 999');
    await dialog().getByText('phải được kiểm tra lại').waitFor();
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await row.locator('[data-trust=never]').waitFor();
    await dialog().waitFor({ state: 'hidden' });
  });

  it('lets an officer read contacts, and says why they may not change them', async () => {
    const his = await desk.enter(officer);
    await his.page.goto('/contacts');
    await settled(his.page);
    const add = his.page.getByRole('button', { name: 'Thêm đầu mối' });
    assert.equal(await add.getAttribute('aria-disabled'), 'true');
    await his.context.close();
  });

  it('registers a warning from outside with its letter', async () => {
    const { page } = office;
    await page.goto('/inbound-warnings');
    await settled(page);
    await page.getByRole('button', { name: 'Vào sổ cảnh báo' }).click();
    await dialog().getByLabel('Nơi gửi').fill('Cục An ninh mạng');
    await dialog().getByLabel('Số, ký hiệu văn bản').fill('145/A05-P5');
    await dialog().getByLabel('Tên cảnh báo').fill('Chiến dịch tấn công có chủ đích');
    await dialog().getByLabel('Nội dung tóm tắt').fill('Kiểm tra kết nối ra ngoài');
    const file = dialog().locator('input[type=file]');
    await file.setInputFiles({ name: 'a.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') });
    await dialog().getByRole('alert').waitFor();
    await file.setInputFiles({ name: '145-A05.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') });
    await dialog().getByRole('button', { name: 'Vào sổ cảnh báo' }).click();
    await page.getByRole('heading', { level: 1, name: 'Chiến dịch tấn công có chủ đích' }).waitFor();
    const taken = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Tải văn bản gốc' }).click();
    assert.equal(readFileSync(await (await taken).path()).subarray(0, 5).toString(), '%PDF-');
  });

  it('finds its indicators in pasted text, takes them in, passes it on and answers', async () => {
    const { page } = office;
    await page.getByLabel('Dán văn bản có dấu hiệu vào đây').fill('Chặn 203.0.113[.]9 và hxxp://xau[.]example[.]net/a.php');
    await page.getByRole('button', { name: 'Xem trước' }).click();
    const found = page.getByTestId('found');
    await found.getByText('203.0.113.9').waitFor();
    await found.getByText('http://xau.example.net/a.php').waitFor();
    if (process.env.LUY_SHOTS) await shoot(page, 'inbound-preview-vi-light-wide');
    await page.getByRole('button', { name: 'Đưa vào danh sách dấu hiệu' }).click();
    await page.getByText('Đã đưa vào danh sách').waitFor();
    await page.getByRole('button', { name: 'Chuyển thành cảnh báo' }).click();
    await dialog().getByLabel('Việc phải làm').fill('Chặn các địa chỉ kèm theo');
    await dialog().getByLabel('Hạn báo kết quả').fill(shown(24 * 60));
    await dialog().getByLabel('Hạn báo kết quả').press('Enter');
    await dialog().getByRole('button', { name: 'Gửi cảnh báo' }).click();
    await page.getByRole('link', { name: /Cảnh báo đã gửi: CB-/ }).waitFor();
    await dialog().waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Ghi kết quả xử lý' }).click();
    await dialog().getByLabel('Đã làm gì').fill('Đã chuyển các cơ quan rà soát');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await page.getByText('Đã chuyển các cơ quan rà soát').waitFor();
    await page.goto('/warnings');
    await page.getByRole('link', { name: 'Chiến dịch tấn công có chủ đích' }).waitFor();
  });

  it('and its pages are accessible in both themes, wide and on a phone', async () => {
    const { items } = await desk.api.get('/api/v1/inbound-warnings');
    const addresses = {
      'town-office': '/town-office',
      contacts: '/contacts',
      'inbound-warnings': '/inbound-warnings',
      'inbound-warning': `/inbound-warnings/${items[0].id}`,
      'case-assigned': `/incidents/${incident.id}`,
    };
    assert.deepEqual(await desk.judged(addresses, office.state), []);
    assert.deepEqual(office.problems, []);
  });
});
