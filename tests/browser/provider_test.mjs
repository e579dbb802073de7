// Goal: a company that serves the town is asked by the office, meets nothing but what it was asked, asks for more time, answers;
// the office grants it. Method: a real hub, two browsers, each side on its own pages.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { settled } from './browser.mjs';
import { choose, headers, openDesk, patient, skip } from './desk.mjs';
import { shown } from './papers.mjs';

describe('A provider', { skip }, () => {
  let desk;
  let tab;
  let api;
  let company;
  let number;
  let asked; // The office's page of the request.
  let own; // The company's.

  const dialog = (page) => page.getByRole('dialog');
  const gone = (page) => dialog(page).waitFor({ state: 'hidden', timeout: patient });

  before(async () => {
    desk = await openDesk();
    ({ tab, api } = desk);
    await api.post('/api/v1/systems', { agency: desk.agency, name: 'Cổng thông tin điện tử thị xã', manager: 'provider' });
    company = await desk.enter(await desk.person('VNPT Thanh Hóa', 'vnpt.th', 'provider'));
  });
  after(() => desk?.stop());

  it('meets an empty home that says so, and no other page', async () => {
    const { page } = company;
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: 'Yêu cầu gửi đến tôi' }).waitFor();
    await page.getByText('Không có yêu cầu nào gửi đến bạn.').waitFor();
    for (const address of ['/devices', '/logs', '/incidents', '/provider-requests', '/software']) {
      await page.goto(address);
      await settled(page);
      await page.locator('main .empty p', { hasText: /\S/ }).first().waitFor();
      assert.equal(await page.locator('main table tbody tr').count(), 0, address);
    }
  });

  it('is asked by the office: about what, by which article, until when', async () => {
    const { page } = tab;
    await page.goto('/provider-requests');
    await settled(page);
    await page.getByRole('button', { name: 'Gửi yêu cầu' }).click();
    await dialog(page).getByRole('button', { name: 'Gửi yêu cầu' }).click();
    await dialog(page).getByText('Chọn vụ sự cố hoặc hệ thống.').waitFor();
    await dialog(page).getByLabel('Doanh nghiệp').fill('VNPT Thanh Hóa');
    // Several may be chosen, so the list stays open until one goes on.
    await dialog(page).getByLabel('Tài khoản trả lời').click();
    const account = page.locator('.ant-select-dropdown .ant-select-item-option', { hasText: 'vnpt.th' });
    await account.click();
    await dialog(page).getByText('Nội dung yêu cầu').click();
    await dialog(page).locator('.ant-select-open').waitFor({ state: 'detached' });
    await choose(page, dialog(page).getByLabel('Hệ thống'), 'Cổng thông tin');
    await dialog(page).getByLabel('Nội dung yêu cầu').fill('Cung cấp nhật ký truy cập ngày 20/11/2026');
    await dialog(page).getByLabel('Căn cứ pháp lý').fill('Điều 9 Quy chế kèm theo Quyết định 4448/2017/QĐ-UBND');
    await dialog(page).getByRole('button', { name: 'Gửi yêu cầu' }).click();
    await page.waitForURL(/\/provider-requests\/.+/);
    asked = new URL(page.url()).pathname;
    number = (await page.getByRole('heading', { level: 1, name: /^YC-\d/ }).innerText()).split(' · ')[0];
  });

  it('sees it on its home, acknowledges and answers it by keyboard alone', async () => {
    const { page } = company;
    await page.goto('/');
    const line = page.locator('[data-request]', { hasText: number });
    await line.getByText('Đã gửi').waitFor();
    await line.getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByText('Cung cấp nhật ký truy cập ngày 20/11/2026').waitFor();
    own = new URL(page.url()).pathname;
    const press = async (name) => {
      await page.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    await press('Xác nhận tiếp nhận');
    await page.locator('.truth[data-state=noted]').waitFor();
    await press('Xin lùi hạn');
    await dialog(page).getByLabel('Xin lùi đến').fill(shown(20 * 24 * 60));
    await dialog(page).getByLabel('Xin lùi đến').press('Enter');
    await dialog(page).getByLabel('Lý do').fill('Nhật ký đã chuyển sang kho lưu trữ');
    await dialog(page).getByRole('button', { name: 'Xin lùi hạn' }).focus();
    await page.keyboard.press('Enter');
    await gone(page);
    await page.locator('[data-delay=waiting]').waitFor();
  });

  it('is given more time, answers with files whose bytes stay with it, and can change nothing afterwards', async () => {
    await tab.page.goto(asked);
    await settled(tab.page);
    await tab.page.getByRole('button', { name: 'Cho lùi hạn', exact: true }).click();
    await dialog(tab.page).getByRole('button', { name: 'Cho lùi hạn', exact: true }).click();
    await gone(tab.page);
    await tab.page.locator('[data-delay=granted]').waitFor();
    const { page } = company;
    await page.goto(own);
    await page.locator('[data-delay=granted]').waitFor();
    await page.getByRole('button', { name: 'Trả lời', exact: true }).click();
    await dialog(page).getByLabel('Nội dung trả lời').fill('Gửi kèm nhật ký trong ngày.');
    await dialog(page).locator('input[type=file]').setInputFiles({ name: 'nhat-ky.gz', mimeType: 'application/gzip', buffer: Buffer.from('abc') });
    // SHA-256 of "abc" (FIPS 180-4).
    await dialog(page).getByText('ba7816bf8f01cfea', { exact: false }).waitFor();
    await dialog(page).getByRole('button', { name: 'Trả lời', exact: true }).click();
    await gone(page);
    await page.locator('.truth[data-state=answered]').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Trả lời', exact: true }).count(), 0);
    const again = await page.request.post(`/api/v1/me/provider-requests/${own.split('/').at(-1)}/answer`, { headers, data: { text: 'Sửa lại' } });
    assert.equal(again.ok(), false);
  });
});
