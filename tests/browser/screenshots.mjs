// Makes the pictures of docs/images anew from a real hub and a real agent on this machine: tools/screenshots.
import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newPage, settled } from './browser.mjs';
import { headers, openDesk } from './desk.mjs';
import { until, untilJudged } from './hub.mjs';
import { issuedPaper } from './papers.mjs';

const folder = process.env.LUY_IMAGES ?? join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'images');
const bytesMax = 250 * 1000;
const size = { width: 1280, height: 800 };
// Every page in the light but these, which are shown in the dark.
const dark = ['logs'];
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

// A town on a working day: agencies, people with their roles, a case whose clocks run, a paper that waits for its signature, a
// report nobody has received yet, somebody who leaves on Friday.
async function workingDay(desk, device) {
  const { api, agency } = desk;
  const units = [
    ['P-BIMSON', 'Ủy ban nhân dân phường Bỉm Sơn'],
    ['P-QUANGTRUNG', 'Ủy ban nhân dân phường Quang Trung'],
    ['P-VHTT', 'Phòng Văn hóa và Thông tin'],
  ];
  for (const [code, name] of units) await api.post('/api/v1/agencies', { code, name, superior: agency });
  const officer = await desk.person('Trần Văn Nam', 'nam.tv', 'security_officer');
  const staff = await desk.person('Lê Thị Hoa', 'hoa.lt', 'staff');
  const leaver = await desk.person('Đỗ Văn Khánh', 'khanh.dv', 'staff');
  const head = await desk.person('Nguyễn Văn An', 'an.nv', 'agency_head');
  const accounts = (await api.get('/api/v1/accounts')).accounts;
  const personOf = (who) => accounts.find((each) => each.id === who.id).person.id;
  const at = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const day = (days) => at(24 * days + 7).slice(0, 10);
  await api.post('/api/v1/appointments', { agency, person: personOf(officer), decision: '215/QĐ-UBND', day: day(-200) });
  await api.post('/api/v1/trainings', { persons: [personOf(officer), personOf(staff)], topic: 'Nhận biết thư lừa đảo', day: day(-30), hours: 8, by: 'Sở Khoa học và Công nghệ' });
  await desk.tab.page.request.patch(`/api/v1/devices/${device.id}`, { headers, data: { person_id: personOf(staff), place: 'Phòng 203' } });
  await api.post('/api/v1/leaves', { person: personOf(leaver), kind: 'leave', last_day: day(3), reason: 'Nghỉ hưu' });
  const incident = await api.post('/api/v1/incidents', {
    agency,
    title: 'Trang thông tin điện tử bị thay đổi giao diện',
    discovered_at: at(-2),
    classification: { kind: 'defacement', properties: ['integrity'], personal_data: false },
  });
  await issuedPaper(api, incident.id, 'bao-cao-ban-dau', { measures: ['antivirus'] });
  const { signs } = await api.get('/api/v1/reports/form');
  await api.post('/api/v1/reports', { agency, sign: signs[0].id, what: 'Máy hiện thông báo đòi tiền chuộc', where: 'Phòng 105', seen_at: at(-0.5), reporter: 'Phạm Thu Hà' });
  for (const who of [officer, staff, head]) await desk.signedIn(who);
  return { officer, staff, head, incident };
}

// The newest verdict of a duty, judged or not.
const verdictOf = async (api, obligation) => (await api.get(`/api/v1/verdicts?obligation=${obligation}`)).verdicts[0];

async function pictures(desk) {
  const { api } = desk;
  const judged = await untilJudged(api);
  const { devices } = await api.get('/api/v1/devices');
  const device = devices[0];
  await firstMorning(api, device);
  const { officer, staff, head } = await workingDay(desk, device);
  await until(async () => (await verdictOf(api, '5.1-software-approval')).reason.vi.includes(String(leftOpen)), 30, 'the new verdict').catch(() => undefined);
  await until(async () => (await verdictOf(api, '5.2-patching')).state !== 'unknown', 60, 'the updates').catch(() => undefined);
  const seq = judged.proof.find((entry) => entry.seq !== null).seq;
  await until(() => api.get(`/api/v1/events/${seq}/proof`).then(() => true, () => false), 60, 'a checkpoint');
  return [
    ['home-leader', head, '/'],
    ['home-officer', officer, '/'],
    ['home-staff', staff, '/'],
    ['verdict', officer, `/verdicts/5.1-software-approval/${encodeURIComponent(device.id)}`],
    ['proof', officer, `/proof/${seq}`],
    ['device', officer, `/devices/${device.id}`],
    ['logs', officer, '/logs?range=all&q=upgrade'],
    ['software', officer, '/software'],
  ];
}

// Every picture of the list; how many are larger than they may be.
async function take(desk, list) {
  let tooLarge = 0;
  for (const [name, who, address] of list) {
    const theme = dark.includes(name) ? 'dark' : 'light';
    const { context, page } = await newPage(desk.browser, { base: desk.hub.base, state: who.state, theme });
    await page.setViewportSize(size);
    await page.goto(address);
    await settled(page);
    if (name === 'logs') await page.locator('.histogram svg').waitFor();
    if (name === 'proof') await page.locator('.proof-verdict').waitFor();
    const path = join(folder, `${name}-${theme}.png`);
    await page.screenshot({ path });
    const bytes = statSync(path).size;
    console.log(`${path} ${Math.ceil(bytes / 1000)} kB`);
    if (bytes > bytesMax) tooLarge += 1;
    await context.close();
  }
  return tooLarge;
}

const desk = await openDesk();
let tooLarge = 0;
try {
  const list = await pictures(desk);
  mkdirSync(folder, { recursive: true });
  tooLarge = await take(desk, list);
} finally {
  await desk.stop();
}
if (tooLarge > 0) throw new Error(`${tooLarge} pictures are larger than ${bytesMax} bytes`);
