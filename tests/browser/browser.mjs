// Debian's Chromium, driven by playwright-core from the console's own packages.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(new URL('../../console/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const here = dirname(fileURLToPath(import.meta.url));
export const shots = join(here, 'shots');

export async function launch() {
  return chromium.launch({
    executablePath: process.env.LUY_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

// A busy machine draws a page slowly; only what never comes fails.
export const patient = 90_000;
export const sizes = { wide: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

// A fresh browser profile at the hub, in the given language, theme and size. `problems` gathers what the page complains
// about: uncaught errors, refused content, requests to anywhere but the hub (the browser's own PDF viewer is part of it).
export async function newPage(browser, { base, language = 'vi', theme = 'light', size = 'wide', still = true, state } = {}) {
  const context = await browser.newContext({
    baseURL: base,
    ignoreHTTPSErrors: true,
    viewport: sizes[size],
    colorScheme: theme,
    locale: 'en-US',
    timezoneId: 'America/New_York',
    reducedMotion: still ? 'reduce' : 'no-preference',
    ...(state ? { storageState: state } : {}),
  });
  context.setDefaultTimeout(patient);
  await context.addInitScript(
    ([chosenLanguage, chosenTheme]) => {
      // The browser's own frames (its PDF viewer) have none.
      localStorage?.setItem('luy.language', chosenLanguage);
      localStorage?.setItem('luy.theme', chosenTheme);
    },
    [language, theme],
  );
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    const text = message.text();
    // A refused request is an answer, not a fault of the page.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) problems.push(`console: ${text}`);
  });
  const origin = new URL(base).origin;
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !/^(data|blob|chrome|chrome-extension):/.test(request.url())) problems.push(`foreign: ${request.url()}`);
  });
  return { context, page, problems };
}

// The page has its heading and no grey bars, and fonts are there.
export async function settled(page) {
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('.skeleton'), undefined, { timeout: patient });
  await page.evaluate(() => document.fonts.ready);
}

const serious = new Set(['serious', 'critical']);

// What axe calls serious or critical on the page as it stands, each with its first places.
export async function faults(page) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return result.violations
    .filter((violation) => serious.has(violation.impact))
    .map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(' | ')}`);
}

// How many pixels the page is wider than its window; what scrolls sideways must do so inside its own frame.
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

export async function shoot(page, name, fullPage = true) {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage });
}
