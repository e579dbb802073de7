// Goal: how the evidence is kept works from end to end on its pages: a term that two people set, the calendar by keyboard, a day with
// what vouches for it, the register of media, copies, disk and witnesses. Method: a real hub; two people with the right, each in a
// browser of their own.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { faults, settled } from './browser.mjs';
import { choose, openDesk, patient, skip } from './desk.mjs';
import { until } from './hub.mjs';

describe('The keeping of evidence', { skip }, () => {
  let desk;
  let hub;
  let tab;
  let api;
  let second;
  const dialog = () => tab.page.getByRole('dialog');
  const button = (name) => tab.page.getByRole('button', { name, exact: true });
  const gone = () => dialog().waitFor({ state: 'hidden', timeout: patient });
  const open = async (address, page = tab.page) => {
    await page.goto(address);
    await settled(page);
  };
  // The day that is open, as the hub names it.
  const today = async () => (await api.get('/api/v1/custody/days')).items[0].day;

  before(async () => {
    desk = await openDesk();
    ({ hub, tab, api } = desk);
    // Acts take two people once two may give roles.
    second = await desk.person('Nguyễn Văn An', 'thutruong', 'agency_head');
    await desk.signedIn(second);
    // What a device sent is in the calendar once the hub has stored it.
    await until(async () => (await api.get('/api/v1/custody/coverage')).items.some((each) => each.days.length > 0), 180, 'the first records of a device');
  });
  after(async () => {
    await desk?.stop();
  });

  it('shows on which day which device sent, by keyboard, as a table, and in a file', async () => {
    const { page } = tab;
    const day = await today();
    await open('/evidence');
    const newest = page.locator(`.cover-of-source a[href^="/evidence/days/${day}"]`);
    await newest.waitFor();
    assert.match(await newest.getAttribute('aria-label'), /bản ghi/, 'what the colour says is said in words');
    assert.equal(await page.locator('.cover a[data-at][tabindex="0"]').count(), 1, 'one stop of the Tab key');
    await page.locator('.cover a[data-at][tabindex="0"]').focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await newest.evaluate((each) => each === document.activeElement), true, 'from the agency to its device');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowRight');
    assert.equal(await newest.evaluate((each) => each === document.activeElement), true);
    assert.deepEqual(await faults(page), []);
    await button('Xem dạng bảng').click();
    await page.locator('tbody th a').first().waitFor();
    assert.match(page.url(), /view=table/, 'what one sees can be sent to a colleague');
    const [file] = await Promise.all([page.waitForEvent('download'), button('Xuất CSV').click()]);
    assert.match(file.suggestedFilename(), /^nhat-ky-tung-ngay-.*\.csv$/);
    assert.deepEqual(await faults(page), []);
  });

  it('opens a day with Enter: its state, who sent what, and where it lies besides', async () => {
    const { page } = tab;
    const day = await today();
    await open('/evidence');
    await page.locator(`.cover-of-source a[href^="/evidence/days/${day}"]`).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === `/evidence/days/${day}` && url.searchParams.has('device'));
    await settled(page);
    await page.getByText('Ngày chưa đóng', { exact: false }).waitFor();
    const { devices } = await api.get('/api/v1/devices');
    await page.getByRole('table', { name: 'Nguồn gửi trong ngày' }).getByRole('link', { name: devices[0].name }).waitFor();
    await page.getByText('Ngày này chưa nằm trên thiết bị lưu nào.').waitFor();
    assert.deepEqual(await faults(page), []);
    await open('/evidence/days/2020-01-01');
    await page.getByText('Máy chủ không có tệp nhật ký của ngày này', { exact: false }).waitFor();
  });

  it('has a term proposed by one, agreed to by another, and in force', async () => {
    const { page } = tab;
    await open('/evidence?tab=terms');
    await page.getByText('Chưa có thời hạn riêng nào', { exact: false }).waitFor();
    await button('Đề nghị thời hạn').click();
    await choose(page, dialog().getByLabel('Loại nguồn'), 'Máy trạm');
    await dialog().getByLabel('Giữ ít nhất (ngày)').fill('10');
    await dialog().getByLabel('Lý do').fill('Nhật ký máy trạm phục vụ điều tra');
    await dialog().getByRole('button', { name: 'Gửi đề nghị' }).click();
    await dialog().getByText('Mức sàn ở đây là 30 ngày.').waitFor();
    await dialog().getByLabel('Giữ ít nhất (ngày)').fill('120');
    await dialog().getByText('Tệp của ngày được giữ 120 ngày thay vì 90 ngày.').waitFor();
    assert.deepEqual(await faults(page), []);
    await dialog().getByRole('button', { name: 'Gửi đề nghị' }).click();
    await dialog().getByText('Việc này cần người thứ hai đồng ý', { exact: false }).waitFor();
    assert.deepEqual((await api.get('/api/v1/custody/retention')).rules, [], 'nothing holds before the second person');
    const other = await desk.enter(second);
    await open('/acts', other.page);
    const card = other.page.getByRole('article').first();
    await card.getByText('Máy trạm', { exact: false }).first().waitFor();
    await card.getByRole('cell', { name: '120' }).waitFor();
    assert.deepEqual(await faults(other.page), []);
    await card.getByRole('button', { name: 'Đồng ý', exact: true }).click();
    await other.page.getByRole('dialog').getByRole('button', { name: 'Đồng ý', exact: true }).click();
    await until(async () => (await api.get('/api/v1/custody/retention')).rules.length === 1, 60, 'the term');
    assert.deepEqual(other.problems, []);
    await other.context.close();
    await dialog().getByRole('button', { name: 'Đóng' }).last().click();
    await gone();
    await open('/evidence?tab=terms');
    const line = page.getByRole('table', { name: 'Thời hạn đã quyết định' }).getByRole('row').nth(1);
    await line.getByText('Nhật ký máy trạm phục vụ điều tra').waitFor();
    // Both who decided, by name.
    await line.getByText('Nguyễn Văn An', { exact: false }).waitFor();
    await page.getByRole('table', { name: 'Thời hạn đang áp dụng' }).getByText('ít nhất 120 ngày').waitFor();
  });

  it('registers a medium by what it is known by, prints its label, and takes it out of use', async () => {
    const { page } = tab;
    await open('/evidence?tab=media');
    await page.getByText('Sổ chưa có thiết bị nào', { exact: false }).waitFor();
    await button('Ghi thiết bị vào sổ').click();
    await dialog().getByLabel('Tên thiết bị').fill('Ổ sao lưu số 1');
    await dialog().getByLabel('Người giữ').fill('Lê Thị Lan');
    await dialog().getByLabel('Nơi để').fill('Két sắt phòng 105');
    await dialog().getByRole('button', { name: 'Ghi thiết bị vào sổ' }).click();
    await dialog().getByText('Nhập số sê-ri, UUID hoặc nhãn', { exact: false }).waitFor();
    await dialog().getByLabel('Số sê-ri').fill('WX12A3456789');
    await dialog().getByRole('button', { name: 'Ghi thiết bị vào sổ' }).click();
    await gone();
    const line = page.locator('tr', { has: page.locator('[data-medium]') });
    await line.getByText('Két sắt phòng 105').waitFor();
    await page.evaluate(() => {
      window.print = () => {
        document.documentElement.dataset.printed = document.querySelector('.print-sheet')?.textContent ?? '';
      };
    });
    await line.getByRole('button', { name: 'In nhãn' }).click();
    await page.waitForFunction(() => (document.documentElement.dataset.printed ?? '').includes('WX12A3456789'));
    assert.deepEqual(await faults(page), []);
    await line.getByRole('button', { name: 'Thôi dùng' }).click();
    await dialog().getByLabel('Lý do').fill('Hỏng đầu đọc');
    await dialog().getByRole('button', { name: 'Thôi dùng' }).click();
    await gone();
    await page.getByText('Không có thiết bị nào khớp bộ lọc.').waitFor();
    await page.getByRole('button', { name: /^Thôi dùng/ }).click();
    await page.getByText('Hỏng đầu đọc', { exact: false }).waitFor();
  });

  it('asks for the erasure of a record from its proof, and says in the hub’s words why an open day refuses', async () => {
    const { page } = tab;
    const found = await until(
      async () => {
        const { events } = await api.get('/api/v1/events?limit=50');
        return events.find((each) => each.agency && each.device);
      },
      120,
      'a record of a device',
    );
    await until(() => api.get(`/api/v1/events/${found.seq}/proof`).then(() => true, () => false), 120, 'a checkpoint over it');
    await open(`/proof/${found.seq}`);
    await button('Đề nghị xóa nội dung').click();
    await dialog().getByText('mã băm (lá) của bản ghi trong cây', { exact: false }).waitFor();
    await dialog().getByRole('alert').getByText('ngày đã khóa', { exact: false }).waitFor();
    assert.equal(await dialog().getByRole('button', { name: 'Đề nghị xóa nội dung' }).isDisabled(), true);
    await dialog().getByRole('button', { name: 'Hủy' }).click();
    await gone();
  });

  it('adds a witness by its own kind of key alone, says why it does not answer, and takes it off the list', async () => {
    const { page } = tab;
    const standing = await api.get('/api/v1/witness');
    await open('/witnesses');
    await page.getByText('Chưa có nhân chứng nào', { exact: false }).waitFor();
    await button('Thêm nhân chứng').click();
    await dialog().getByLabel('Nhân chứng', { exact: true }).fill('Trung tâm giám sát tỉnh');
    await dialog().getByLabel('Địa chỉ nhận mốc ký').fill('https://127.0.0.1:9/api/v1/witness');
    await dialog().getByLabel('Khóa làm chứng của họ').fill(standing.vkey);
    await dialog().getByLabel('Dải mạng cho phép').fill('127.0.0.0/8');
    await dialog().getByRole('button', { name: 'Thêm nhân chứng' }).click();
    await dialog().getByText('Đây là khóa kiểm của một kho', { exact: false }).waitFor();
    await dialog().getByLabel('Khóa làm chứng của họ').fill(standing.witness_vkey);
    await dialog().getByRole('button', { name: 'Thêm nhân chứng' }).click();
    await gone();
    await page.locator('[data-witness]').getByText('Trung tâm giám sát tỉnh').waitFor();
    // Nobody listens there: the page says so in words.
    await until(
      async () => {
        await button('Hỏi ngay').click();
        return (await api.get('/api/v1/witness')).witnesses[0].problem;
      },
      120,
      'the witness that does not answer',
    );
    await open('/witnesses');
    await page.getByRole('row', { name: /Trung tâm giám sát tỉnh/ }).getByText('Không hỏi được nhân chứng', { exact: false }).waitFor();
    assert.deepEqual(await faults(page), []);
    await page.getByRole('row', { name: /Trung tâm giám sát tỉnh/ }).getByRole('button', { name: /^Bỏ/ }).click();
    await dialog().getByText('Đây là nhân chứng cuối cùng', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: 'Bỏ', exact: true }).click();
    await gone();
    await until(async () => (await api.get('/api/v1/witness')).witnesses.length === 0, 60, 'the witness to be gone');
  });

  it('looks right in both themes, on a phone too', async () => {
    const day = await today();
    const found = await desk.judged({
      coverage: '/evidence',
      'coverage-table': '/evidence?view=table',
      'evidence-days': '/evidence?tab=days',
      'evidence-media': '/evidence?tab=media&state=all',
      'evidence-terms': '/evidence?tab=terms',
      'evidence-erasures': '/evidence?tab=erasures',
      'evidence-disk': '/evidence?tab=disk',
      'evidence-day': `/evidence/days/${day}`,
      witnesses: '/witnesses',
    });
    assert.deepEqual(found, []);
    assert.deepEqual(tab.problems, []);
    assert.equal(hub.kind, 'real');
  });
});
