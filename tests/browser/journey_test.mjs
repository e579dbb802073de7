// Goal: an officer's first hour, in a real browser: sign in, change the issued password, follow a violation to its Merkle
// proof, find a log line, approve software and see the verdict turn by itself.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, newPage, settled } from './browser.mjs';
import { newPassword, signIn, startHub, totp, until, untilJudged } from './hub.mjs';

let hub;
let browser;
let tab; // One person's browser, from test to test.
let api;

before(async () => {
  hub = await startHub();
  browser = await launch();
  tab = await newPage(browser, { base: hub.base });
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

// An administrator adds an authenticator app before anything else works; keeps the recovery codes for later.
async function addApp(page) {
  await page.getByRole('heading', { level: 1, name: 'Thêm xác thực bước hai' }).waitFor();
  await page.goto('/logs');
  await page.getByRole('heading', { level: 1, name: 'Thêm xác thực bước hai' }).waitFor();
  assert.equal((await page.request.get('/api/v1/overview')).status(), 403);
  await page.getByLabel('Mật khẩu hiện tại').fill(newPassword);
  await page.keyboard.press('Enter');
  const secret = await page.locator('.qr code').innerText();
  await page.getByLabel('Mã 6 chữ số').fill(totp(secret));
  await page.keyboard.press('Enter');
  const done = page.getByRole('button', { name: 'Tôi đã cất mã dự phòng' });
  await done.waitFor();
  hub.codes = await page.locator('.secret ul code').allInnerTexts();
  assert.equal(hub.codes.length, 10);
  await done.click();
}

describe('An officer', () => {
  it('meets the sign-in page wherever they come from, and is refused with a wrong password', async () => {
    const { page } = tab;
    await page.goto('/devices');
    await page.getByRole('button', { name: 'Đăng nhập', exact: true }).waitFor();
    assert.match(page.url(), /\/sign-in\?next=%2Fdevices$/);
    await page.getByLabel('Tên đăng nhập').fill(hub.username);
    await page.getByLabel('Mật khẩu', { exact: true }).fill('không phải mật khẩu');
    await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click();
    await page.getByText('không đúng').waitFor();
  });

  it('must change the issued password before anything else, for a reason that is quoted', async () => {
    const { page } = tab;
    await page.getByLabel('Mật khẩu', { exact: true }).fill(hub.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Đổi mật khẩu' }).waitFor();
    await page.getByText('Ngay sau khi được cấp tài khoản').waitFor();
    await page.goto('/logs');
    await page.getByRole('heading', { name: 'Đổi mật khẩu' }).waitFor();
    const refused = await page.request.get('/api/v1/overview');
    assert.equal(refused.status(), 403);

    await page.getByLabel('Mật khẩu hiện tại').fill(hub.password);
    await page.getByLabel('Mật khẩu mới', { exact: true }).fill('ngan');
    assert.equal(await page.getByRole('button', { name: 'Đổi mật khẩu' }).isDisabled(), true);
    await page.getByLabel('Mật khẩu mới', { exact: true }).fill(newPassword);
    await page.getByLabel('Nhập lại mật khẩu mới').fill(newPassword);
    await page.getByRole('button', { name: 'Đổi mật khẩu' }).click();
    if (hub.kind !== 'mock') await addApp(page);
    await page.getByRole('heading', { level: 1, name: 'Việc cần làm' }).waitFor();
    ({ api } = await signIn(browser, hub));
  });

  it('drills from a red cell of the home page to the record and its Merkle proof', async () => {
    const { page } = tab;
    await untilJudged(api);
    await page.goto('/');
    await settled(page);
    await page.getByRole('link', { name: 'Toàn cảnh' }).click();
    await page.getByRole('heading', { level: 1, name: 'Tình hình chấp hành quy chế' }).waitFor();
    await settled(page);
    const cell = page.locator('.matrix-obligation .matrix-cell[data-state=violated] a').first();
    await cell.waitFor({ timeout: 90_000 });
    await cell.click();
    await page.getByRole('heading', { name: 'Quy chế yêu cầu' }).waitFor();
    await page.getByRole('button', { name: /^Vi phạm/ }).click();
    await page.waitForURL(/state=violated/);
    await page.locator('.table .seal-link').first().click();
    await page.waitForURL(/\/proof\/\d+$/);
    const outcome = page.locator('.proof-verdict');
    // A record of the last seconds waits for its checkpoint.
    await outcome.waitFor({ timeout: 90_000 });
    assert.equal(await outcome.getAttribute('data-outcome'), 'match');
    const steps = page.locator('.step-outcome');
    assert.equal(await steps.count(), 5);
    assert.deepEqual(new Set(await steps.evaluateAll((all) => all.map((step) => step.dataset.outcome))), new Set(['match']));
    assert.match(await page.locator('.merkle-root').innerText(), /Trùng với mốc ký/);
  });

  it('opens a verdict in a drawer that the address remembers', async () => {
    const { page } = tab;
    await page.goto('/obligations/5.1-software-approval');
    await settled(page);
    await page.locator('tr.table-open').first().focus();
    await page.keyboard.press('Enter');
    const drawer = page.locator('.ant-drawer');
    await drawer.getByRole('heading', { name: 'Căn cứ vào' }).waitFor();
    assert.match(page.url(), /open=5\.1-software-approval/);
    await page.reload();
    await drawer.getByRole('heading', { name: 'Diễn biến' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.search.includes('open='));
  });

  it('finds a log line by a word, filters by a field, and opens the line’s proof', async () => {
    const { page } = tab;
    const { events } = await api.get('/api/v1/events?limit=200');
    const logs = events.filter((event) => event.transport !== 'fact');
    const line = logs.find((event) => Object.keys(event.fields).length > 2 && /[a-z]{4}/.test(event.raw)) ?? logs[0] ?? events[0];
    assert.ok(line, 'the hub has no record at all');
    // A word is looked for whole.
    const word = /(?<![\p{L}\d_])[a-z]{4,}(?![\p{L}\d_])/iu.exec(line.raw)?.[0] ?? '';
    await page.goto('/logs?range=all');
    await settled(page);
    await page.keyboard.press('/');
    await page.keyboard.type(word);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('q') === word);
    // The address turns before the page does: only rows that answer the word count.
    const row = page.locator(`.events[data-question="${word}"] .event-row`).first();
    await row.waitFor();
    await page.locator('.histogram svg').waitFor();
    await row.locator('button.event').click();
    assert.match((await row.locator('pre.raw').innerText()).toLowerCase(), new RegExp(word.toLowerCase()));
    const value = row.locator('button.field-value').first();
    if (await value.count()) {
      await value.click();
      await page.waitForURL((url) => /\S+:/.test(url.searchParams.get('q') ?? ''));
      await page.locator('.events[data-question*=":"] .event-row').first().waitFor();
      await page.goBack();
      await page.waitForURL((url) => url.searchParams.get('q') === word);
    }
    await row.waitFor();
    if ((await row.getAttribute('class')) === 'event-row') await row.locator('button.event').click();
    await row.locator('.seal-link').click();
    await page.locator('.proof-verdict[data-outcome=match]').waitFor({ timeout: 90_000 });
  });

  it('approves the last unapproved software and sees the verdict turn elsewhere, without a reload', async () => {
    const { page, context } = tab;
    const verdict = await untilJudged(api);
    const { devices } = await api.get('/api/v1/devices');
    const device = devices.find((each) => each.id === verdict.subject.id);
    const open = await until(
      async () => {
        const found = [];
        for (let after = ''; ; ) {
          const part = await api.get(`/api/v1/devices/${device.id}/software?state=unapproved&limit=1000${after}`);
          found.push(...part.software.map((each) => each.name));
          if (!part.next) break;
          after = `&after=${encodeURIComponent(part.next)}`;
        }
        return found.length > 1 ? [...new Set(found)] : null;
      },
      60,
      'the software list',
    );
    const last = open.pop();
    for (let at = 0; at < open.length; at += 1000) {
      await api.post('/api/v1/approvals', {
        agency: device.agency,
        products: open.slice(at, at + 1000).map((product) => ({ product })),
        note: 'kiểm thử',
      });
    }

    const watching = await context.newPage();
    await watching.goto(`/verdicts/5.1-software-approval/${encodeURIComponent(device.id)}`);
    await watching.locator('.verdict-head .state-tag[data-state=violated]').waitFor({ timeout: 90_000 });
    await watching.getByText('Trực tiếp').first().waitFor();
    await watching.evaluate(() => {
      window.sameDocument = true;
    });

    await page.goto('/software?state=unapproved');
    await settled(page);
    await page.getByLabel('Tìm phần mềm').fill(last);
    await page.getByRole('checkbox', { name: `Chọn ${last}`, exact: true }).check();
    await page.getByRole('button', { name: 'Duyệt phần mềm đã chọn (1)' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Khi nhấn Duyệt: 1 phần mềm').waitFor();
    await dialog.getByLabel('Ghi chú').fill('Đã kiểm tra nguồn gốc');
    await dialog.getByRole('button', { name: 'Duyệt', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });

    await watching.locator('.verdict-head .state-tag[data-state=kept]').waitFor({ timeout: 90_000 });
    assert.equal(await watching.evaluate(() => window.sameDocument), true);
    await watching.close();
  });

  it('withdraws an approval, and is told before what will happen', async () => {
    const { page } = tab;
    await page.goto('/software?tab=catalogue');
    await settled(page);
    await page.getByRole('button', { name: 'Thu hồi' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('trở lại trạng thái chưa duyệt').waitFor();
    await dialog.getByRole('button', { name: 'Thu hồi' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  it('follows the logs live', async () => {
    const { page } = tab;
    await page.goto('/logs?range=all');
    await settled(page);
    await page.getByRole('switch', { name: 'Theo dõi trực tiếp' }).click();
    await page.waitForURL(/tail=1/);
    await page.getByText('Trực tiếp').first().waitFor();
    const top = () => page.locator('.event-row time').first().getAttribute('datetime');
    const before = await top();
    const { agencies } = await api.get('/api/v1/agencies');
    // An act of a person is a record too: something to see also on a quiet machine.
    await api.post('/api/v1/wifi', { agency: agencies[0].id, ssid: `thu-${Date.now() % 10_000}`, security: 'wpa2' });
    await until(async () => (await top()) > (before ?? ''), 90, 'a new line at the top');
  });

  it('finds a page and a duty by a few letters without diacritics', async () => {
    const { page } = tab;
    await page.goto('/devices');
    await settled(page);
    await page.keyboard.press('Control+k');
    await page.locator('dialog[open] input:focus').waitFor();
    await page.keyboard.type('doi mat khau');
    // Typed before the pages' own data is here, it finds nothing yet.
    await page.getByRole('option', { name: /đổi mật khẩu ngay/i, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/obligations\/7\.1/);
    await page.keyboard.press('Control+k');
    await page.locator('dialog[open] input:focus').waitFor();
    await page.keyboard.type('khong day');
    await page.getByRole('option', { name: /không dây/i }).first().click();
    await page.waitForURL(/\/wifi|6\.8/);
  });

  it('writes down where a machine stands and who looks after it', async () => {
    const { page } = tab;
    const { devices } = await api.get('/api/v1/devices');
    await page.goto(`/devices/${devices[0].id}`);
    await settled(page);
    await page.getByRole('button', { name: 'Sửa thông tin' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Nơi đặt').fill('Phòng máy chủ, tầng 2');
    await dialog.getByLabel('Người phụ trách').fill('Nguyễn Thị Hòa');
    await dialog.getByRole('button', { name: 'Lưu' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.locator('.facts-row').getByText('Nguyễn Thị Hòa').waitFor();
  });

  it('registers a wireless network and makes an agency', async () => {
    const { page } = tab;
    await page.goto('/wifi');
    await settled(page);
    await page.getByRole('button', { name: 'Ghi sổ mạng không dây' }).click();
    let dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tên mạng (SSID)').fill('UBND tầng 2');
    await dialog.getByRole('button', { name: 'Lưu' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText('UBND tầng 2').waitFor();

    await page.goto('/agencies');
    await settled(page);
    await page.getByRole('button', { name: 'Thêm cơ quan' }).click();
    dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tên cơ quan').fill('UBND phường Bắc Sơn');
    await dialog.getByLabel('Mã cơ quan').fill('UBND-BACSON');
    await dialog.getByRole('button', { name: 'Tạo' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'UBND phường Bắc Sơn' }).waitFor();
  });

  it('issues a token and gets the command to run', async () => {
    const { page } = tab;
    await page.goto('/devices/enrol');
    await settled(page);
    if (!(await page.getByRole('button', { name: 'Cấp mã dùng một lần' }).isEnabled())) {
      await page.getByRole('combobox', { name: 'Cơ quan' }).click();
      await page.getByRole('option').first().press('Enter');
      await page.keyboard.press('Enter');
    }
    await page.getByRole('button', { name: 'Cấp mã dùng một lần' }).click();
    assert.match(await page.locator('.command pre').innerText(), /luy-agent enrol .*--token /);
  });

  it('signs out, and nothing is left open', async () => {
    const { page } = tab;
    await page.getByRole('button', { name: 'Tài khoản' }).click();
    await page.getByRole('menuitem', { name: 'Đăng xuất' }).click();
    await page.getByRole('button', { name: 'Đăng nhập', exact: true }).waitFor();
    const refused = await page.request.get('/api/v1/overview');
    assert.equal(refused.status(), 401);
  });

  it('saw no error, nothing refused by the content policy, and no request to anywhere but the hub', () => {
    assert.deepEqual(tab.problems, []);
  });
});
