// The addresses of every page, on this hub's own data.
export async function addresses(api, verdict) {
  const seq = verdict.proof.find((entry) => entry.seq !== null)?.seq ?? 0;
  const subject = encodeURIComponent(verdict.subject.id);
  const { devices } = await api.get('/api/v1/devices');
  const device = devices[0]?.id;
  const { accounts } = await api.get('/api/v1/accounts');
  const me = await api.get('/api/v1/me');
  return {
    home: '/',
    'home-leader': '/?home=leader',
    account: '/account',
    people: '/people',
    person: `/people/${accounts[0]?.id}`,
    persons: '/persons',
    'person-one': `/persons/${me.id}`,
    'persons-import': '/persons/import',
    leaves: '/leaves',
    'device-accounts': '/device-accounts',
    reviews: '/reviews',
    commitments: '/commitments',
    'commitments-missing': '/commitments?tab=missing',
    appointments: '/commitments?tab=appointments',
    trainings: '/commitments?tab=trainings',
    'commitment-texts': '/commitments?tab=texts',
    'commitment-own': '/commitments/sign',
    sources: '/sources',
    emergency: '/emergency',
    'home-staff': '/?home=staff',
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
    'device-patches': `/devices/${device}?tab=patches`,
    'device-backups': `/devices/${device}?tab=backups`,
    'device-antivirus': `/devices/${device}?tab=antivirus`,
    'device-timeline': `/devices/${device}?tab=timeline`,
    'device-orders': `/devices/${device}?tab=orders`,
    enrol: '/devices/enrol',
    logs: '/logs?range=all',
    tail: '/logs?range=all&tail=1',
    'log-values': '/logs?range=all&values=event.action',
    'log-fault': '/logs?range=1h&q=sshd%20AND%20%28root%20OR',
    'nothing-found': '/logs?range=1h&q=process.name%3Akhong-co',
    senders: '/senders',
    software: '/software',
    catalogue: '/software?tab=catalogue',
    'software-wrong': '/software?tab=wrong',
    'software-gates': '/software?tab=gates',
    'software-requests': '/software-requests',
    patches: '/patches',
    vulnerabilities: '/vulnerabilities',
    'vulnerability-lists': '/vulnerabilities?tab=lists',
    backups: '/backups',
    'backup-plan': '/backups?tab=plan',
    equipment: '/equipment',
    'secret-devices': '/secret-devices',
    antivirus: '/antivirus',
    'antivirus-sets': '/antivirus?tab=sets',
    'antivirus-settings': '/antivirus?tab=settings',
    releases: '/releases',
    'release-machines': '/releases?tab=machines',
    network: '/network',
    'network-plan': '/network?tab=plan',
    'network-lines': '/network?tab=lines',
    wifi: '/wifi',
    agencies: '/agencies',
    agency: `/agencies/${accounts[0]?.agency}`,
    reorganise: '/agencies/reorganise',
    'agency-import': '/agencies/import',
    evidence: '/evidence',
    'evidence-days': '/evidence?tab=days',
    'evidence-media': '/evidence?tab=media',
    'evidence-terms': '/evidence?tab=terms',
    'evidence-erasures': '/evidence?tab=erasures',
    'evidence-disk': '/evidence?tab=disk',
    witnesses: '/witnesses',
    checkpoints: '/checkpoints',
    searches: '/searches',
    holds: '/holds',
    'town-office': '/town-office',
    incidents: '/incidents',
    'staff-reports': '/staff-reports',
    warnings: '/warnings?all=1',
    'inbound-warnings': '/inbound-warnings',
    contacts: '/contacts',
    notices: '/notices',
    webhooks: '/notices?tab=webhooks',
    'notices-sent': '/notices?tab=sent',
    'provider-requests': '/provider-requests',
    'audit-type': '/audit?type=account&range=all',
    'agency-then': `/agencies/${accounts[0]?.agency}?day=2020-01-01`,
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
        await page.locator('.palette input:focus').waitFor();
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
    'term-set': { address: list['evidence-terms'], open: byName('button', /^(Đề nghị thời hạn|Propose a term)$/) },
    'release-key': { address: list.releases, open: byName('button', /^(Ghi khóa phát hành|Register the release key)$/) },
    'removal-code': { address: list['device-orders'], open: byName('button', /^(Cấp mã gỡ|Issue a code)$/) },
    'backup-set': { address: list['backup-plan'], open: byName('button', /^(Thêm bộ sao lưu|Add a set)$/) },
    'backup-general': { address: list['backup-plan'], open: byName('button', /^(Thiết lập chung|Schedule and pace)$/) },
    'antivirus-import': { address: list['antivirus-sets'], open: byName('button', /^(Nhập cơ sở dữ liệu|Import a database)$/) },
    'antivirus-list': { address: list['antivirus-sets'], open: byName('button', /^(Thêm danh sách riêng|Add an own list)$/) },
    'antivirus-set': { address: list['antivirus-settings'], open: byName('button', /^(Thiết lập|Set)$/) },
    'medium-add': { address: list['evidence-media'], open: byName('button', /^(Ghi thiết bị vào sổ|Register a medium)$/) },
    'witness-add': { address: list.witnesses, open: byName('button', /^(Thêm nhân chứng|Add a witness)$/) },
    'search-save': { address: list.logs, open: byName('button', /^(Lưu câu tìm này|Save this search)$/) },
    approve: {
      address: list.software,
      open: async (page) => {
        await page.locator('tbody input[type=checkbox]').first().check();
        await page.locator('.filters button').last().click();
        await page.getByRole('dialog').waitFor();
      },
    },
    'device-edit': { address: list.device, open: byName('button', /^(Sửa thông tin|Edit)$/) },
    'sender-token': { address: list.senders, open: byName('button', /^(Cấp mã cho chương trình gửi|Issue a token for a program)$/) },
    'wifi-register': { address: list.wifi, open: byName('button', /^(Ghi sổ mạng không dây|Register a wireless network)$/) },
    'account-issue': { address: list.people, open: byName('button', /^(Cấp tài khoản|Issue an account)$/) },
    'person-add': { address: list.persons, open: byName('button', /^(Thêm người|Add a person)$/) },
    'persons-merge': { address: list.persons, open: byName('button', /^(Gộp hai hồ sơ|Merge two records)$/) },
    'leave-open': { address: list.leaves, open: byName('button', /^(Lập hồ sơ thôi việc, chuyển công tác|Open a case)$/) },
    'review-open': { address: list.reviews, open: byName('button', /^(Mở đợt rà soát|Open a review)$/) },
    'company-commitment': { address: list.commitments, open: byName('button', /^(Ghi cam kết của đơn vị ngoài|Record a company's commitment)$/) },
    'source-add': { address: list.sources, open: byName('button', /^(Thêm danh bạ người dùng|Add a directory of users)$/) },
    'portal-add': { address: list.sources, open: byName('button', /^(Thêm cổng đăng nhập|Add a sign-in portal)$/) },
    'token-make': { address: list.account, open: byName('button', /^(Lập mã|Make a token)$/) },
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
    'notice-settings': { address: list.notices, open: byName('button', /^(Sửa thiết lập|Change the settings)$/) },
    'provider-ask': { address: list['provider-requests'], open: byName('button', /^(Gửi yêu cầu|Make a request)$/) },
    'network-plan-add': { address: list.agency, open: byName('button', /^(Lưu sơ đồ mới|Put a new plan on file)$/) },
    'audit-export': { address: list['audit-type'], open: byName('button', /^(Xuất có chữ ký|Signed export)$/) },
    'contact-add': { address: list.contacts, open: byName('button', /^(Thêm đầu mối|Add a contact)$/) },
    'inbound-register': { address: list['inbound-warnings'], open: byName('button', /^(Vào sổ cảnh báo|Register a warning)$/) },
    'system-add': { address: list.systems, open: byName('button', /^(Thêm hệ thống|Add a system)$/) },
    'period-report': { address: list['office-papers'], open: byName('button', /^(Lập báo cáo tổng hợp|Make a report of a period)$/) },
    'agency-add': { address: list.agencies, open: byName('button', /^(Thêm cơ quan|Add an agency)$/) },
  };
}
