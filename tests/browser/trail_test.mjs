// Goal: everybody sees where they are signed in and what they did, and ends what is theirs and nothing else; who reads the trail
// narrows it by person, object and outcome, and takes out what they see as a file that others can check.
// Method: a real hub and its pages, each answer of a page held against the hub's own; the file is unpacked and checked by sh and
// openssl, and by luy, with the key of the hub; then one byte of it is changed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { faults, newPage, settled } from './browser.mjs';
import { choose, headers, openDesk, patient, skip } from './desk.mjs';
import { signIn, until } from './hub.mjs';

const waiting = 90;

describe('The trail and the sessions', { skip }, () => {
  let desk;
  let clerk;
  let colleague;
  // A page with the address, once what it shows is there; `page` is the administrator's unless another is named.
  const open = async (address, page = desk.tab.page) => {
    await page.goto(address);
    await settled(page);
  };
  const trail = async (query, api = desk.api) => (await api.get(`/api/v1/audit?limit=1000&${query}`)).items;
  // Acts come into the trail a moment after they are done.
  const found = (query, what, api = desk.api) =>
    until(
      async () => {
        const items = await trail(query, api);
        return items.length > 0 && items;
      },
      waiting,
      what,
    );
  const status = async (state, method, path) => {
    const { context } = await newPage(desk.browser, { base: desk.hub.base, state });
    const answer = await context.request.fetch(path, { method, headers });
    await context.close();
    return answer.status();
  };

  before(async () => {
    desk = await openDesk();
    clerk = await desk.person('Phạm Thu Hà', 'ha.pt', 'staff');
    colleague = await desk.person('Trịnh Văn Lâm', 'lam.tv', 'staff');
    await desk.signedIn(clerk);
    await desk.signedIn(colleague);
  });
  after(() => desk?.stop());

  it('shows everybody where they are signed in, and lets them end what they left open', async () => {
    const elsewhere = await signIn(desk.browser, desk.hub, clerk);
    const { sessions } = await clerk.api.get('/api/v1/sessions');
    assert.equal(sessions.length, 2, 'hers alone, though three people are signed in');
    const here = await desk.enter(clerk);
    const { page } = here;
    await open('/account', page);
    const section = page.locator('section', { has: page.getByRole('heading', { name: 'Nơi đang đăng nhập' }) });
    const end = section.getByRole('button', { name: 'Kết thúc phiên từ 127.0.0.1' });
    await end.waitFor();
    assert.equal(await section.getByRole('listitem').count(), 2);
    assert.equal(await section.getByText('phiên này', { exact: true }).count(), 1);
    assert.equal(await end.count(), 1, 'not the one in which she looks');
    assert.deepEqual(await faults(page), []);
    await end.focus();
    await page.keyboard.press('Enter');
    await end.waitFor({ state: 'detached' });
    await until(async () => (await section.getByRole('listitem').count()) === 1, waiting, 'one session');
    assert.equal(await status(elsewhere.state, 'GET', '/api/v1/session'), 401, 'the other one is over');
    assert.equal(await status(clerk.state, 'GET', '/api/v1/session'), 200, 'this one is not');
    assert.deepEqual(here.problems, []);
    await here.context.close();
  });

  it('keeps the sessions of others from everybody, whatever their role', async () => {
    const { sessions } = await colleague.api.get('/api/v1/sessions');
    const path = `/api/v1/sessions/${sessions[0].id}`;
    // Nobody learns whether such a session lives: the answer is that of one that does not.
    assert.equal(await status(clerk.state, 'DELETE', path), 404);
    assert.equal(await status(desk.tab.state, 'DELETE', path), 404, 'an administrator ends them by an act of its own');
    assert.equal(await status(clerk.state, 'GET', `/api/v1/accounts/${colleague.id}/sessions`), 403);
    assert.equal(await status(clerk.state, 'DELETE', `/api/v1/accounts/${colleague.id}/sessions`), 403);
    assert.equal(await status(colleague.state, 'GET', '/api/v1/session'), 200, 'nothing happened to it');
    const tried = await found('person=ha.pt&act=session_end&outcome=not_done', 'what she tried');
    assert.equal(tried.length, 1);
    assert.equal(tried[0].error, 'directory.session_unknown');
  });

  it('is narrowed by who did it, to whom and with which outcome, in words', async () => {
    const { page } = desk.tab;
    const rows = page.locator('tbody tr.table-open');
    const cells = (at) => rows.evaluateAll((all, cell) => all.map((row) => row.cells[cell].innerText), at);
    // The page shows what the hub answers to the same question, each line once; what came in between is there when it is
    // opened again.
    const shows = (query, what) =>
      until(
        async () => {
          await rows.first().waitFor();
          const items = await trail(query);
          if ((await rows.count()) === items.length) return items;
          await open(page.url());
          return false;
        },
        waiting,
        `a line for each: ${what}`,
      );
    await found('person=ha.pt&outcome=refused', 'the acts she was refused');
    await open('/audit?range=all');
    await choose(page, page.getByRole('combobox', { name: 'Người thực hiện' }), 'Phạm Thu Hà');
    await page.waitForURL(/person=ha\.pt/);
    const hers = await shows('person=ha.pt', 'her acts');
    assert.ok(hers.every((each) => each.who.name === 'ha.pt'));
    for (const name of await cells(1)) assert.match(name, /^Phạm Thu Hà\s/);
    for (const name of await rows.locator('.trail-act').allInnerTexts()) assert.doesNotMatch(name, /[_.]/, 'a word, not a name of ours');
    await choose(page, page.getByRole('combobox', { name: 'Kết quả' }), 'Bị từ chối');
    await page.waitForURL(/outcome=refused/);
    const refused = await shows('person=ha.pt&outcome=refused', 'what she was refused');
    assert.ok(refused.length < hers.length);
    for (const outcome of await cells(4)) assert.equal(outcome, 'Bị từ chối');

    await open('/audit?range=all');
    await choose(page, page.getByRole('combobox', { name: 'Đối tượng', exact: true }), '(ha.pt)');
    await page.waitForURL(/object=account/);
    await page.getByText('Chỉ những thao tác liên quan đến', { exact: false }).waitFor();
    const done = await shows(`object=account:${clerk.id}`, 'what was done to her account');
    assert.ok(done.every((each) => each.object === `account:${clerk.id}`));
    assert.ok(done.some((each) => each.who.name === desk.hub.username && each.act === 'account_create'));
    assert.deepEqual(await faults(page), []);
    await rows.last().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('mọi thao tác với đối tượng này').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Xem tất cả', exact: true }).click();
    await page.waitForURL((url) => !url.searchParams.has('object'));
  });

  it('shows whoever reads no trail their own acts and what was done to them, and hands them nothing out', async () => {
    const here = await desk.enter(clerk);
    const { page } = here;
    await open('/account', page);
    await page.getByRole('link', { name: 'Ai đã làm gì với tài khoản của tôi' }).click();
    await page.waitForURL(/\/audit\?object=account/);
    await page.getByText('Những gì bạn đã làm, và những gì người khác đã làm với tài khoản của bạn.').waitFor();
    await page.locator('tbody tr.table-open').first().waitFor();
    assert.equal(await page.getByRole('combobox', { name: 'Người thực hiện' }).count(), 0);
    const out = page.getByRole('button', { name: /^Xuất có chữ ký/ });
    assert.equal(await out.getAttribute('aria-disabled'), 'true');
    const mine = [`account:${clerk.id}`];
    const all = await trail('searches=true', here.api);
    assert.deepEqual(all.filter((each) => each.who.name !== 'ha.pt' && !mine.includes(each.object)), []);
    const others = await trail(`person=${desk.hub.username}&searches=true`, here.api);
    assert.deepEqual(others.filter((each) => !mine.includes(each.object)), []);
    const asked = await page.request.post('/api/v1/audit/export', { headers, data: { person: 'ha.pt' } });
    assert.equal(asked.status(), 403);
    assert.deepEqual(here.problems, []);
    await here.context.close();
  });

  it('is taken out signed, as it is seen, and checked by programs that are not the hub', async () => {
    const { page } = desk.tab;
    const out = page.getByRole('button', { name: /^Xuất có chữ ký/ });
    await open('/audit?range=all');
    await page.locator('tbody tr.table-open').first().waitFor();
    assert.equal(await out.getAttribute('aria-disabled'), 'true', 'never the whole of it');
    await open('/audit?range=all&person=lam.tv');
    await page.locator('tbody tr.table-open').first().waitFor();
    const items = await found('person=lam.tv', 'his acts');
    // What is younger than the newest checkpoint is not in it yet.
    const signed = (seq) => desk.api.get(`/api/v1/events/${seq}/proof`).then((proof) => proof, () => false);
    const { root_key: key } = await until(() => signed(items[0].seq), waiting, 'a checkpoint');
    await out.click();
    const dialog = page.getByRole('dialog');
    const saved = page.waitForEvent('download', { timeout: patient });
    await dialog.getByRole('button', { name: 'Xuất có chữ ký', exact: true }).click();
    const file = await saved;
    assert.match(file.suggestedFilename(), /^nhat-ky-thao-tac-\d{4}-\d\d-\d\d\.zip$/);
    await dialog.getByText('Đã xuất', { exact: false }).waitFor();
    assert.deepEqual(await faults(page), []);
    await dialog.getByRole('button', { name: 'Đóng' }).last().click();
    await dialog.waitFor({ state: 'hidden' });

    const folder = join(desk.hub.folder, 'trail');
    const keyFile = join(desk.hub.folder, 'hub.vkey');
    writeFileSync(keyFile, `${key}\n`);
    const unpacked = spawnSync('python3', ['-m', 'zipfile', '-e', await file.path(), folder], { encoding: 'utf8' });
    assert.equal(unpacked.status, 0, unpacked.stderr);
    const trailFolder = join(folder, 'nhat-ky-thao-tac');
    const checks = [
      () => spawnSync('sh', ['verify.sh', keyFile], { cwd: trailFolder, encoding: 'utf8' }),
      () => spawnSync(join(desk.hub.bin, 'luy'), ['evidence', 'verify', '--package', trailFolder, '--key', keyFile], { encoding: 'utf8' }),
    ];
    for (const check of checks) {
      const { status: code, stdout, stderr } = check();
      assert.equal(code, 0, `${stdout}${stderr}`);
    }
    const table = join(trailFolder, 'records.tsv');
    const text = readFileSync(table, 'utf8');
    for (const { seq } of items) assert.match(text, new RegExp(`^${seq}\\t`, 'm'), `record ${seq}`);
    const noted = await found('act=evidence_export&outcome=done', 'the export itself');
    assert.equal(noted[0].who.name, desk.hub.username);
    assert.equal(noted[0].after.records, items.length, 'what was seen, and nothing else');
    writeFileSync(table, text.replace('lam.tv', 'lam.tx'));
    assert.notEqual(readFileSync(table, 'utf8'), text);
    for (const check of checks) assert.notEqual(check().status, 0, 'one byte was changed');
  });

  it('has pages without a serious fault in both themes, also on a phone', async () => {
    assert.deepEqual(await desk.judged({ 'own-account': '/account', 'own-trail': '/audit' }, clerk.state), []);
    assert.deepEqual(await desk.judged({ trail: '/audit?range=all&person=ha.pt' }), []);
    assert.deepEqual(desk.tab.problems, []);
  });
});
