// Goal: every page, in both themes, has no serious accessibility fault (axe), fits its screen, makes no error; pictures of
// all of them, in both languages, for people to look at (tests/browser/shots).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { axeSource, launch, newPage, settled, shoot } from './browser.mjs';
import { signIn, startHub, untilJudged } from './hub.mjs';
import { addresses, signedOut } from './pages.mjs';

const axe = readFileSync(axeSource, 'utf8');
const serious = new Set(['serious', 'critical']);

let hub;
let browser;
let state;
let list;

before(async () => {
  hub = await startHub();
  browser = await launch();
  const signed = await signIn(browser, hub);
  state = signed.state;
  list = await addresses(signed.api, await untilJudged(signed.api));
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

async function faults(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return result.violations
    .filter((violation) => serious.has(violation.impact))
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
}

// Nothing is wider than the window; what scrolls sideways does so inside its own frame.
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

// Both themes are checked on every page, one of them on a phone. With LUY_SHOTS the rest is photographed too.
const checked = [
  ['light', 'vi', 'wide'],
  ['dark', 'vi', 'phone'],
];
const photographed = [
  ['dark', 'vi', 'wide'],
  ['light', 'vi', 'phone'],
  ['light', 'en', 'wide'],
  ['dark', 'en', 'phone'],
];

async function visit([theme, language, size], withAxe) {
  const found = [];
  for (const [who, pages] of [
    [undefined, signedOut],
    [state, list],
  ]) {
    const { context, page, problems } = await newPage(browser, { base: hub.base, theme, language, size, state: who });
    for (const [name, address] of Object.entries(pages)) {
      await page.goto(address);
      await settled(page);
      await shoot(page, `${name}-${language}-${theme}-${size}`);
      if (withAxe) for (const fault of await faults(page)) found.push(`${name}: ${fault}`);
      const wide = await overflow(page);
      if (wide > 0) found.push(`${name}: ${wide} pixels wider than the window`);
      for (const problem of problems.splice(0)) found.push(`${name}: ${problem}`);
    }
    await context.close();
  }
  return found;
}

for (const look of checked) {
  it(`Every page in ${look.join(', ')} is free of serious accessibility faults, fits, and makes no error`, async () => {
    assert.deepEqual(await visit(look, true), []);
  });
}
for (const look of process.env.LUY_SHOTS ? photographed : []) {
  it(`Every page in ${look.join(', ')} fits and makes no error`, async () => {
    assert.deepEqual(await visit(look, false), []);
  });
}

describe('Who is not signed in', () => {
  it('sees the sign-in page at every address, and gets no data from the API', async () => {
    const { context, page } = await newPage(browser, { base: hub.base });
    for (const address of Object.values(list)) {
      await page.goto(address);
      await page.getByRole('button', { name: 'Đăng nhập' }).waitFor();
      assert.equal(new URL(page.url()).pathname, '/sign-in', address);
    }
    for (const path of ['overview', 'regulation', 'verdicts', 'devices', 'software', 'approvals', 'wifi', 'events', 'evidence/days', 'system', 'agencies', 'stream']) {
      assert.equal((await page.request.get(`/api/v1/${path}`)).status(), 401, path);
    }
    await context.close();
  });

  it('cannot be sent to another site by the address of the sign-in page', async () => {
    const { context, page } = await newPage(browser, { base: hub.base, state });
    for (const next of ['//example.org', 'https://example.org', '/\\example.org']) {
      await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
      await page.waitForURL((url) => url.pathname === '/');
      assert.equal(new URL(page.url()).origin, new URL(hub.base).origin);
    }
    await context.close();
  });
});

describe('By keyboard alone', () => {
  it('one skips to the content, walks the rows of a table and opens one', async () => {
    const { context, page } = await newPage(browser, { base: hub.base, state });
    await page.goto('/verdicts');
    await settled(page);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip-link');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    await page.locator('tr.table-open').first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-index')), '1');
    const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(ring, 'solid');
    await page.keyboard.press('Enter');
    await page.locator('.verdict-detail').waitFor();
    await context.close();
  });
});
