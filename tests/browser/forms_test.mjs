// Goal: a form is changed with its page beside it, faults named by their line; a version is saved with its reason, compared and
// taken back; papers of no case are written and issued; what signatures are checked against is there to see.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { settled, shoot } from './browser.mjs';
import { openDesk, skip } from './desk.mjs';
import { until } from './hub.mjs';
import { shown } from './papers.mjs';

const form = 'bien-ban-tu-xu-ly';

describe('Forms', { skip }, () => {
  let desk;
  let page;
  const text = () => page.getByLabel('Nội dung mẫu (YAML)').and(page.locator('textarea'));
  const look = () => page.locator('.paper-look iframe');

  before(async () => {
    desk = await openDesk();
    ({ page } = desk.tab);
  });
  after(() => desk?.stop());

  it('are listed with where they come from', async () => {
    await page.goto('/forms');
    await settled(page);
    const { items } = await desk.api.get('/api/v1/forms');
    await until(async () => (await page.locator('tbody tr').count()) === items.length, 20, 'a row for each form');
    await page.locator('tbody tr').first().getByText('Mẫu của gói quy chế').waitFor();
  });

  it('show the page that their text makes, and name the line of a fault', async () => {
    await page.goto(`/forms/${form}`);
    await settled(page);
    await look().waitFor();
    const first = await look().getAttribute('src');
    const yaml = await text().inputValue();
    const wrong = yaml.split('\n');
    const line = wrong.findIndex((each) => each.startsWith('subject:'));
    wrong[line] = wrong[line].replace('subject:', 'subjekt:');
    await text().fill(wrong.join('\n'));
    await page.locator('.paper-look').getByRole('alert').waitFor();
    await page.getByRole('button', { name: `Đến dòng ${line + 1}` }).click();
    const chosen = await text().evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(chosen, wrong[line]);
    await text().fill(yaml.replace('BIÊN BẢN', 'BIÊN BẢN LÀM VIỆC'));
    await page.locator('.paper-look').getByRole('alert').waitFor({ state: 'detached' });
    await until(async () => (await look().getAttribute('src')) !== first, 20, 'the new page');
    if (process.env.LUY_SHOTS) {
      await page.waitForTimeout(2500); // The viewer tells nobody when it has drawn.
      await shoot(page, 'form-vi-light-wide', false);
    }
  });

  it('are saved with a reason as a new version, which shows how it differs', async () => {
    await desk.button('Lưu phiên bản mới').click();
    await desk.dialog().getByLabel('Lý do').fill('Theo cách gọi của Văn phòng');
    await desk.dialog().getByRole('button', { name: 'Lưu phiên bản mới' }).click();
    await desk.dialog().waitFor({ state: 'hidden' });
    const newest = page.locator('li[data-version]').first();
    await newest.getByText('Theo cách gọi của Văn phòng').waitFor();
    await newest.getByRole('button', { name: 'So sánh' }).click();
    await page.locator('.diff-new', { hasText: 'BIÊN BẢN LÀM VIỆC' }).waitFor();
    await page.locator('.diff-gone', { hasText: 'BIÊN BẢN' }).waitFor();
    if (process.env.LUY_SHOTS) await shoot(page, 'form-versions-vi-light-wide');
  });

  it('refuse to lose what the process needs', async () => {
    const yaml = await text().inputValue();
    await text().fill(yaml.replace(`id: ${form}`, 'id: mau-khac'));
    await desk.button('Lưu phiên bản mới').click();
    await desk.dialog().getByLabel('Lý do').fill('Thử');
    await desk.dialog().getByRole('button', { name: 'Lưu phiên bản mới' }).click();
    await desk.dialog().getByRole('alert').waitFor();
    await desk.dialog().getByRole('button', { name: 'Hủy' }).click();
    await desk.button('Bỏ thay đổi').click();
    assert.equal(await text().inputValue(), yaml);
  });

  it('go back to the pack’s text with a reason; nothing of the history is lost', async () => {
    await desk.button('Trở lại mẫu của gói').click();
    await desk.dialog().getByLabel('Lý do').fill('Dùng lại mẫu chung');
    await desk.dialog().getByRole('button', { name: 'Trở lại mẫu của gói' }).click();
    await desk.dialog().waitFor({ state: 'hidden' });
    await page.locator('li[data-version]').first().getByText('Dùng lại mẫu chung').waitFor();
    assert.ok((await page.locator('li[data-version]').count()) >= 3);
    await until(async () => !(await text().inputValue()).includes('BIÊN BẢN LÀM VIỆC'), 20, 'the pack’s text');
  });

  it('are read by whoever may not change them', async () => {
    const his = await desk.enter(await desk.person('Trần Văn Nam', 'canbo', 'security_officer'));
    await his.page.goto(`/forms/${form}`);
    await settled(his.page);
    assert.equal(await his.page.locator('.forms-text').getAttribute('readonly'), '');
    assert.equal(await his.page.getByRole('button', { name: 'Lưu phiên bản mới' }).getAttribute('aria-disabled'), 'true');
    assert.deepEqual(his.problems, []);
    await his.context.close();
  });
});

