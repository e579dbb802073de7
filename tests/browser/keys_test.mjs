// Goal: every list, calendar, menu and dialog opens inside the window, with motion and without; everything can be reached and
// worked by keyboard, with the focus in sight. Method: the pages as they are, by their roles, none listed by hand twice.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launch, newPage, settled } from './browser.mjs';
import { signIn, startHub, until, untilJudged } from './hub.mjs';
import { addresses, overlays } from './pages.mjs';

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

const popups =
  '.ant-select-dropdown, .ant-picker-dropdown, .ant-dropdown, .ant-popover, .ant-tooltip, .ant-modal, .ant-drawer-content-wrapper, dialog[open]';

// Where what opened stands against the window; null while nothing is open or it still moves.
const places = (page) =>
  page.evaluate((selector) => {
    const shown = [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility({ visibilityProperty: true }));
    const still = shown.every((element) => element.getAnimations({ subtree: true }).length === 0);
    if (shown.length === 0 || !still || shown.some((element) => element.getBoundingClientRect().width === 0)) return null;
    // The kit names each stage of a motion in a class and takes it away at the end. Between two stages nothing is animated, though
    // what opens still stands far outside; so the class tells, not the animation alone.
    const moving = (element) => /-(appear|enter|leave)(-|\s|$)/.test(element.getAttribute('class') ?? '');
    if (shown.some((element) => moving(element) || [...element.querySelectorAll('[class*="-appear"], [class*="-enter"]')].some(moving))) return null;
    return shown.map((element) => {
      const { left, top, right, width, height } = element.getBoundingClientRect();
      return { what: element.className, left, top, right, width, height };
    });
  }, popups);

// `scrolled`: something in a dialog was opened, which may have been scrolled for it.
async function assertInside(page, where, scrolled = false) {
  const { width, height } = page.viewportSize();
  const found = await until(() => places(page), 10, `something to open on ${where}`);
  for (const place of found) {
    // Four pixels for shadows' frames; what is taller than the window scrolls, but begins inside it.
    const top = scrolled && place.height > height ? 0 : place.top;
    const inside = place.left >= -4 && place.right <= width + 4 && top >= -4 && top < height && place.width > 20 && place.height > 10;
    assert.ok(inside, `${where}: ${JSON.stringify(place)} in ${width} × ${height}`);
  }
}

// Opens every list and calendar in `scope`, one after another.
async function openEach(page, scope, where) {
  const boxes = scope.locator('.ant-select:not(.ant-select-disabled), .ant-picker');
  const count = await boxes.count();
  for (let index = 0; index < count; index += 1) {
    await boxes.nth(index).click();
    await assertInside(page, `${where}, box ${index + 1}`, true);
    await page.keyboard.press('Escape');
    await page.waitForFunction(
      () => [...document.querySelectorAll('.ant-select-dropdown, .ant-picker-dropdown')].every((each) => getComputedStyle(each).display === 'none'),
    );
  }
  return count;
}

describe('What opens over a page stands inside the window', () => {
  const looks = [
    { still: true, size: 'wide' },
    { still: false, size: 'wide' },
    { still: true, size: 'phone' },
  ];
  for (const look of looks) {
    it(`in ${look.size}, ${look.still ? 'without motion' : 'with motion'}`, async () => {
      const { context, page, problems } = await newPage(browser, { base: hub.base, state, ...look });
      let boxes = 0;
      for (const name of ['obligations', 'verdicts', 'devices', 'logs', 'enrol', 'software']) {
        await page.goto(list[name]);
        await settled(page);
        boxes += await openEach(page, page.locator('main'), name);
      }
      assert.ok(boxes >= 6, `only ${boxes} lists and calendars were found`);
      for (const [name, { address, open }] of Object.entries(overlays(list))) {
        if (name === 'event-open') continue; // It opens in the page.
        await page.goto(address);
        await settled(page);
        await open(page, look.size);
        await assertInside(page, name);
        const dialog = page.locator('.ant-modal');
        if ((await dialog.count()) > 0) await openEach(page, dialog, name);
      }
      if (look.size === 'wide') {
        await page.goto(list.home);
        await settled(page);
        await page.locator('.live').hover();
        await assertInside(page, 'the live mark');
      }
      assert.deepEqual(problems, []);
      await context.close();
    });
  }
});

