// Goal: an officer registers a service and sees it measured, announces work on it, and stops watching it; imports a list of
// indicators, reads what of it cannot be used, and finds one again. On a real hub, which measures a page of this test.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { faults, launch, newPage, overflow, settled, shoot } from './browser.mjs';
import { signIn, startHub, until } from './hub.mjs';

const name = 'Trang thông tin điện tử';
const bad = 'khong-phai-dia-chi-nao-ca!';
const list = `type,value,comment\nip,203.0.113.9,Máy chủ điều khiển\ndomain,capnhat-dichvucong.example,Giả mạo\nip,${bad},\n`;

describe('Watching', { skip: process.env.LUY_BIN ? false : 'needs the programs (LUY_BIN)' }, () => {
  let hub;
  let site;
  let browser;
  let tab;
  let api;
  let target;

  before(async () => {
    site = createServer((_, answer) => {
      answer.setHeader('Content-Type', 'text/html; charset=utf-8');
      answer.end('<!doctype html><title>Bỉm Sơn</title><h1>Ủy ban nhân dân thị xã</h1><p>Tiếp công dân thứ Năm</p>');
    });
    await new Promise((resolve) => site.listen(0, '127.0.0.1', resolve));
    target = `http://127.0.0.1:${site.address().port}/`;
    hub = await startHub({ probes: true });
    browser = await launch();
    const signed = await signIn(browser, hub);
    api = signed.api;
    tab = await newPage(browser, { base: hub.base, state: signed.state });
    tab.state = signed.state;
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
    site?.close();
  });

  it('begins with a registration, by keyboard', async () => {
    const { page } = tab;
    await page.goto('/services');
    await settled(page);
    await page.getByRole('button', { name: 'Đăng ký dịch vụ' }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tên dịch vụ').fill(name);
    await dialog.getByLabel(/^Địa chỉ trang/).fill(target);
    await dialog.getByLabel('Chu kỳ đo (giây)').fill('10');
    await dialog.getByRole('button', { name: 'Lưu' }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await page.locator('tbody tr', { hasText: name }).waitFor();
  });

  it('tells that the service answers, and how fast', async () => {
    const { page } = tab;
    await until(async () => (await api.get('/api/v1/services')).items[0].state === 'up', 90, 'the first measurement');
    await page.goto('/services');
    await settled(page);
    const row = page.locator('tbody tr', { hasText: name });
    await row.locator('.state-tag[data-state=up]').waitFor();
    await row.getByRole('link', { name }).click();
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.locator('svg.latency-large').waitFor();
  });

  it('knows of announced work', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Báo trước thay đổi' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Báo trước thay đổi' }).click();
    await dialog.getByText('Cần ghi nội dung này.').waitFor();
    await dialog.getByLabel('Lý do').fill('Nâng cấp giao diện');
    await dialog.getByRole('button', { name: 'Báo trước thay đổi' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.locator('.service-notes', { hasText: 'Nâng cấp giao diện' }).waitFor();
  });

  it('takes a list of indicators from a file, tells what cannot be used, and finds one again', async () => {
    const { page } = tab;
    await page.goto('/indicators');
    await settled(page);
    await page.getByRole('button', { name: 'Nhập danh sách' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles({ name: 'canh-bao.csv', mimeType: 'text/csv', buffer: Buffer.from(list) });
    await dialog.getByText('canh-bao.csv', { exact: false }).waitFor();
    await dialog.getByRole('button', { name: 'Nhập danh sách' }).click();
    await dialog.getByText('Đã nhập 2 dấu hiệu.').waitFor();
    await dialog.locator('tr', { hasText: bad }).waitFor();
    await dialog.getByRole('button', { name: 'Đóng' }).last().click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'canh-bao' }).click();
    await page.locator('main input[data-page-search]').fill('dichvucong');
    await page.locator('tbody tr', { hasText: 'capnhat-dichvucong.example' }).waitFor();
    await page.locator('tbody tr', { hasText: '203.0.113.9' }).waitFor({ state: 'detached' });
  });

  it('is accessible in both themes, wide and on a phone', async () => {
    const { items } = await api.get('/api/v1/services');
    const dialogs = {
      'service-add': ['/services', 'Đăng ký dịch vụ'],
      'service-edit': [`/services/${items[0].id}`, 'Sửa đăng ký'],
      'indicator-import': ['/indicators', 'Nhập danh sách'],
    };
    const pages = {
      services: '/services',
      service: `/services/${items[0].id}`,
      indicators: '/indicators',
      'indicators-none': '/indicators?q=khong-co',
      'indicator-lists': '/indicators?tab=lists',
    };
    const found = [];
    for (const [theme, size] of [
      ['light', 'wide'],
      ['dark', 'phone'],
    ]) {
      const { context, page, problems } = await newPage(browser, { base: hub.base, theme, size, state: tab.state });
      const judge = async (what) => {
        if (process.env.LUY_SHOTS) await shoot(page, `${what}-vi-${theme}-${size}`);
        found.push(...(await faults(page)).map((fault) => `${what} ${theme}: ${fault}`));
        if ((await overflow(page)) > 0) found.push(`${what} ${size}: wider than the window`);
      };
      for (const [what, address] of Object.entries(pages)) {
        await page.goto(address);
        await settled(page);
        await judge(what);
      }
      for (const [what, [address, button]] of Object.entries(dialogs)) {
        await page.goto(address);
        await settled(page);
        await page.getByRole('button', { name: button }).click();
        await page.getByRole('dialog').waitFor();
        await judge(what);
      }
      found.push(...problems);
      await context.close();
    }
    assert.deepEqual(found, []);
  });

  it('ends when somebody says so', async () => {
    const { page } = tab;
    await page.goto('/services');
    await settled(page);
    await page.getByRole('link', { name }).click();
    await page.getByRole('button', { name: 'Thôi theo dõi' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Thôi theo dõi' }).click();
    await page.waitForURL(/\/services$/);
    await page.locator('.empty').waitFor();
    assert.deepEqual((await api.get('/api/v1/services')).items, []);
  });
});
