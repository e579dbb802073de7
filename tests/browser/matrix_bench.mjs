// The town office's first page: 40 agencies, 400 devices, from the console's stand-in for the hub (no network, no hub in the
// figures). Prints the browser's own main-thread time, layout and nodes: `name value unit`. On a busy machine the times grow.
import { launch, newPage, settled } from './browser.mjs';
import { signIn, startHub } from './hub.mjs';

process.env.LUY_MOCK_AGENCIES = '40';
process.env.LUY_BIN = '';
process.env.LUY_BASE_URL = '';

const hub = await startHub();
const browser = await launch();
try {
  const { state, api } = await signIn(browser, hub);
  const overview = await api.get('/api/v1/overview');
  const { page } = await newPage(browser, { base: hub.base, state });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const metrics = async () => Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map((each) => [each.name, each.value]));
  const measure = async (name, act) => {
    const before = await metrics();
    await act();
    const after = await metrics();
    const spent = (key) => ((after[key] - before[key]) * 1000).toFixed(0);
    console.log(`${name}_main_thread ${spent('TaskDuration')} ms`);
    console.log(`${name}_layout ${spent('LayoutDuration')} ms`);
    console.log(`${name}_nodes ${after.Nodes} nodes`);
  };
  console.log(`console_cells ${overview.cells.length} cells`);
  await page.goto('/devices');
  await settled(page);
  await measure('console_home_40_agencies', async () => {
    await page.locator('.menu a[href="/"]').first().click();
    await page.locator('table.matrix').waitFor();
  });
  await measure('console_matrix_all_open', async () => {
    await page.locator('.matrix-corner button').click();
    await page.locator('.matrix-obligation').nth(50).waitFor();
  });
} finally {
  await browser.close();
  await hub.stop();
}
