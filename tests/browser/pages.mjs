// The addresses of every page, on this hub's own data.
export async function addresses(api, verdict) {
  const seq = verdict.proof.find((entry) => entry.seq !== null)?.seq ?? 0;
  const subject = encodeURIComponent(verdict.subject.id);
  const { devices } = await api.get('/api/v1/devices');
  const device = devices[0]?.id;
  const { accounts } = await api.get('/api/v1/accounts');
  return {
    home: '/',
    'home-leader': '/?home=leader',
    account: '/account',
    people: '/people',
    person: `/people/${accounts[0]?.id}`,
    acts: '/acts',
    audit: '/audit',
    obligations: '/obligations',
    obligation: '/obligations/5.2-patching',
    verdicts: '/verdicts?state=violated',
    verdict: `/verdicts/${verdict.obligation}/${subject}`,
    'verdict-drawer': `/obligations/${verdict.obligation}?open=${encodeURIComponent(`${verdict.obligation}/${verdict.subject.id}`)}`,
    proof: `/proof/${seq}`,
    devices: '/devices',
    device: `/devices/${device}`,
    'device-verdicts': `/devices/${device}?tab=verdicts`,
    'device-software': `/devices/${device}?tab=software`,
    'device-timeline': `/devices/${device}?tab=timeline`,
    'device-orders': `/devices/${device}?tab=orders`,
    enrol: '/devices/enrol',
    logs: '/logs?range=all',
    tail: '/logs?range=all&tail=1',
    'nothing-found': '/logs?range=1h&q=process.name%3Akhong-co',
    software: '/software',
    catalogue: '/software?tab=catalogue',
    wifi: '/wifi',
    agencies: '/agencies',
    agency: `/agencies/${accounts[0]?.agency}`,
    reorganise: '/agencies/reorganise',
    'agency-import': '/agencies/import',
    evidence: '/evidence',
    holds: '/holds',
    'town-office': '/town-office',
    incidents: '/incidents',
    'staff-reports': '/staff-reports',
    warnings: '/warnings?all=1',
    'inbound-warnings': '/inbound-warnings',
    contacts: '/contacts',
    'office-papers': '/papers',
    systems: '/systems',
    forms: '/forms',
    form: '/forms/bien-ban-tu-xu-ly',
    'signature-trust': '/signature-trust',
    'incident-measures': '/incident-measures',
    missing: '/khong-co',
  };
}

export const signedOut = { 'sign-in': '/sign-in', report: '/bao-su-co', 'report-follow': '/bao-su-co/theo-doi' };

// What opens over a page, and how; `home` and the rest are addresses() of this hub.
export function overlays(list) {
  const byName = (role, name) => async (page) => {
    await page.getByRole(role, { name }).first().click();
    await page.getByRole('dialog').waitFor();
  };
  return {
    palette: {
      address: list.devices,
      open: async (page) => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type('mat khau');
        await page.locator('.palette [role=option]').first().waitFor();
      },
    },
    account: {
      address: list.home,
      open: async (page) => {
        await page.locator('.user-button').click();
        await page.getByRole('menuitem').first().waitFor();
      },
    },
    'search-help': {
      address: list.logs,
      open: async (page) => {
        await page.locator('.logs-filters > button').first().click();
        await page.locator('.search-help').waitFor();
      },
    },
    'event-open': {
      address: list.logs,
      open: async (page) => {
        await page.locator('button.event').first().click();
        await page.locator('.event-detail').waitFor();
      },
    },
    approve: {
      address: list.software,
      open: async (page) => {
        await page.locator('tbody input[type=checkbox]').first().check();
        await page.locator('.filters button').last().click();
        await page.getByRole('dialog').waitFor();
      },
    },
    'device-edit': { address: list.device, open: byName('button', /^(Sửa thông tin|Edit)$/) },
    'wifi-register': { address: list.wifi, open: byName('button', /^(Ghi sổ mạng không dây|Register a wireless network)$/) },
    'account-issue': { address: list.people, open: byName('button', /^(Cấp tài khoản|Issue an account)$/) },
    'role-hand-over': { address: list.account, open: byName('button', /^(Giao quyền|Hand over a role)$/) },
    'codes-renew': { address: list.account, open: byName('button', /^(Cấp mã mới|New codes)$/) },
    'audit-entry': {
      address: list.audit,
      open: async (page) => {
        await page.locator('tr.table-open').first().click();
        await page.locator('.ant-drawer .facts').waitFor();
      },
    },
    'incident-open': { address: list.incidents, open: byName('button', /^(Mở vụ sự cố|Open a case)$/) },
    'warning-write': { address: list.warnings, open: byName('button', /^(Viết cảnh báo|Write a warning)$/) },
    'contact-add': { address: list.contacts, open: byName('button', /^(Thêm đầu mối|Add a contact)$/) },
    'inbound-register': { address: list['inbound-warnings'], open: byName('button', /^(Vào sổ cảnh báo|Register a warning)$/) },
    'system-add': { address: list.systems, open: byName('button', /^(Thêm hệ thống|Add a system)$/) },
    'period-report': { address: list['office-papers'], open: byName('button', /^(Lập báo cáo tổng hợp|Make a report of a period)$/) },
    'agency-add': { address: list.agencies, open: byName('button', /^(Thêm cơ quan|Add an agency)$/) },
  };
}
