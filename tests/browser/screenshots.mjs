// Makes the pictures of docs/images anew from a real hub and a real agent on this machine: tools/screenshots.
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, newPage, settled } from './browser.mjs';
import { signIn, startHub, until, untilJudged } from './hub.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images');
const bytesMax = 250 * 1000;
const size = { width: 1280, height: 800 };
// Every page in the light; these in the dark, too.
const alsoDark = ['home', 'proof', 'logs'];
// Packages that stay unapproved, so that the pictures show both states.
const leftOpen = 12;

if (!process.env.LUY_BIN) throw new Error('LUY_BIN names the folder with luy-hub and luy-agent; see tools/screenshots');

// What a first morning's work leaves: most software approved, one wireless network in the register.
async function firstMorning(api, device) {
  const names = new Set();
  for (let after = ''; ; ) {
    const part = await api.get(`/api/v1/devices/${device.id}/software?state=unapproved&limit=1000${after}`);
    for (const each of part.software) names.add(each.name);
    if (!part.next) break;
    after = `&after=${encodeURIComponent(part.next)}`;
  }
  const products = [...names].slice(leftOpen).map((product) => ({ product }));
  for (let at = 0; at < products.length; at += 1000) {
    await api.post('/api/v1/approvals', { agency: device.agency, products: products.slice(at, at + 1000), note: 'Bản cài chuẩn 2026' });
  }
  await api.post('/api/v1/wifi', { agency: device.agency, ssid: 'UBND tầng 2', security: 'wpa2', key_changed_on: '2026-10-01' });
}

// The newest verdict of a duty, judged or not.
const verdictOf = async (api, obligation) => (await api.get(`/api/v1/verdicts?obligation=${obligation}`)).verdicts[0];

async function pictures(api) {
  const judged = await untilJudged(api);
  const { devices } = await api.get('/api/v1/devices');
  const device = devices[0];
  await firstMorning(api, device);
  await until(async () => (await verdictOf(api, '5.1-software-approval')).reason.vi.includes(String(leftOpen)), 30, 'the new verdict').catch(() => undefined);
  await until(async () => (await verdictOf(api, '5.2-patching')).state !== 'unknown', 60, 'the updates').catch(() => undefined);
  const seq = judged.proof.find((entry) => entry.seq !== null).seq;
  await until(() => api.get(`/api/v1/events/${seq}/proof`).then(() => true, () => false), 30, 'a checkpoint');
  return {
    home: '/?home=leader',
    'home-officer': '/',
    obligation: '/obligations/5.3-antivirus',
    verdict: `/verdicts/5.1-software-approval/${encodeURIComponent(device.id)}`,
    proof: `/proof/${seq}`,
    device: `/devices/${device.id}`,
    logs: '/logs?range=all&q=upgrade',
    software: '/software',
  };
}

const hub = await startHub();
const browser = await launch();
let tooLarge = 0;
try {
  const { state, api } = await signIn(browser, hub);
  const list = await pictures(api);
  mkdirSync(folder, { recursive: true });
  for (const theme of ['light', 'dark']) {
    const { context, page } = await newPage(browser, { base: hub.base, theme, state });
    await page.setViewportSize(size);
    for (const [name, address] of Object.entries(list)) {
      if (theme === 'dark' && !alsoDark.includes(name)) continue;
      await page.goto(address);
      await settled(page);
      if (name === 'logs') await page.locator('.histogram svg').waitFor();
      if (name === 'proof') await page.locator('.proof-verdict').waitFor();
      const path = join(folder, `${name}-${theme}.png`);
      await page.screenshot({ path });
      const bytes = statSync(path).size;
      console.log(`${path} ${Math.ceil(bytes / 1000)} kB`);
      if (bytes > bytesMax) tooLarge += 1;
    }
    await context.close();
  }
} finally {
  await browser.close();
  await hub.stop();
}
if (tooLarge > 0) throw new Error(`${tooLarge} pictures are larger than ${bytesMax} bytes`);
