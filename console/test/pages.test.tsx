// @vitest-environment jsdom
// Goal: every page draws what the contract gives, in both languages, without an error; whom the hub refuses is led to the
// right door. Method: the routes over the mock's answers, no browser and no network.
import { QueryClientProvider } from '@tanstack/react-query';
import { cleanup, configure, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router-dom';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCaches } from '~/app/caches';
import { routes } from '~/app/routes';
import { ThemeProvider } from '~/app/theme';
import { chooseLanguage, startLanguage } from '~/i18n';
import { Hub } from '../mock/hub';

// A busy machine draws a page slowly; only what never comes fails.
configure({ asyncUtilTimeout: 45_000 });

let hub: Hub;
let cookie: string | undefined;
const errors: unknown[] = [];

async function answer(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const text = await request.text();
  const answer = hub.answer({
    method: request.method,
    path: url.pathname,
    query: url.searchParams,
    marked: request.headers.get('X-Luy-Request') === '1',
    token: cookie,
    body: text ? JSON.parse(text) : null,
  });
  const set = answer.headers?.['Set-Cookie'];
  if (set) cookie = /luy_mock=([^;]+)/.exec(set)?.[1];
  return new Response(answer.text ?? (answer.body === undefined ? null : JSON.stringify(answer.body)), {
    status: answer.status,
    headers: { 'Content-Type': 'application/json' },
  });
}

const get = async (path: string) => (await answer(new Request(`http://localhost${path}`))).json();
const post = (path: string, body: object) =>
  answer(
    new Request(`http://localhost${path}`, {
      method: 'POST',
      headers: { 'X-Luy-Request': '1' },
      body: JSON.stringify(body),
    }),
  );

async function signIn(): Promise<void> {
  await post('/api/v1/session', { username: hub.username, password: hub.password });
  await post('/api/v1/session/password', { current: hub.password, new: 'trâu chậm uống nước đục' });
}

function open(path: string) {
  const router = createMemoryRouter(routes, { initialEntries: [path] });
  render(
    <QueryClientProvider client={createCaches()}>
      <ThemeProvider>
        <RouterProvider router={router} future={{ v7_startTransition: true }} />
      </ThemeProvider>
    </QueryClientProvider>,
  );
  return router;
}

beforeAll(() => startLanguage());
beforeEach(() => {
  hub = new Hub(2);
  cookie = undefined;
  errors.length = 0;
  vi.stubGlobal('fetch', (request: Request) => answer(request));
  vi.stubGlobal(
    'EventSource',
    class extends EventTarget {
      readyState = 0;
      close() {}
    },
  );
  vi.spyOn(console, 'error').mockImplementation((...text) => void errors.push(text));
});
afterEach(cleanup);

const pages: [string, string | RegExp][] = [
  ['/', 'Việc cần làm'],
  ['/?home=leader', 'Tình hình chấp hành quy chế'],
  ['/obligations', 'Nghĩa vụ'],
  ['/obligations/5.2-patching', 'Theo dõi, cập nhật bản vá bảo mật'],
  ['/obligations/9.9-none', '9.9-none'],
  ['/verdicts?state=violated', 'Kết luận'],
  ['/verdicts/5.2-patching/DEVICE', 'Theo dõi, cập nhật bản vá bảo mật'],
  ['/proof/3', 'Chứng cứ của bản ghi số 3'],
  ['/proof/x', 'Chứng cứ'],
  ['/devices', 'Thiết bị'],
  ['/devices/DEVICE', 'vanthu-01'],
  ['/devices/DEVICE?tab=timeline', 'vanthu-01'],
  ['/devices/DEVICE?tab=software', 'vanthu-01'],
  ['/devices/DEVICE?tab=verdicts', 'vanthu-01'],
  ['/devices/enrol', 'Thêm thiết bị'],
  ['/senders', 'Nguồn gửi nhật ký'],
  ['/senders?state=approved', 'Nguồn gửi nhật ký'],
  ['/senders?state=refused', 'Nguồn gửi nhật ký'],
  ['/logs?values=source.ip', 'Nhật ký'],
  ['/logs?q=%28a', 'Nhật ký'],
  ['/checkpoints', 'Mốc ký và khóa'],
  ['/searches', 'Câu tìm đã lưu'],
  ['/software', 'Phần mềm'],
  ['/software?tab=catalogue', 'Phần mềm'],
  ['/wifi', 'Mạng không dây'],
  ['/agencies', 'Cơ quan'],
  ['/agencies/reorganise', 'Sắp xếp lại'],
  ['/agencies/import', 'Nhập từ bảng tính'],
  ['/agencies/none', 'Cơ quan'],
  ['/agencies/AGENCY', 'Văn phòng HĐND&UBND thị xã Bỉm Sơn'],
  ['/agencies/AGENCY?day=2025-06-30', 'Văn phòng HĐND&UBND thị xã Bỉm Sơn'],
  ['/?home=staff', 'Việc cần làm'],
  ['/audit', 'Nhật ký thao tác'],
  ['/acts', 'Chờ phê duyệt'],
  ['/people', 'Người dùng'],
  ['/people/none', 'Người dùng'],
  ['/persons', 'Nhân sự'],
  ['/persons/PERSON', 'Nguyễn Thị Hòa'],
  ['/persons/none', 'Nhân sự'],
  ['/persons/import', 'Nhập danh sách nhân sự'],
  ['/device-accounts?problem=ownerless', 'Tài khoản trên máy'],
  ['/reviews', 'Rà soát quyền'],
  ['/reviews/REVIEW', 'RS-2026-002'],
  ['/reviews/none', 'Rà soát quyền'],
  ['/leaves', 'Thôi việc, chuyển công tác'],
  ['/leaves?overdue=true', 'Thôi việc, chuyển công tác'],
  ['/leaves/LEAVE', 'Lê Thị Thu Hương'],
  ['/leaves/none', 'Thôi việc, chuyển công tác'],
  ['/commitments', 'Cam kết và tập huấn'],
  ['/commitments?tab=missing', 'Cam kết và tập huấn'],
  ['/commitments?tab=appointments', 'Cam kết và tập huấn'],
  ['/commitments?tab=trainings', 'Cam kết và tập huấn'],
  ['/commitments?tab=texts', 'Cam kết và tập huấn'],
  ['/commitments/sign', 'Cam kết của tôi'],
  ['/emergency', 'Báo động và niêm phong'],
  ['/sources', 'Nguồn đăng nhập'],
  ['/sources/SOURCE', 'Tài khoản máy tính cơ quan'],
  ['/sources/none', 'Nguồn đăng nhập'],
  ['/provider-requests', 'Yêu cầu đơn vị cung cấp'],
  ['/provider-requests?overdue=1', 'Yêu cầu đơn vị cung cấp'],
  ['/provider-requests/REQUEST', 'YC-2026-0002 · Viettel Thanh Hóa'],
  ['/provider-requests/none', 'Yêu cầu'],
  ['/own-requests/REQUEST', 'YC-2026-0002'],
  ['/audit?type=account', 'Nhật ký thao tác'],
  ['/notices', 'Thông báo ra ngoài'],
  ['/notices?tab=webhooks', 'Thông báo ra ngoài'],
  ['/notices?tab=sent&state=failed', 'Thông báo ra ngoài'],
  ['/account', 'Tài khoản của tôi'],
  ['/evidence', 'Lưu giữ chứng cứ'],
  ['/nowhere', 'Không có trang này'],
];

describe('Every page', () => {
  it.each(pages)('%s has its title, its data and no error', async (path, title) => {
    await signIn();
    // The first of each kind, where an address names one.
    const firstOf = async (list: string) =>
      (((await get(`/api/v1/${list}`)) as { items: { id: string }[] }).items[0]?.id ?? '') as string;
    const { devices } = (await get('/api/v1/devices')) as { devices: { id: string }[] };
    const { agencies } = (await get('/api/v1/agencies')) as { agencies: { id: string }[] };
    open(
      path
        .replace('DEVICE', devices[0]?.id ?? '')
        .replace('AGENCY', agencies[0]?.id ?? '')
        .replace('PERSON', await firstOf('persons'))
        .replace('LEAVE', await firstOf('leaves'))
        .replace('REVIEW', await firstOf('reviews'))
        .replace('REQUEST', await firstOf('provider-requests'))
        .replace('SOURCE', await firstOf('sources')),
    );
    await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(title), {
      timeout: 45_000,
    });
    await waitFor(() => expect(document.querySelector('.skeleton')).toBeNull(), { timeout: 45_000 });
    expect(screen.queryByText(/ngoài dự kiến|lỗi của chương trình/)).toBeNull();
    expect(document.title).toBe(`${title} · Lũy`);
    expect(errors).toEqual([]);
  });
});

