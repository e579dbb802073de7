// Goal: an officer orders a machine from its page and from a case and sees what became of it with the proof; what takes away
// waits for a second person, who reads what it does; who waits too long can cancel.
// Method: a real hub and a real agent on this machine, so only orders that look go through. Before anything that contains is
// asked for, the agent is ended and two people are there: nothing can reach this machine's network.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { faults, overflow, settled, shoot } from './browser.mjs';
import { openDesk, skip } from './desk.mjs';
import { until } from './hub.mjs';

describe('Orders', { skip }, () => {
  let desk;
  let hub;
  let tab;
  let api;
  let device;
  let head; // The second person.
  let incident;

  const dialog = () => tab.page.getByRole('dialog');
  const line = (text) => tab.page.locator('[data-order]', { hasText: text });
  const orders = async () => (await api.get(`/api/v1/devices/${device}/orders`)).orders;

  async function order(type, reason, fill = async () => undefined) {
    await tab.page.getByRole('button', { name: 'Ra lệnh', exact: true }).click();
    await dialog().getByText(type, { exact: true }).first().click();
    await fill();
    await dialog().getByLabel('Lý do').fill(reason);
    await dialog().locator('.ant-modal-footer .ant-btn-primary').click();
  }

  before(async () => {
    desk = await openDesk();
    ({ hub, tab, api } = desk);
    await until(async () => (await api.get('/api/v1/devices')).devices.length > 0, 60, 'the machine');
    device = (await api.get('/api/v1/devices')).devices[0].id;
    const { agency } = desk;
    head = await desk.signedIn(await desk.person('Nguyễn Văn An', 'thutruong', 'agency_head'));
    incident = await api.post('/api/v1/incidents', { agency, title: 'Máy trạm nghi nhiễm mã độc', discovered_at: new Date().toISOString() });
  });
  after(() => desk?.stop());

  it('that look go out at once, from the machine’s page, and come back done with their proof', async () => {
    const { page } = tab;
    await page.goto(`/devices/${device}`);
    await settled(page);
    await page.locator('.page-tabs').getByRole('link', { name: 'Lệnh' }).click();
    await page.locator('.empty').waitFor();
    await order('Thu thập lại dữ kiện', 'ok');
    await dialog().getByText('ít nhất 3 ký tự').waitFor();
    await dialog().getByLabel('Lý do').fill('Kiểm tra bản vá sau khi cài');
    await dialog().locator('.ant-modal-footer .ant-btn-primary').click();
    await dialog().waitFor({ state: 'hidden' });
    // The page turns by itself.
    await page.locator('[data-order][data-state=done]', { hasText: 'Kiểm tra bản vá sau khi cài' }).waitFor({ timeout: 90_000 });
    await line('Kiểm tra bản vá').getByRole('link', { name: 'Chứng cứ kết quả' }).click();
    await page.waitForURL(/\/proof\/\d+$/);
    const [done] = await orders();
    assert.equal(done.state, 'done');
    assert.equal(Number(page.url().split('/').at(-1)), done.proof);
  });

  it('of a case carry its number, and are listed in it', async () => {
    const { page } = tab;
    await page.goto(`/incidents/${incident.id}?tab=orders`);
    await settled(page);
    await order('Thu thập trạng thái tạm thời', 'Xem tiến trình lạ', async () => {
      await dialog().getByText(`Lệnh thuộc vụ ${incident.number}`, { exact: false }).waitFor();
      await dialog().getByText('Không thay đổi gì trên máy', { exact: false }).waitFor();
    });
    await dialog().waitFor({ state: 'hidden' });
    await page.locator('[data-order][data-state=done]', { hasText: 'Xem tiến trình lạ' }).waitFor({ timeout: 90_000 });
    await line('Xem tiến trình lạ').locator('.order-hash code').waitFor();
    const [newest] = await orders();
    assert.equal(newest.case, incident.id);
    assert.equal(newest.case_number, incident.number);
    assert.match(newest.result.details.document_sha256, /^[0-9a-f]{64}$/);
  });

  it('that take away wait for the second person, who reads what they do and refuses', async () => {
    await hub.stopAgent();
    assert.equal((await api.get('/api/v1/acts')).holds, true, 'two people are there');
    const { page } = tab;
    await page.goto(`/incidents/${incident.id}?tab=orders`);
    await settled(page);
    await order('Cô lập máy khỏi mạng', 'Máy đang quét cả mạng', async () => {
      await dialog().getByText('tự hết khi hết thời hạn', { exact: false }).waitFor();
      await dialog().getByText('chỉ gửi đi khi người thứ hai đồng ý', { exact: false }).waitFor();
    });
    await dialog().getByText('Lệnh chưa gửi đi', { exact: false }).waitFor();
    const link = await dialog().getByRole('link', { name: 'Xem việc đang chờ' }).getAttribute('href');
    await dialog().locator('.ant-modal-footer').getByRole('button', { name: 'Đóng' }).click();
    await page.locator('[data-order-act]', { hasText: 'Máy đang quét cả mạng' }).waitFor();
    assert.ok((await orders()).every((each) => each.type !== 'isolate_network'), 'nothing went out');

    const { context, page: other, problems } = await desk.enter(head, { size: 'phone' });
    await other.goto(link);
    await settled(other);
    const card = other.locator('.act-opened');
    await card.getByText('chỉ còn liên lạc với máy chủ Lũy', { exact: false }).waitFor();
    await card.getByText('trong 4 giờ', { exact: false }).waitFor();
    await card.getByText('Máy đang quét cả mạng').first().waitFor();
    await card.getByRole('button', { name: 'Đồng ý' }).waitFor();
    if (process.env.LUY_SHOTS) await shoot(other, 'acts-order-vi-light-phone');
    assert.deepEqual(await faults(other), []);
    assert.equal(await overflow(other), 0);
    await card.getByRole('button', { name: 'Từ chối' }).click();
    await other.getByRole('dialog').locator('textarea').fill('Máy phục vụ một cửa, chưa được phép cắt');
    await other.getByRole('dialog').getByRole('button', { name: 'Từ chối' }).click();
    await other.locator('.act-opened').waitFor({ state: 'detached' });
    assert.deepEqual(problems, []);
    await context.close();
    await page.reload();
    await settled(page);
    await page.locator('[data-order-act]').waitFor({ state: 'detached' });
    assert.ok((await orders()).every((each) => each.type !== 'isolate_network'), 'and nothing goes out');
  });

  it('ask for an address that is one, and for all that names a process', async () => {
    const { page } = tab;
    await page.goto(`/devices/${device}?tab=orders`);
    await settled(page);
    await order('Chặn một địa chỉ', 'Máy chủ điều khiển', () => dialog().getByLabel('Địa chỉ IP').fill('khong-phai'));
    await dialog().getByText('Nhập một địa chỉ IP', { exact: false }).waitFor();
    await dialog().getByText('Dừng một tiến trình', { exact: true }).click();
    await dialog().locator('.ant-modal-footer .ant-btn-primary').click();
    for (const index of [0, 1, 2]) await dialog().getByText('Cần nhập mục này.').nth(index).waitFor();
    await dialog().getByRole('button', { name: 'Hủy', exact: true }).click();
    await dialog().waitFor({ state: 'hidden' });
  });

  it('that no machine has taken can be cancelled', async () => {
    const { page } = tab;
    await order('Thu thập lại dữ kiện', 'Máy đang tắt');
    await dialog().waitFor({ state: 'hidden' });
    await line('Máy đang tắt').getByRole('button', { name: 'Hủy lệnh' }).click();
    await page.locator('[data-order][data-state=cancelled]', { hasText: 'Máy đang tắt' }).waitFor();
  });

  it('and their pages are accessible in both themes, wide and on a phone', async () => {
    const addresses = { 'device-orders': `/devices/${device}?tab=orders`, 'case-orders': `/incidents/${incident.id}?tab=orders` };
    const found = await desk.judged(addresses, tab.state, async (page, judge) => {
      await page.locator('[data-order]').first().waitFor();
      await page.getByRole('button', { name: 'Ra lệnh', exact: true }).click();
      await page.getByRole('dialog').waitFor();
      for (const [name, type] of Object.entries({ 'order-isolate': 'Cô lập máy khỏi mạng', 'order-block': 'Chặn một địa chỉ', 'order-stop': 'Dừng một tiến trình' })) {
        await page.getByRole('dialog').getByText(type, { exact: true }).click();
        await judge(name);
      }
    });
    assert.deepEqual(found, []);
  });
});
