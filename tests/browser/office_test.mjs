// Goal: what an office does beside incidents works from end to end on its pages: notices by official mail and to allowed hosts,
// plans of the network, people from a workbook, a public place. Method: a real hub; a mail server of the test's own on loopback;
// only the clock of the browser is moved.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { faults, newPage, settled } from './browser.mjs';
import { openDesk, patient, skip } from './desk.mjs';
import { newPassword, until } from './hub.mjs';

// Takes mails and keeps them; speaks as little as RFC 5321 asks.
async function mailServer() {
  const mails = [];
  const server = createServer((socket) => {
    const say = (line) => socket.write(`${line}\r\n`);
    let rest = '';
    let letter = null;
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      rest += bytes.toString('utf8');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (letter !== null) {
          if (line !== '.') letter += `${line}\n`;
          else {
            mails.push(letter);
            letter = null;
            say('250 OK');
          }
        } else if (/^DATA/i.test(line)) {
          letter = '';
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say(/^EHLO/i.test(line) ? '250-localhost\r\n250 8BITMIME' : '250 OK');
      }
    });
    say('220 localhost');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { mails, port: server.address().port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

// A picture of one point, as a file.
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=', 'base64');

describe('An office', { skip }, () => {
  let desk;
  let hub;
  let tab;
  let api;
  let agency;
  let post;
  const dialog = () => tab.page.getByRole('dialog');
  const button = (name) => tab.page.getByRole('button', { name, exact: true });
  const gone = () => dialog().waitFor({ state: 'hidden', timeout: patient });
  const open = async (address) => {
    await tab.page.goto(address);
    await settled(tab.page);
  };

  before(async () => {
    desk = await openDesk();
    ({ hub, tab, api, agency } = desk);
    post = await mailServer();
  });
  after(async () => {
    await desk?.stop();
    await post?.stop();
  });

  it('sets up its mail, which goes to official addresses alone, and tries it', async () => {
    const { page } = tab;
    const me = await api.get('/api/v1/me');
    await page.request.patch(`/api/v1/persons/${me.id}`, { headers: { 'X-Luy-Request': '1' }, data: { email: 'quantri@bimson.gov.vn' } });
    await open('/notices');
    assert.equal(await button('Gửi thư thử cho tôi').isDisabled(), true, 'there is no server yet');
    await button('Sửa thiết lập').click();
    await dialog().getByRole('switch', { name: 'Gửi thư' }).click();
    await dialog().getByLabel('Máy chủ SMTP').fill('127.0.0.1');
    await dialog().getByText('Không mã hóa (chỉ máy chủ tại chỗ)').click();
    await dialog().getByLabel('Cổng').fill(String(post.port));
    await dialog().getByLabel('Địa chỉ gửi').fill('luy@bimson.gov.vn');
    await dialog().getByLabel('Tên miền thư công vụ').fill('bimson.gov.vn');
    await dialog().getByLabel('Máy được webhook gọi đến').fill('soc.thanhhoa.gov.vn 10.56.0.0/16');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await gone();
    await page.getByText('soc.thanhhoa.gov.vn').waitFor();
    await button('Gửi thư thử cho tôi').click();
    await page.getByRole('status').getByText('đã nhận thư gửi tới quantri@bimson.gov.vn', { exact: false }).waitFor();
    await until(() => post.mails.some((mail) => /^To: .*quantri@bimson\.gov\.vn/m.test(mail)), 60, 'the mail');
    assert.deepEqual(await faults(page), []);
  });

  it('has a webhook called on an allowed host alone, and is told its secret once', async () => {
    const { page } = tab;
    await open('/notices?tab=webhooks');
    await button('Thêm webhook').click();
    await dialog().getByLabel('Tên', { exact: true }).fill('Trung tâm giám sát tỉnh');
    await dialog().getByLabel('Địa chỉ', { exact: true }).fill('https://hooks.example.org/luy');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    const refused = dialog().getByRole('alert');
    await refused.waitFor();
    assert.match(await refused.innerText(), /hooks\.example\.org/, 'the sentence names the host');
    await dialog().getByLabel('Địa chỉ', { exact: true }).fill('https://soc.thanhhoa.gov.vn/luy');
    await dialog().getByRole('button', { name: 'Lưu' }).click();
    await gone();
    const line = page.locator('[data-webhook]');
    await line.getByText('Chưa có khóa bí mật nên chưa gọi ai.').waitFor();
    await line.getByRole('button', { name: 'Tạo khóa bí mật' }).click();
    await dialog().getByRole('button', { name: 'Tạo khóa bí mật' }).click();
    await dialog().getByText('Chỉ hiện một lần này', { exact: false }).waitFor();
    await dialog().getByRole('button', { name: 'Đóng' }).last().click();
    await gone();
    await line.getByRole('button', { name: 'Đổi khóa bí mật' }).waitFor();
    assert.deepEqual(await faults(page), []);
  });

  it('lets everybody choose by keyboard what comes at once and what once a day', async () => {
    const { page } = tab;
    await open('/account');
    await page.getByText('Gửi đến quantri@bimson.gov.vn.').waitFor();
    const choices = page.locator('[data-kind=verdict]');
    const chosen = choices.getByRole('radio', { checked: true });
    await chosen.focus();
    await page.keyboard.press('ArrowRight');
    const how = await until(
      async () => {
        const { items } = await api.get('/api/v1/me/notices');
        return items.find((each) => each.kind === 'verdict').how;
      },
      60,
      'the choice',
    );
    await choices.getByRole('radio', { name: { at_once: 'Ngay', digest: 'Gộp mỗi ngày', none: 'Không gửi' }[how], checked: true }).waitFor();
    assert.equal(await page.locator('[data-kind=break_glass]').getByRole('radio').count(), 0, 'that one cannot be switched off');
  });

  it('keeps every version of its network plan, and shows the one in force', async () => {
    const { page } = tab;
    await open(`/agencies/${agency}`);
    const add = async (name, note, bytes) => {
      await button('Lưu sơ đồ mới').click();
      await dialog().getByLabel('Tệp sơ đồ (PDF hoặc PNG)').setInputFiles({ name: 'so-do.docx', mimeType: 'application/msword', buffer: Buffer.alloc(8) });
      await dialog().getByText('Không nhận tệp so-do.docx', { exact: false }).waitFor();
      await dialog().getByLabel('Tệp sơ đồ (PDF hoặc PNG)').setInputFiles({ name, mimeType: 'image/png', buffer: bytes });
      await dialog().getByText(name).waitFor();
      await dialog().getByLabel('Ghi chú').fill(note);
      await dialog().getByRole('button', { name: 'Lưu sơ đồ mới' }).click();
    };
    await add('so-do-2025.png', 'Trước khi thay tường lửa', png);
    await gone();
    await page.locator('[data-plan="1"]').getByText('(đang dùng)').waitFor();
    // The same picture again is no new version, and the window says so.
    await add('so-do-2026.png', 'Nhầm tệp', png);
    await dialog().getByRole('alert').waitFor();
    await dialog().getByRole('button', { name: 'Hủy' }).click();
    await gone();
    await add('so-do-2026.png', 'Sau khi thay tường lửa', Buffer.concat([png, Buffer.alloc(1)]));
    await gone();
    await page.locator('[data-plan="2"]').getByText('(đang dùng)').waitFor();
    assert.equal(await page.locator('[data-plan="1"]').getByText('(đang dùng)').count(), 0);
    await page.locator('[data-plan="1"]').getByRole('button', { name: /^Xem/ }).click();
    await page.getByRole('img', { name: 'Sơ đồ mạng bản 1' }).waitFor();
    assert.deepEqual(await faults(page), []);
  });

  it('sees what a workbook of people would do before anything is done', async () => {
    const { page } = tab;
    const before = (await api.get('/api/v1/persons')).items.length;
    const { xlsx } = await api.get('/api/v1/persons/sheet?format=xlsx');
    await open('/persons/import');
    const input = page.locator('input[type=file]');
    await input.setInputFiles({ name: 'nhan-su.xls', mimeType: 'application/vnd.ms-excel', buffer: Buffer.alloc(8) });
    await page.getByRole('alert').getByText('Không nhận tệp nhan-su.xls', { exact: false }).waitFor();
    await input.setInputFiles({ name: 'nhan-su.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from(xlsx, 'base64') });
    await button('Xem trước').click();
    await page.getByRole('status').getByText(`không đổi ${before}`, { exact: false }).waitFor();
    assert.equal(await button('Nhận vào hệ thống').isDisabled(), true, 'nothing would change');
    await button('Bỏ tệp này').click();
    const code = (await api.get('/api/v1/agencies')).agencies[0].code;
    const sheet = (who) => `id,name,agency,position,email,phone,since\n,${who},${code},Văn thư,,,\n`;
    await page.getByLabel('Hoặc dán nội dung').fill(`${sheet('Đỗ Thị Mai')},Nguyễn Văn Ba,KHONG-CO,,,,\n`);
    await button('Xem trước').click();
    await page.locator('.sheet-refused').waitFor();
    assert.equal(await button('Nhận vào hệ thống').isDisabled(), true, 'one wrong line, none is taken');
    await page.getByLabel('Hoặc dán nội dung').fill(sheet('Đỗ Thị Mai'));
    await button('Xem trước').click();
    await page.getByRole('status').getByText('Thêm 1', { exact: false }).waitFor();
    assert.equal((await api.get('/api/v1/persons')).items.length, before, 'a preview changes nothing');
    await button('Nhận vào hệ thống').click();
    await page.getByRole('heading', { name: 'Đã nhận vào hệ thống' }).waitFor();
    await until(async () => (await api.get('/api/v1/persons')).items.length === before + 1, 60, 'the new person');
    assert.deepEqual(await faults(page), []);
  });

  it('locks the page in a public place when nobody touches it', async () => {
    const who = await desk.person('Trịnh Văn Lâm', 'lam.tv', 'staff');
    await desk.signedIn(who);
    const { context, page } = await newPage(desk.browser, { base: hub.base });
    await page.clock.install();
    await page.goto('/');
    await page.getByLabel('Tên đăng nhập').fill(who.username);
    await page.getByLabel('Mật khẩu', { exact: true }).fill(newPassword);
    await page.getByRole('checkbox', { name: /nơi công cộng/ }).check();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Trang của tôi' }).waitFor();
    await page.clock.fastForward('04:30');
    const warned = page.getByRole('dialog');
    await warned.getByText('Phiên làm việc sắp hết hạn').waitFor();
    assert.deepEqual(await faults(page), []);
    await warned.getByRole('button', { name: 'Làm việc tiếp' }).click();
    await warned.waitFor({ state: 'hidden' });
    assert.equal((await context.request.get('/api/v1/session')).status(), 200);
    await page.clock.fastForward('05:10');
    await page.getByRole('button', { name: 'Đăng nhập', exact: true }).waitFor();
    assert.equal((await context.request.get('/api/v1/session')).status(), 401, 'the hub has ended it, too');
    await context.close();
  });
});