describe('The doors', () => {
  it('lead the unknown to the sign-in page and remember where they wanted to go', async () => {
    const router = open('/devices?q=a');
    await screen.findByRole('button', { name: 'Đăng nhập' });
    expect(router.state.location.pathname + router.state.location.search).toBe(
      `/sign-in?next=${encodeURIComponent('/devices?q=a')}`,
    );
  });

  it('refuse a wrong password in a sentence', async () => {
    open('/sign-in');
    fireEvent.change(await screen.findByLabelText('Tên đăng nhập'), { target: { value: 'quantri' } });
    fireEvent.change(screen.getByLabelText('Mật khẩu'), { target: { value: 'sai' } });
    fireEvent.click(screen.getByRole('button', { name: 'Đăng nhập' }));
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Tên đăng nhập hoặc mật khẩu không đúng.',
    );
  });

  it('let nobody work with an issued password, and quote the regulation', async () => {
    await post('/api/v1/session', { username: hub.username, password: hub.password });
    const router = open('/devices');
    await screen.findByRole('heading', { level: 1, name: 'Đổi mật khẩu' });
    expect(router.state.location.pathname).toBe('/password');
    expect(screen.getByText(/Ngay sau khi được cấp tài khoản/)).toBeTruthy();
    const change = screen.getByRole('button', { name: 'Đổi mật khẩu' });
    expect(change).toHaveProperty('disabled', true);
    const fill = (label: string, value: string) =>
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    fill('Mật khẩu hiện tại', hub.password);
    fill('Mật khẩu mới', 'trâu chậm uống nước đục');
    fill('Nhập lại mật khẩu mới', 'trâu chậm uống nước đục');
    await waitFor(() => expect(change).toHaveProperty('disabled', false));
    fireEvent.click(change);
    await screen.findByRole('heading', { level: 1, name: 'Việc cần làm' }, { timeout: 45_000 });
  });

  it('close when the hub ends the session', async () => {
    await signIn();
    const router = open('/wifi');
    await screen.findByRole('heading', { level: 1, name: 'Mạng không dây' }, { timeout: 45_000 });
    await screen.findAllByText('UBND-TX-BimSon');
    cookie = undefined;
    await router.navigate('/evidence');
    await screen.findByRole('button', { name: 'Đăng nhập' }, { timeout: 45_000 });
    expect(router.state.location.search).toBe('?next=%2Fevidence');
  });
});

describe('The proof page', () => {
  it('finds by itself that the record is intact', async () => {
    await signIn();
    open('/proof/40');
    await waitFor(
      () => expect(document.querySelector('[data-outcome]')?.getAttribute('data-outcome')).toBe('match'),
      {
        timeout: 45_000,
      },
    );
    expect(document.querySelectorAll('.step-outcome[data-outcome=match]')).toHaveLength(5);
  });
});

describe('English', () => {
  it('reaches every word of the home page', async () => {
    await signIn();
    await chooseLanguage('en');
    open('/?home=leader');
    await screen.findByRole('heading', { level: 1, name: 'How the regulation is kept' }, { timeout: 45_000 });
    await waitFor(() => expect(document.querySelector('.skeleton')).toBeNull(), { timeout: 45_000 });
    expect(screen.getAllByText('Violated').length).toBeGreaterThan(0);
    expect(document.documentElement.lang).toBe('en');
    await chooseLanguage('vi');
  });
});
