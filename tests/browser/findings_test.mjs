// Goal: from an attack in a log to a finding that an officer has looked at, by keyboard alone; its records open on their proofs;
// switching off the rule waits for a second person. On a real hub with a real agent, which follows a file this test writes.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { faults, launch, newPage, overflow, settled, shoot } from './browser.mjs';
import { signIn, startHub, until } from './hub.mjs';

const attack = 'Đăng nhập SSH thành công sau khi dò mật khẩu';
const intruder = '203.0.113.9'; // TEST-NET-3.

const ownRule = `title: Đăng nhập bằng tài khoản root
id: 5a8f1c1e-7d0b-4c57-9a3e-0e6f2b1d9c44
status: test
logsource:
  product: linux
  service: sshd
detection:
  selection:
    user.name: root
  condition: selection
level: low
`;

// A package of one rule that loads and one that cannot.
function rulePackage() {
  const folder = mkdtempSync(join(tmpdir(), 'luy-rules-'));
  const whole = ownRule.replace('Đăng nhập bằng tài khoản root', 'Root signs in by password').replace('5a8f1c1e', '7b9e2d3f');
  writeFileSync(join(folder, 'tot.yml'), whole);
  writeFileSync(join(folder, 'hong.yml'), whole.replace('7b9e2d3f', '8c0f3e4a').replace('condition: selection', 'condition: khong_co'));
  const packed = spawnSync('tar', ['-czf', '-', '-C', folder, 'tot.yml', 'hong.yml']);
  rmSync(folder, { recursive: true });
  assert.equal(packed.status, 0, String(packed.stderr));
  return packed.stdout;
}

