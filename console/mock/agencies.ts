// What the mock keeps of agencies: their profiles and who changed them, network plans, sheets.
import type { AgencyProfile, NetworkPlan, ProfileVersion } from '~/api/types';
import { type Answer, type Ask, ok } from './state';
import { day, iso } from './town';

// A picture of 1 × 1 pixel.
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const was: AgencyProfile = {
  identifier: '000.00.15.H56',
  superior_header: 'UBND TỈNH THANH HÓA',
  contacts: [],
  networks: ['10.56.4.0/24'],
  hours: [],
};
const now: AgencyProfile = {
  ...was,
  address: 'Số 28, đường Trần Phú, phường Ba Đình',
  contacts: [{ name: 'Lê Thị Bình', title: 'Chánh Văn phòng', phone: '0237 3766 001', always: true }],
  networks: ['10.56.4.0/24', '10.56.8.0/24'],
};
const by = { id: '01jz0000000000000000000001', name: 'Nguyễn Thị Hòa' };

export class Agencies {
  private readonly history: ProfileVersion[] = [
    {
      version: 2,
      at: iso(Date.now() - 20 * day),
      by,
      agreed_by: { id: '01jz0000000000000000000002', name: 'Nguyễn Văn An' },
      changed: ['address', 'contacts', 'networks'],
      profile: now,
    },
    { version: 1, at: null, by: null, agreed_by: null, changed: [], profile: was },
  ];
  private plans: (NetworkPlan & { content: string })[] = [
    {
      version: 1,
      name: 'so-do-mang-2025.png',
      type: 'image/png',
      size: 70,
      sha256: '5d'.repeat(32),
      note: 'Trước khi thay tường lửa',
      drawn_on: '2025-03-01',
      at: iso(Date.now() - 200 * day),
      by,
      content: png,
    },
  ];

  days = ['2020-01-01', '2025-07-01'];

  answer(ask: Ask): Answer | null {
    const [resource, agency, what, version, file] = ask.path.split('/').slice(3);
    if (resource !== 'agencies' || !agency) return null;
    if (agency === 'sheet' && ask.method === 'GET') {
      return ok(ask.query.get('format') === 'xlsx' ? { xlsx: 'UEsDBA==' } : { csv: 'code,name\r\n' });
    }
    if (what === 'profile' && ask.method === 'GET') {
      const then = `${ask.query.get('day') ?? '9999-12-31'}T23:59:59+07:00`;
      const found = this.history.find((each) => each.at === null || Date.parse(each.at) <= Date.parse(then));
      return version === 'history' ? ok({ items: this.history, next: null }) : ok(found?.profile ?? was);
    }
    if (what !== 'network-plans') return null;
    if (file === 'file') {
      const bytes = Buffer.from(
        this.plans.find((each) => `${each.version}` === version)?.content ?? '',
        'base64',
      );
      return { status: 200, text: new Uint8Array(bytes) };
    }
    if (ask.method === 'POST') return ok(this.add(ask), 201);
    const until = ask.query.get('day');
    const items = this.plans
      .filter((each) => !until || each.at.slice(0, 10) <= until)
      .map(({ content: _content, ...plan }) => plan);
    return ok({ items });
  }

  private add(ask: Ask): NetworkPlan {
    const content = String(ask.body?.content);
    const name = String(ask.body?.name);
    const made: NetworkPlan = {
      version: this.plans.length + 1,
      name,
      type: name.endsWith('.pdf') ? 'application/pdf' : 'image/png',
      size: Math.floor(content.length * 0.75),
      sha256: '7c'.repeat(32),
      note: (ask.body?.note as string | null) ?? null,
      drawn_on: (ask.body?.drawn_on as string | null) ?? null,
      at: iso(Date.now()),
      by,
    };
    this.plans = [{ ...made, content }, ...this.plans];
    return made;
  }
}