// What the keyboard should reach, marked with numbers; then Tab until the page begins anew.
async function walk(page) {
  const wanted = await page.evaluate(() => {
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.tabIndex >= 0;
    });
    all.forEach((element, index) => {
      element.dataset.walk = String(index);
    });
    return all.map((element) => `${element.tagName.toLowerCase()} ${(element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 40)}`);
  });
  const reached = new Set();
  const blind = new Set();
  for (let step = 0; step < wanted.length + 20; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      let seen = false;
      for (let each = element, up = 0; each && up < 4 && !seen; each = each.parentElement, up += 1) {
        const style = getComputedStyle(each);
        seen = (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0) || (up < 3 && style.boxShadow !== 'none');
      }
      return { number: element.dataset.walk ?? '', seen, what: element.outerHTML.slice(0, 120) };
    });
    if (at === null) continue;
    if (reached.has(at.number) && at.number === '0') break;
    reached.add(at.number);
    if (!at.seen) blind.add(at.what);
  }
  return { missed: wanted.filter((_, index) => !reached.has(String(index))), blind: [...blind] };
}

describe('By keyboard alone', () => {
  it('one reaches everything on a page, and sees where one is', async () => {
    const { context, page } = await newPage(browser, { base: hub.base, state });
    for (const name of ['home', 'obligation', 'device', 'nothing-found', 'devices', 'proof']) {
      await page.goto(list[name]);
      await settled(page);
      assert.deepEqual({ page: name, ...(await walk(page)) }, { page: name, missed: [], blind: [] });
    }
    await context.close();
  });

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
    await page.keyboard.press('Escape');
    await page.locator('.verdict-detail').waitFor({ state: 'hidden' });
    await context.close();
  });

  it('one searches with "/", goes anywhere with Ctrl-K, and needs no diacritics', async () => {
    const { context, page } = await newPage(browser, { base: hub.base, state });
    await page.goto(list.obligations);
    await settled(page);
    await page.keyboard.press('/');
    await page.keyboard.type('ban va bao mat');
    await page.getByRole('main').getByRole('link', { name: 'Theo dõi, cập nhật bản vá bảo mật' }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.obligation-rows li').length < 5);
    // A slash that is typed is a slash.
    await page.keyboard.type('/');
    assert.match(await page.evaluate(() => document.activeElement?.value ?? ''), /\/$/);

    await page.goto(list.home);
    await settled(page);
    await page.keyboard.press('/');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    // Closed and opened in one breath it is open, wherever in it the cursor was; and closing gives the cursor back.
    const open = page.locator('.palette-button');
    for (const inside of ['dialog[open] input', 'dialog[open] .palette-help']) {
      await open.focus();
      await page.keyboard.press('Control+k');
      await page.locator(inside).click();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+k');
      await page.locator('dialog[open] input:focus').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
      assert.equal(await open.evaluate((button) => button === document.activeElement), true);
    }
    await page.keyboard.press('Control+k');
    await page.locator('dialog[open] input:focus').waitFor();
    await page.keyboard.type('nhat ky');
    await page.getByRole('option', { name: /Nhật ký/ }).first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/logs');
    await context.close();
  });

  it('one opens the account menu and changes the password from there', async () => {
    const { context, page } = await newPage(browser, { base: hub.base, state });
    await page.goto(list.home);
    await settled(page);
    await page.getByRole('button', { name: 'Tài khoản' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Đổi mật khẩu' }).waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('[role=menu]'));
    await page.keyboard.press('Escape');
    await page.getByRole('menuitem', { name: 'Đổi mật khẩu' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('[role=menu]'));
    await until(
      async () => {
        if (/\/password$/.test(page.url())) return true;
        if ((await page.evaluate(() => document.activeElement?.textContent)) !== 'Đổi mật khẩu') await page.keyboard.press('ArrowDown');
        await page.keyboard.press('Enter');
        return false;
      },
      10,
      'the password page',
    );
    await context.close();
  });
});
