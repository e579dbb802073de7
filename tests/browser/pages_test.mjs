// Goal: every page, in both themes, has no serious accessibility fault (axe), fits its screen, makes no error. With LUY_SHOTS
// also pictures of all of them, in both languages, for people to look at (tests/browser/shots).
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { faults, launch, newPage, overflow, settled, shoot } from './browser.mjs';
import { forcedSession, signIn, startHub, untilJudged } from './hub.mjs';
import { addresses, overlays, signedOut } from './pages.mjs';

let hub;
let browser;
let state;
let list;

// Both themes are checked on every page, one of them on a phone; the rest is for the pictures.
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
const looks = process.env.LUY_SHOTS ? [...checked, ...photographed] : checked;
const atTheDoor = new Map(); // What was found before anybody could work: the sign-in page and the forced change.

before(async () => {
  hub = await startHub();
  browser = await launch();
  const forced = await forcedSession(browser, hub);
  for (const look of looks) {
    const found = await visit(look, undefined, signedOut);
    if (forced) found.push(...(await visit(look, forced, { 'forced-change': '/' })));
    atTheDoor.set(look, found);
  }
  const signed = await signIn(browser, hub, hub, forced ?? undefined);
  state = signed.state;
  list = await addresses(signed.api, await untilJudged(signed.api));
});
after(async () => {
  await browser?.close();
  await hub?.stop();
});

// Everything wrong with the page as it stands.
async function judge(page, name, look) {
  if (process.env.LUY_SHOTS) await shoot(page, `${name}-${look[1]}-${look[0]}-${look[2]}`);
  const found = checked.includes(look) ? await faults(page) : [];
  const wide = await overflow(page);
  if (wide > 0) found.push(`${wide} pixels wider than the window`);
  return found.map((fault) => `${name}: ${fault}`);
}

async function visit(look, who, pages) {
  const [theme, language, size] = look;
  const { context, page, problems } = await newPage(browser, { base: hub.base, theme, language, size, state: who });
  const found = [];
  for (const [name, address] of Object.entries(pages)) {
    await page.goto(address);
    await settled(page);
    found.push(...(await judge(page, name, look)));
  }
  if (who && pages !== list) {
    assert.match(page.url(), /\/password$/, 'nothing else works before the issued password is changed');
  }
  if (pages === list) {
    for (const [name, { address, open }] of Object.entries(overlays(list))) {
      await page.goto(address);
      await settled(page);
      await open(page, size);
      found.push(...(await judge(page, name, look)));
    }
  }
  for (const problem of problems) found.push(problem);
  await context.close();
  return found;
}

for (const look of looks) {
  it(`Every page in ${look.join(', ')} is free of serious accessibility faults, fits, and makes no error`, async () => {
    assert.deepEqual([...atTheDoor.get(look), ...(await visit(look, state, list))], []);
  });
}

describe('Who is not signed in', () => {
  it('sees the sign-in page at every address, and gets no data from the API', async () => {
    const { context, page } = await newPage(browser, { base: hub.base });
    for (const address of Object.values(list)) {
      await page.goto(address);
      await page.getByRole('button', { name: 'Đăng nhập', exact: true }).waitFor();
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