describe('Papers of no case', { skip }, () => {
  let desk;
  let page;

  before(async () => {
    desk = await openDesk();
    ({ page } = desk.tab);
    const due = new Date(Date.now() + 86_400_000).toISOString();
    await desk.api.post('/api/v1/warnings', { title: 'Lỗ hổng máy in mạng', risk: 'Chiếm quyền', affected: 'Máy in', actions: 'Cập nhật', due_at: due, agencies: [desk.agency], below: true });
  });
  after(() => desk?.stop());

  it('are the report of a period, whose figures come from its cases', async () => {
    await page.goto('/papers');
    await settled(page);
    await desk.button('Lập báo cáo tổng hợp').click();
    await desk.dialog().getByRole('button', { name: 'Soạn văn bản' }).click();
    await page.waitForURL(/\/papers\/[0-9A-Za-z]+$/);
    await settled(page);
    await page.locator('.paper-form').waitFor();
    await page.locator('.page-extra').getByText('kỳ', { exact: false }).waitFor();
  });

  it('are the letter of a warning, begun from its page', async () => {
    await page.goto('/warnings');
    await page.getByRole('link', { name: 'Lỗ hổng máy in mạng' }).click();
    await page.getByRole('link', { name: 'Soạn công văn' }).click();
    await desk.dialog().getByRole('button', { name: 'Soạn văn bản' }).click();
    await page.waitForURL(/\/papers\/[0-9A-Za-z]+$/);
    await settled(page);
    await page.locator('.paper-form').waitFor();
    await page.locator('.page-extra').getByRole('link', { name: /^CB-/ }).waitFor();
    for (const each of await page.locator('.paper-lacking-list li').allInnerTexts()) {
      const field = page.locator('.paper-field', { hasText: each }).first();
      const box = field.getByRole('textbox').first();
      await box.fill((await field.locator('.ant-picker').count()) > 0 ? shown(24 * 60) : 'Nội dung');
      await box.press('Tab');
    }
    // A letter that lacked nothing is kept as it was begun.
    if ((await desk.button('Lưu dự thảo').count()) > 0) await desk.button('Lưu dự thảo').click();
    await page.locator('.paper-look iframe').waitFor();
    if (process.env.LUY_SHOTS) await shoot(page, 'office-paper-vi-light-wide', false);
    const taken = page.waitForEvent('download');
    await desk.button('Xem trước PDF').click();
    assert.equal(readFileSync(await (await taken).path()).subarray(0, 5).toString(), '%PDF-');
  });

  it('stand in their list beside what signatures are checked against, all of it accessible', async () => {
    const { items } = await desk.api.get('/api/v1/papers');
    assert.ok(items.length >= 2);
    const addresses = {
      'office-papers': '/papers',
      'office-paper': `/papers/${items[0].id}`,
      forms: '/forms',
      form: `/forms/${form}`,
      'signature-trust': '/signature-trust',
    };
    assert.deepEqual(await desk.judged(addresses), []);
    assert.deepEqual(desk.tab.problems, []);
  });
});