// As sshd writes to /var/log/auth.log; a stamp without a zone is read as Vietnam's.
function sshd(lines) {
  const format = { timeZone: 'Asia/Ho_Chi_Minh', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  const part = Object.fromEntries(new Intl.DateTimeFormat('en-US', format).formatToParts(new Date()).map(({ type, value }) => [type, value]));
  const stamp = `${part.month} ${part.day.padStart(2, ' ')} ${part.hour}:${part.minute}:${part.second}`;
  return lines.map((line, index) => `${stamp} may-chu-01 sshd[${4000 + index}]: ${line}\n`).join('');
}

describe('Findings', { skip: process.env.LUY_BIN ? false : 'needs the programs (LUY_BIN)' }, () => {
  let hub;
  let browser;
  let tab;
  let api;

  before(async () => {
    hub = await startHub({ logs: true });
    browser = await launch();
    const signed = await signIn(browser, hub);
    api = signed.api;
    tab = await newPage(browser, { base: hub.base, state: signed.state });
    tab.state = signed.state;
  });
  after(async () => {
    await browser?.close();
    await hub?.stop();
  });

  it('come up by themselves when an address guesses a password and gets in', async () => {
    const { page } = tab;
    await page.goto('/findings');
    await settled(page);
    // Until the agent is known to follow the folder, nothing can be found in it.
    const log = join(hub.logs, 'auth.log');
    appendFileSync(log, sshd(['Server listening on 0.0.0.0 port 22.']));
    await until(async () => (await api.get('/api/v1/events?limit=50&q=listening')).events.length > 0, 60, 'the agent’s first line');
    const guesses = Array.from({ length: 7 }, (_, i) => `Failed password for root from ${intruder} port ${52000 + i} ssh2`);
    appendFileSync(log, sshd([...guesses, `Accepted password for root from ${intruder} port 52100 ssh2`]));
    await page.locator('tbody tr', { hasText: attack }).first().waitFor({ timeout: 90_000 });
  });

  it('are worked through by keyboard: j to the row, Enter to the story, a to acknowledge', async () => {
    const { page } = tab;
    await page.locator('main h1').focus();
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press('j');
      if (await page.evaluate((text) => document.activeElement.textContent.includes(text), attack)) break;
    }
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/findings\/[0-9a-z]{26}$/);
    await page.getByRole('heading', { level: 1, name: attack }).waitFor();
    await settled(page);
    assert.ok((await page.locator('.first-steps li').count()) >= 3, 'the first steps are told');
    await page.locator('.entities', { hasText: intruder }).waitFor();
    await page.locator('.event-row', { hasText: intruder }).first().waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog');
    await dialog.locator('textarea:focus').waitFor();
    await page.keyboard.type('Đã gọi cho quản trị máy chủ');
    await dialog.getByRole('button', { name: 'Ghi nhận đã xem xét' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.locator('.worklist', { hasText: 'Đã gọi cho quản trị máy chủ' }).waitFor();
    await page.locator('.facts', { hasText: 'Đã xem xét' }).waitFor();
  });

  it('rest on records that open on their proofs', async () => {
    const { page } = tab;
    const row = page.locator('.event-row', { hasText: intruder }).first();
    await row.locator('button.event').click();
    await row.locator('.seal-link').click();
    await page.locator('.proof-verdict[data-outcome=match]').waitFor({ timeout: 90_000 });
  });

  it('name whom they concern, and each leads to everything that is known of it', async () => {
    const { page } = tab;
    const { items } = await api.get('/api/v1/findings');
    await page.goto(`/findings/${items.find((each) => each.title.vi === attack).id}`);
    await page.locator('.entities').getByRole('link', { name: intruder }).click();
    await page.getByRole('heading', { level: 1, name: intruder }).waitFor();
    await page.locator('.entity-findings', { hasText: attack }).waitFor();
    await page.locator('.event-row', { hasText: intruder }).first().waitFor();
    await page.locator('.neighbours').getByRole('link', { name: 'root' }).click();
    await page.getByRole('heading', { level: 1, name: 'root' }).waitFor();
    await page.locator('.neighbours').getByRole('link', { name: intruder }).waitFor();
  });

  it('are not called false alarms without a reason', async () => {
    const { page } = tab;
    await page.goto('/findings?state=acknowledged');
    await settled(page);
    const row = page.locator('tbody tr', { hasText: attack }).first();
    await row.waitFor();
    await row.locator('input[type=checkbox]').check();
    await page.locator('.bulk').getByRole('button', { name: /^Báo động nhầm/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Báo động nhầm' }).click();
    await dialog.getByText('Cần ghi nội dung này.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    const { items } = await api.get('/api/v1/findings?state=acknowledged');
    assert.ok(items.some((each) => each.title.vi === attack));
  });

  it('come from rules that one person alone cannot silence', async () => {
    const { page } = tab;
    // While there is only one person who could, there is nobody to ask: let there be two.
    const { agencies } = await api.get('/api/v1/agencies');
    const grants = [{ role: 'system_admin', agency: agencies[0].id }];
    await api.post('/api/v1/accounts', { agency: agencies[0].id, person_name: 'Lê Thị Hai', username: 'nguoihai', grants });
    await page.goto('/rules?level=critical');
    await settled(page);
    await page.locator('main input[data-page-search]').fill('dò mật khẩu');
    // By keyboard: rows move while the list narrows, and a press of the mouse would hit another.
    await page.getByRole('link', { name: attack }).press('Enter');
    await page.getByRole('heading', { level: 1, name: attack }).waitFor();
    await page.getByRole('button', { name: 'Tắt quy tắc' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('cần người thứ hai đồng ý').waitFor();
    await dialog.getByRole('textbox').fill('Thử nghiệm diễn tập');
    await dialog.getByRole('button', { name: 'Tắt quy tắc' }).click();
    await dialog.getByText('đang chờ người thứ hai').waitFor();
    await dialog.getByRole('button', { name: 'Đóng' }).last().click();
    const rule = decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1));
    // Whoever decides reads which rule it is, and why.
    await page.goto('/acts');
    await page.locator('.act', { hasText: 'Thử nghiệm diễn tập' }).filter({ hasText: attack }).waitFor();
    assert.equal((await api.get(`/api/v1/rules/${encodeURIComponent(rule)}`)).enabled, true);
  });

  it('are traced to their origin: as a graph that the keyboard walks, and as a table to take away', async () => {
    const { page } = tab;
    const { items } = await api.get('/api/v1/findings');
    await page.goto(`/findings/${items.find((each) => each.title.vi === attack).id}`);
    await settled(page);
    await page.getByRole('link', { name: 'Xác định nguồn gốc' }).last().click();
    await page.waitForURL(/\/links\?/);
    await page.locator('tbody tr', { hasText: '52100' }).first().waitFor();
    await page.locator(`a.graph-node[aria-label*="${intruder}"]`).waitFor();
    await page.locator('a.graph-device').first().press('Enter');
    await page.waitForURL(/\/links\?device=/);
    await page.locator('a.graph-central.graph-device').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Xuất CSV' }).click()]);
    assert.match(download.suggestedFilename(), /^lien-lac-\d{4}-\d{2}-\d{2}\.csv$/);
    const text = readFileSync(await download.path(), 'utf8');
    assert.ok(text.startsWith('\uFEFF"Thời gian","Gói tin"') && text.includes(intruder), text.slice(0, 300));
  });

  it('can be rehearsed: a new rule on the bench, its false alarm made an exception, saved, hunted with', async () => {
    const { page } = tab;
    await page.goto('/rules/new');
    await settled(page);
    await page.getByRole('textbox', { name: 'Nội dung quy tắc' }).fill(ownRule);
    await page.getByRole('button', { name: 'Chạy thử' }).click();
    await page.locator('.run[data-state=done]').waitFor({ timeout: 90_000 });
    const row = page.locator('.run tbody tr', { hasText: intruder }).first();
    await row.locator('.seal-link').waitFor();
    await page.locator('.run', { hasText: /ns mỗi bản ghi|chưa đủ bản ghi|chưa đo được/ }).waitFor();
    await row.locator('input[type=checkbox]').check();
    await page.getByRole('button', { name: /^Soạn ngoại lệ/ }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('.draft-filter', { hasText: "user.name: 'root'" }).waitFor();
    await dialog.getByRole('button', { name: 'Dùng làm ngoại lệ' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Lưu' }).click();
    await page.getByRole('heading', { level: 1, name: 'Đăng nhập bằng tài khoản root' }).waitFor();
    const exception = page.getByRole('dialog').filter({ hasText: 'Thêm ngoại lệ' });
    await exception.getByLabel('Lý do').fill('Đã kiểm tra');
    assert.match(await exception.getByLabel('Điều kiện bỏ qua').inputValue(), /user\.name: 'root'/);
    await exception.getByRole('button', { name: 'Thêm ngoại lệ' }).click();
    const hunt = page.getByRole('dialog').filter({ hasText: 'Bắt đầu săn ngược' });
    await hunt.getByText('Quy tắc đã lưu').waitFor();
    await hunt.getByRole('button', { name: 'Bắt đầu săn ngược' }).click();
    await page.waitForURL(/\/rules\/runs\/[0-9a-z]{26}$/);
    await page.locator('.run[data-state=done]').waitFor({ timeout: 90_000 });
    await page.goto('/rules/runs');
    await page.locator('tbody tr', { hasText: 'Săn ngược' }).waitFor();
    await page.locator('tbody tr', { hasText: 'Chạy thử' }).waitFor();
  });

  it('come from packages, too, whose rules load or are refused with the reason', async () => {
    const { page } = tab;
    await page.goto('/rules/import');
    await settled(page);
    await page.locator('input[type=file]').setInputFiles({ name: 'goi.tgz', mimeType: 'application/gzip', buffer: rulePackage() });
    await page.getByRole('button', { name: 'Xem trước' }).click();
    await page.getByRole('heading', { level: 2, name: 'Gói này sẽ mang lại' }).waitFor();
    await page.locator('tbody tr', { hasText: 'hong.yml' }).waitFor();
    assert.deepEqual((await api.get('/api/v1/rules?origin=imported')).items, [], 'a preview changes nothing');
    await page.getByRole('button', { name: 'Nhập gói này' }).click();
    await page.getByRole('heading', { level: 2, name: 'Đã nhập' }).waitFor();
    await page.getByRole('link', { name: 'Xem các quy tắc đã nhập' }).click();
    await page.locator('tbody tr', { hasText: 'Root signs in by password' }).waitFor();
  });

  it('and their rules are accessible in both themes, wide and on a phone', async () => {
    const { items } = await api.get('/api/v1/findings');
    const { items: rules } = await api.get('/api/v1/rules?origin=own&limit=1');
    const { items: runs } = await api.get('/api/v1/rule_runs');
    const addresses = {
      findings: '/findings?state=all',
      finding: `/findings/${items[0].id}`,
      entity: `/entities/address/${intruder}`,
      'entity-device': `/entities/device/${items[0].device.id}`,
      'entity-unknown': '/entities/file/%2Fkhong%2Fco',
      'acts-rule': '/acts',
      rules: '/rules',
      'rules-refused': '/rules?tab=refused',
      attack: '/rules?tab=attack',
      rule: `/rules/${encodeURIComponent(rules[0].id)}`,
      'rule-new': '/rules/new',
      'rule-bench': `/rules/new?run=${runs.find((each) => each.bench).id}`,
      'rule-hunt': `/rules/${encodeURIComponent(rules[0].id)}?hunt=asked`,
      'rule-run': `/rules/runs/${runs.find((each) => !each.bench).id}`,
      'rule-runs': '/rules/runs',
      'rule-import': '/rules/import',
      links: `/links?address=${intruder}`,
      'links-none': '/links?account=khong-co-ai',
    };
    const found = [];
    for (const [theme, size] of [
      ['light', 'wide'],
      ['dark', 'phone'],
    ]) {
      const { context, page, problems } = await newPage(browser, { base: hub.base, theme, size, state: tab.state });
      for (const [name, address] of Object.entries(addresses)) {
        await page.goto(address);
        await settled(page);
        if (process.env.LUY_SHOTS) await shoot(page, `${name}-vi-${theme}-${size}`);
        found.push(...(await faults(page)).map((fault) => `${name} ${theme}: ${fault}`));
        if ((await overflow(page)) > 0) found.push(`${name} ${size}: wider than the window`);
      }
      found.push(...problems);
      await context.close();
    }
    assert.deepEqual(found, []);
  });

  it('become a case by keyboard: k to the last row, on to the finding, e to escalate it', async () => {
    const { page } = tab;
    await page.goto('/findings?state=all');
    await settled(page);
    await page.locator('main h1').focus();
    let index = 0;
    for (let step = 0; step < 400; step += 1) {
      await page.keyboard.press('k');
      index = await page.evaluate((text) => (document.activeElement.textContent.includes(text) ? Number(document.activeElement.dataset.index) : -1), attack);
      if (index >= 0) break;
    }
    assert.ok(index >= 0, 'the row is reached backwards');
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tên vụ').waitFor();
    assert.equal(await dialog.getByLabel('Tên vụ').inputValue(), attack);
    await dialog.getByRole('button', { name: 'Mở vụ sự cố' }).click();
    await page.waitForURL(/\/incidents\/[0-9a-z]{26}$/);
    await page.getByRole('heading', { level: 1, name: attack }).waitFor();
    await page.goto(`${page.url()}?tab=links`);
    await page.locator('.worklist').getByRole('link', { name: attack }).click();
    await page.waitForURL(/\/findings\/[0-9a-z]{26}$/);
    const { items } = await api.get('/api/v1/findings?state=in_case');
    assert.ok(items.some((each) => page.url().endsWith(each.id)));
  });
});
