// Goal: the register of systems says whose case it is; support is asked for and given; a file becomes evidence and leaves for
// the police in a package that says what is in it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { settled, shoot } from './browser.mjs';
import { choose, openDesk, skip } from './desk.mjs';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(64)]);

describe('The work of a case', { skip }, () => {
  let desk;
  let page;
  let incident;
  let rules;

  const detail = () => desk.api.get(`/api/v1/incidents/${incident.id}`);
  const label = (kind, field) => {
    const { vi } = rules.parts.find((each) => each.kind === kind).fields.find((each) => each.id === field).label;
    return vi.charAt(0).toLocaleUpperCase() + vi.slice(1);
  };
  const save = async () => {
    await desk.dialog().getByRole('button', { name: 'Lưu' }).click();
    await desk.dialog().waitFor({ state: 'hidden' });
  };
  const open = async (tab) => {
    await page.goto(`/incidents/${incident.id}${tab ? `?tab=${tab}` : ''}`);
    await settled(page);
  };

  before(async () => {
    desk = await openDesk();
    ({ page } = desk.tab);
    rules = await desk.api.get('/api/v1/incident-process');
    incident = await desk.api.post('/api/v1/incidents', { agency: desk.agency, title: 'Một cửa điện tử không truy cập được', discovered_at: new Date().toISOString() });
  });
  after(() => desk?.stop());

  it('begins with a system of the register, which says who has to act', async () => {
    await page.goto('/systems');
    await settled(page);
    await desk.button('Thêm hệ thống').click();
    await desk.dialog().getByLabel('Hệ thống', { exact: true }).fill('Một cửa điện tử');
    const { managers } = await desk.api.get('/api/v1/systems');
    const province = managers.find((each) => each.id === 'province').title.vi;
    await choose(page, desk.dialog().getByLabel('Ai quản lý'), province);
    await desk.dialog().getByLabel('Tên miền').fill('motcua.example.vn');
    await desk.dialog().getByLabel('Số quyết định phê duyệt').fill('12/QĐ-UBND');
    await desk.dialog().getByRole('button', { name: 'Lưu' }).click();
    await desk.dialog().getByText('Nhập ngày của quyết định.').waitFor();
    await desk.dialog().getByText('Chọn cấp độ mà quyết định phê duyệt.').waitFor();
    await choose(page, desk.dialog().getByLabel('Cấp độ'), 'Cấp độ 2');
    await desk.dialog().getByLabel('Ngày quyết định').fill('01/03/2025');
    await desk.dialog().getByLabel('Ngày quyết định').press('Enter');
    await save();
    await page.locator('tbody tr', { hasText: 'Một cửa điện tử' }).getByText(province).waitFor();
    if (process.env.LUY_SHOTS) await shoot(page, 'systems-vi-light-wide');

    await open();
    await desk.button('Chọn từ danh mục').click();
    await choose(page, desk.dialog().getByLabel('Hệ thống trong danh mục'), 'Một cửa điện tử');
    await save();
    await page.locator('.ways [data-event=provincial_system]').getByText('đề xuất theo danh mục hệ thống').waitFor();
    const { ownership } = await detail();
    assert.equal(ownership.event, 'provincial_system');
    assert.match(ownership.why.vi, /Một cửa điện tử/);
  });

  it('asks for support, which the case counts until it is given', async () => {
    await open('joint');
    await desk.button('Đề nghị hỗ trợ').click();
    await desk.dialog().getByLabel(label('support', 'asked_of'), { exact: true }).fill('Trung tâm CNTT tỉnh');
    await desk.dialog().getByLabel(label('support', 'what'), { exact: true }).fill('Khôi phục máy chủ');
    await save();
    assert.deepEqual((await detail()).support, { open: 1, given: 0 });
    await desk.button('Ghi đã hỗ trợ').click();
    await desk.dialog().getByLabel(label('support', 'given_by'), { exact: true }).fill('Lê Văn Cường');
    await desk.dialog().getByLabel(label('support', 'outcome'), { exact: true }).fill('Đã khôi phục');
    await save();
    await page.locator('[data-support]', { hasText: 'Đã khôi phục' }).waitFor();
    assert.deepEqual((await detail()).support, { open: 0, given: 1 });
  });

  it('makes evidence of a file that was attached: its name and its hash fill themselves', async () => {
    await open('evidence');
    await page.getByLabel('Thêm tệp', { exact: false }).setInputFiles({ name: 'man-hinh.png', mimeType: 'image/png', buffer: png });
    await page.getByRole('button', { name: 'Ghi thành chứng cứ' }).click();
    await desk.dialog().waitFor();
    assert.equal(await desk.dialog().getByLabel('SHA-256', { exact: false }).count(), 0, 'nobody copies a hash');
    for (const field of rules.parts.find((each) => each.kind === 'evidence').fields) {
      const box = desk.dialog().getByLabel(label('evidence', field.id), { exact: true });
      if (field.required && field.type === 'line' && (await box.count()) > 0) await box.fill(desk.hub.username);
    }
    await save();
    await page.getByText('đã ghi thành chứng cứ').waitFor();
    const { parts } = await detail();
    const [file, evidence] = ['attachment', 'evidence'].map((kind) => parts.find((each) => each.kind === kind));
    assert.equal(evidence.body.sha256, file.body.sha256);
    assert.equal(evidence.body.name, 'man-hinh.png');
  });

  it('hands it to the police in a package that lists its files with their hashes', async () => {
    await open('evidence');
    await desk.button('Lập gói bàn giao').click();
    await desk.dialog().getByLabel('Bên nhận').fill('Phòng An ninh mạng, Công an tỉnh');
    // The logs of the hub's own machine: their newest records may not be signed yet.
    await desk.dialog().getByText('Kèm nhật ký của các máy').click();
    await desk.dialog().getByRole('button', { name: 'Lập gói bàn giao' }).click();
    const line = page.locator('[data-handover]', { hasText: 'Phòng An ninh mạng' });
    await line.waitFor({ timeout: 90_000 });
    await line.getByText('Các tệp trong gói').click();
    await line.getByText('man-hinh.png', { exact: false }).waitFor();
    if (process.env.LUY_SHOTS) await shoot(page, 'case-handover-vi-light-wide');
    const taken = page.waitForEvent('download');
    await line.getByRole('button', { name: 'Tải gói' }).click();
    const zip = readFileSync(await (await taken).path());
    assert.equal(zip.subarray(0, 2).toString(), 'PK');
    const { handovers } = await detail();
    assert.equal(zip.length, handovers[0].bytes);
  });

  it('and its pages are accessible in both themes, wide and on a phone', async () => {
    const tabs = ['', 'joint', 'evidence', 'orders', 'conflict'];
    const addresses = {
      systems: '/systems',
      ...Object.fromEntries(tabs.map((tab) => [`case-${tab || 'work'}`, `/incidents/${incident.id}${tab ? `?tab=${tab}` : ''}`])),
    };
    assert.deepEqual(await desk.judged(addresses), []);
    assert.deepEqual(desk.tab.problems, []);
  });
});
