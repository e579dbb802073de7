// Goal: what machines are to do by themselves is set on its pages and reaches them: a backup set, the weekly scan (what protects less
// by two people), signatures handed out by the hub, a link and its notice. Method: a real hub with the agent of this machine.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { faults, settled } from './browser.mjs';
import { choose, openDesk, patient, skip } from './desk.mjs';
import { until } from './hub.mjs';

describe('Settings of machines', { skip }, () => {
  let desk;
  let tab;
  let api;
  let device;
  let second;
  const dialog = () => tab.page.getByRole('dialog');
  const field = (label) => dialog().getByLabel(label, { exact: true });
  const button = (name) => tab.page.getByRole('button', { name, exact: true });
  const send = (name) => dialog().getByRole('button', { name, exact: true }).click();
  const gone = () => dialog().waitFor({ state: 'hidden', timeout: patient });
  const open = async (address) => {
    await tab.page.goto(address);
    await settled(tab.page);
  };
  const settings = () => api.get(`/api/v1/agencies/${desk.agency}/device-settings`);

  before(async () => {
    desk = await openDesk();
    ({ tab, api } = desk);
    second = await desk.person('Nguyễn Văn An', 'thutruong', 'agency_head');
    await desk.signedIn(second);
    device = (await api.get('/api/v1/devices')).devices[0];
  });
  after(async () => {
    await desk?.stop();
  });

  it('has a set of backups added, refused where it says too little, changed, and seen at its machine', async () => {
    const { page } = tab;
    await open('/backups?tab=plan');
    await button('Thêm bộ sao lưu').click();
    await field('Bộ dữ liệu').fill('Văn bản đi, đến');
    await field('Thư mục, tệp').fill('srv/van-ban');
    await field('Lý do').fill('Điều 5.5 Quy chế');
    await send('Thêm bộ sao lưu');
    await dialog().getByText('Cần ít nhất một đường dẫn bắt đầu bằng dấu /.').waitFor();
    await dialog().getByText('Cần ít nhất một nơi lưu.').waitFor();
    await field('Thư mục, tệp').fill('/srv/van-ban');
    await field('Thư mục lưu trên máy').fill('/mnt/sao-luu');
    await send('Thêm bộ sao lưu');
    await dialog().getByRole('alert').waitFor();
    await field('Bộ dữ liệu').fill('Văn bản');
    await send('Thêm bộ sao lưu');
    await dialog().getByText('Đã lưu. Máy nhận khi liên lạc lần tới.').waitFor();
    assert.deepEqual(await faults(page), []);
    await dialog().getByRole('button', { name: 'Đóng' }).last().click();
    await gone();
    const { sections, origins } = await settings();
    assert.deepEqual(sections.backup.sets.map((each) => [each.name, each.kind, each.paths, each.targets]), [
      ['Văn bản', 'files', ['/srv/van-ban'], [{ kind: 'disk', path: '/mnt/sao-luu', media: [] }]],
    ]);
    assert.equal(origins.backup.reason, 'Điều 5.5 Quy chế');
    const line = page.getByRole('row', { name: /Văn bản/ });
    await line.getByRole('button', { name: 'Sửa' }).click();
    await field('Mỗi … ngày').fill('1');
    await field('Lý do').fill('Sao lưu hằng ngày');
    await send('Sửa');
    await dialog().getByText('Đã lưu. Máy nhận khi liên lạc lần tới.').waitFor();
    assert.equal((await settings()).sections.backup.sets[0].every_days, 1);
    await open(`/devices/${device.id}?tab=backups`);
    await page.getByRole('cell', { name: '/mnt/sao-luu' }).waitFor();
    assert.deepEqual(await faults(page), []);
  });

  it('lets one person not take the set away', async () => {
    const { page } = tab;
    await open('/backups?tab=plan');
    await page.getByRole('row', { name: /Văn bản/ }).getByRole('button', { name: 'Bỏ' }).click();
    await field('Lý do').fill('Không dùng nữa');
    await send('Bỏ');
    await dialog().getByText('Việc này cần người thứ hai đồng ý', { exact: false }).waitFor();
    assert.equal((await settings()).sections.backup.sets.length, 1);
    const other = await desk.enter(second);
    await other.page.goto('/acts');
    await settled(other.page);
    await other.page.getByRole('article').first().getByText('Không dùng nữa', { exact: false }).first().waitFor();
    assert.deepEqual(other.problems, []);
    await other.context.close();
  });

  it('sets the weekly scan, and for a machine apart', async () => {
    const { page } = tab;
    await open('/antivirus?tab=settings');
    await button('Thiết lập').click();
    await choose(page, field('Bắt đầu vào'), 'Thứ Sáu');
    await field('Phần thời gian quét (%)').fill('60');
    await field('Lý do').fill('Họp giao ban chiều thứ Tư');
    await send('Thiết lập');
    await dialog().getByText('Đã lưu. Máy nhận khi liên lạc lần tới.').waitFor();
    const { antivirus } = (await settings()).sections;
    assert.deepEqual([antivirus.weekday, antivirus.busy_percent], [5, 60]);
    await open(`/devices/${device.id}?tab=antivirus`);
    await page.getByText('Thứ Sáu,', { exact: false }).first().waitFor();
    await until(async () => (await api.get(`/api/v1/devices/${device.id}/settings`)).policy.state === 'held', 120, 'the machine to hold the policy');
    assert.deepEqual(await faults(page), []);
  });

  it('refuses what is no database, and hands a list out until it is withdrawn', async () => {
    const { page } = tab;
    const folder = mkdtempSync(join(tmpdir(), 'luy-signatures-'));
    try {
      const file = join(folder, 'daily.cvd');
      writeFileSync(file, `ClamAV-VDB:${'x'.repeat(600)}`);
      await open('/antivirus?tab=sets');
      await button('Nhập cơ sở dữ liệu').first().click();
      await dialog().locator('input[type=file]').setInputFiles(file);
      await send('Nhập cơ sở dữ liệu');
      await dialog().getByRole('alert').waitFor();
      assert.deepEqual((await api.get('/api/v1/signature_sets')).items, [], 'nothing is handed out');
      await send('Hủy');
      await gone();
    } finally {
      rmSync(folder, { recursive: true });
    }
    await button('Thêm danh sách riêng').click();
    await choose(page, field('Cơ quan'), 'Bỉm Sơn');
    await field('Tên danh sách').fill('Mã độc giả giấy mời họp');
    await field('Nguồn cung cấp').fill('Công an tỉnh');
    await field('Lý do').fill('Công văn 311/CAT-ANM');
    await field('Nội dung').fill('không phải mã băm');
    await send('Thêm danh sách riêng');
    await dialog().getByText('Danh sách mẫu sai cú pháp', { exact: false }).waitFor();
    await field('Nội dung').fill('d41d8cd98f00b204e9800998ecf8427e:5:Luy.GiayMoi');
    await send('Thêm danh sách riêng');
    await gone();
    const line = page.getByRole('row', { name: /Mã độc giả giấy mời họp/ });
    await line.getByText('Công an tỉnh', { exact: false }).waitFor();
    assert.deepEqual(await faults(page), []);
    await line.getByRole('button', { name: 'Ngừng phát' }).click();
    await field('Lý do').fill('Đã có trong daily');
    await send('Ngừng phát');
    await gone();
    await page.getByRole('table', { name: 'Không còn phát' }).getByText('Đã có trong daily', { exact: false }).waitFor();
    assert.deepEqual((await api.get('/api/v1/signature_sets')).items, []);
  });

  it('enters a link and drafts the notice of it', async () => {
    const { page } = tab;
    await open('/network?tab=lines');
    await button('Thêm đường truyền').first().click();
    await choose(page, field('Cơ quan'), 'Bỉm Sơn');
    await field('Tên đường truyền').fill('Cáp quang tầng 1');
    await send('Lưu');
    await gone();
    const line = page.getByRole('row', { name: /Cáp quang tầng 1/ });
    const [file] = await Promise.all([page.waitForEvent('download'), line.getByRole('button', { name: 'Dự thảo thông báo (PDF)' }).click()]);
    assert.equal(file.suggestedFilename(), 'thong-bao-duong-truyen.pdf');
    assert.deepEqual(await faults(page), []);
  });

  it('made no error in the browser', () => {
    assert.deepEqual(tab.problems, []);
  });
});
