// Goal: each of the ten roles signs in, meets its own home, and is told why where a page is not for it; what takes two people
// waits until the second agrees in the console; who must have a second factor gets no further without.
// Method: a real hub; accounts made over the API by its first administrator, then real pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { faults, launch, newPage, settled } from './browser.mjs';
import { newPassword, signIn, startHub, until } from './hub.mjs';

const homes = {
  leader: 'Tình hình chấp hành quy chế',
  officer: 'Việc cần làm',
  staff: 'Trang của tôi',
  provider: 'Yêu cầu gửi đến tôi',
};
const roleHomes = {
  system_admin: 'officer',
  security_officer: 'officer',
  agency_head: 'leader',
  staff: 'staff',
  town_office: 'leader',
  culture_info: 'leader',
  police: 'leader',
  provincial_authority: 'leader',
  provider: 'provider',
  auditor: 'leader',
};
// Every page that asks for a right, and which, as the console's own table of addresses has it: a new page is tested without
// being written down here. What an address names (a device, a case) need not be there: who may not see the page is told so
// before anything is asked for.
const table = readFileSync(new URL('../../console/src/app/routes.tsx', import.meta.url), 'utf8');
const pages = [...table.matchAll(/path: '([^']+)',\s*element: only\(\s*'(\w+)'/g)].map(
  ([, path, action]) => ({
    path: `/${path.replace(/:\w+/g, 'khong-co')}`,
    action,
  }),
);
const menuTable = readFileSync(new URL('../../console/src/app/navigation.ts', import.meta.url), 'utf8');
const inMenu = new Set([...menuTable.matchAll(/to: '([^']+)'/g)].map(([, path]) => path));
const headers = { 'X-Luy-Request': '1' };

let hub;
let browser;
let admin;
let agency;
const people = {};

const asked = (context, method, path, data) =>
  context.request.fetch(path, { method, headers, ...(data ? { data } : {}) });

before(async () => {
  if (!process.env.LUY_BIN) return;
  hub = await startHub();
  browser = await launch();
  admin = await signIn(browser, hub);
  ({
    agencies: [{ id: agency }],
  } = await admin.api.get('/api/v1/agencies'));
  // The head last: with a second person who may give roles, giving them takes two.
  const order = Object.keys(roleHomes).filter((role) => role !== 'agency_head' && role !== 'system_admin');
  for (const role of [...order, 'agency_head', 'system_admin']) {
    const username = `nguoi.${role.replaceAll('_', '.')}`;
    const issued = await admin.api.post('/api/v1/accounts', {
      agency,
      person_name: `Người ${role}`,
      username,
    });
    const given = await admin.api.post(`/api/v1/accounts/${issued.account.id}/roles`, { role, agency });
    people[role] = { id: issued.account.id, username, password: issued.one_time_password, waits: given.act };
  }
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

const skip = process.env.LUY_BIN ? false : 'needs a real hub: LUY_BIN';

describe('Two people', { skip }, () => {
  it('are needed from the second head on: the act waits, shows what changes, and happens when the other agrees', async () => {
    const { system_admin: wanted, agency_head: head } = people;
    assert.ok(wanted.waits, 'the last role had to wait');
    Object.assign(head, await signIn(browser, hub, head));
    const { context, page, problems } = await newPage(browser, { base: hub.base, state: head.state });
    await page.goto('/');
    await settled(page);
    const badge = page.locator('.waiting-mark .waiting-count');
    await badge.waitFor();
    await until(async () => (await badge.innerText()) === '1', 20, 'one act that waits');
    await page.locator('.waiting-mark').click();
    const card = page.locator('.act').first();
    await card.getByText('Quản trị hệ thống').first().waitFor();
    assert.doesNotMatch(await card.innerText(), /\[object/);
    await card.getByRole('button', { name: 'Đồng ý' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('đúng những thay đổi dưới đây').waitFor();
    await dialog.getByRole('button', { name: 'Đồng ý' }).click();
    const refused = dialog.getByRole('alert');
    await Promise.race([dialog.waitFor({ state: 'hidden' }), refused.waitFor()]);
    if (await refused.isVisible()) {
      // A head does not hold the administrator's rights, so nobody may give them on the head's word: told in a sentence.
      assert.match(await refused.innerText(), /\S/);
    }
    assert.deepEqual(problems, []);
    await context.close();
  });

  it('are two: whoever asked can only withdraw', async () => {
    const { context, page } = await newPage(browser, { base: hub.base, state: admin.state });
    const other = await admin.api.post('/api/v1/accounts', {
      agency,
      person_name: 'Người thứ mười một',
      username: 'nguoi.11',
    });
    const given = await admin.api.post(`/api/v1/accounts/${other.account.id}/roles`, {
      role: 'staff',
      agency,
    });
    assert.equal(given.done, false);
    await page.goto(`/acts?open=${given.act}`);
    await settled(page);
    const card = page.locator('.act-opened');
    await card.getByText('một người khác phải quyết định').waitFor();
    assert.equal(await card.getByRole('button', { name: 'Đồng ý' }).count(), 0);
    const self = await asked(context, 'POST', `/api/v1/acts/${given.act}/agree`);
    assert.equal(self.status(), 403);
    await card.getByRole('button', { name: 'Rút lại' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rút lại' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('.act-opened').waitFor({ state: 'detached' });
    await context.close();
  });
});

for (const [role, home] of Object.entries(roleHomes)) {
  if (role === 'system_admin') continue; // The hub's first account is one; journey_test walks its way.
  it(`${role} meets its home, and elsewhere the reason why not`, { skip }, async () => {
    const who = people[role];
    const { state } = who.state ? who : await signIn(browser, hub, who);
    const { context, page, problems } = await newPage(browser, { base: hub.base, state });
    await page.goto('/');
    await page.getByRole('heading', { level: 1, name: homes[home] }).waitFor();
    await settled(page);
    assert.deepEqual(await faults(page), []);
    const session = await (await asked(context, 'GET', '/api/v1/session')).json();
    const folded = page.locator('.menu-fold[aria-expanded=false]');
    while ((await folded.count()) > 0) await folded.first().click();
    const menu = await page
      .locator('.sidebar a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
    for (const { path, action } of pages) {
      const may = session.actions.includes(action);
      if (inMenu.has(path)) assert.equal(menu.includes(path), may, `${path} in the menu of ${role}`);
      if (may) continue;
      await page.goto(path);
      await settled(page);
      // The hub's own sentence, on the page; no row of data, and nothing to fill in.
      await page.locator('main .empty p', { hasText: /\S/ }).first().waitFor();
      assert.equal(await page.locator('main table tbody tr, main form').count(), 0, `${path} for ${role}`);
    }
    // The audit trail is everybody's own; others' acts are in it for who searches the logs, and for the town office.
    if (!session.actions.includes('evidence_search') && role !== 'town_office') {
      const trail = await (await asked(context, 'GET', '/api/v1/audit?limit=1000')).json();
      const own = [`account:${who.id}`];
      assert.deepEqual(
        trail.items.filter((each) => each.who.name !== who.username && !own.includes(each.object)),
        [],
        `the trail of ${role}`,
      );
    }
    const forbidden = session.actions.includes('account_manage') ? 201 : 403;
    const tried = await asked(context, 'POST', '/api/v1/accounts', {
      agency,
      person_name: 'Ai đó',
      username: `thu.${role.replaceAll('_', '.')}`,
    });
    assert.equal(tried.status(), forbidden, await tried.text());
    await page.goto('/people');
    await settled(page);
    if (forbidden === 403) {
      const button = page.getByRole('button', { name: /^Cấp tài khoản/ });
      assert.equal(await button.getAttribute('aria-disabled'), 'true');
      // The reason is the hub's, and there once its table of rights has come.
      await button.locator('.visually-hidden', { hasText: /\S/ }).waitFor({ state: 'attached' });
      await button.focus();
      // Focus alone tells why, and who may.
      await page
        .locator('.ant-tooltip')
        .getByText(/Quản trị hệ thống|chính mình|vai trò/)
        .first()
        .waitFor();
    }
    assert.deepEqual(problems, []);
    await context.close();
  });
}

it('Every page that asks for a right is refused to somebody, or is everybody\u2019s by the table of rights', () => {
  assert.ok(pages.length > 40, `${pages.length} pages`);
});

describe('A second factor', { skip }, () => {
  it('is demanded at the door once there is one, and a recovery code works once', async () => {
    const { context, page } = await newPage(browser, { base: hub.base });
    const code = hub.codes.pop();
    const start = async () => {
      await page.goto('/');
      await page.getByLabel('Tên đăng nhập').fill(hub.username);
      await page.getByLabel('Mật khẩu', { exact: true }).fill(newPassword);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Xác thực bước hai' }).waitFor();
      await page.getByLabel('Mã xác thực').fill(code);
      await page.keyboard.press('Enter');
    };
    await start();
    await page.getByRole('heading', { level: 1, name: homes.officer }).waitFor();
    await context.clearCookies();
    await start();
    await page.getByRole('alert').waitFor();
    await context.close();
  });

  it('is not needed in a public place less: nothing is stored and the session is marked so', async () => {
    const who = people.staff;
    const { context, page } = await newPage(browser, { base: hub.base });
    await page.goto('/');
    await page.getByLabel('Tên đăng nhập').fill(who.username);
    await page.getByLabel('Mật khẩu', { exact: true }).fill(newPassword);
    await page.getByRole('checkbox', { name: /nơi công cộng/ }).check();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: homes.staff }).waitFor();
    const session = await (await asked(context, 'GET', '/api/v1/session')).json();
    assert.equal(session.public_place, true);
    const left = (Date.parse(session.expires_at) - Date.now()) / 60_000;
    assert.ok(left <= 5.1, `${left} minutes`);
    await page.getByRole('button', { name: 'Chuyển sang nền tối' }).click();
    assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
    await context.close();
  });
});
