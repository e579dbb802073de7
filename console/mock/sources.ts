// Sign-in sources, as the pages need them to be drawn; nothing here asks a directory.
import type { Source, SyncItem } from '~/api/sources';
import type { Persons } from './persons';
import { type Answer, type Ask, fail, ok } from './state';
import { day, iso, newId } from './town';

export class Sources {
  private readonly sources: Source[];

  constructor(private readonly persons: Persons) {
    const agency = persons.people[0]?.agency ?? { id: '', name: '' };
    this.sources = [
      {
        id: newId(),
        kind: 'ldap',
        name: 'Tài khoản máy tính cơ quan',
        enabled: true,
        agency,
        ldap: {
          urls: ['ldaps://dc1.bimson.gov.vn', 'ldaps://dc2.bimson.gov.vn'],
          base: 'ou=CanBo,dc=bimson,dc=gov,dc=vn',
          filter: '(&(objectCategory=person)(objectClass=user))',
          key: 'objectGUID',
          bind_dn: 'cn=luy,ou=DichVu,dc=bimson,dc=gov,dc=vn',
          secret_file: 'danh-ba',
          ca_file: 'danh-ba-ca.pem',
          map: {
            username: 'sAMAccountName',
            name: 'displayName',
            mail: 'mail',
            position: 'title',
            department: 'department',
          },
        },
        created_at: iso(Date.now() - 90 * day),
        last_sync: iso(Date.now() - 3 * day),
        problem: null,
      },
      {
        id: newId(),
        kind: 'oidc',
        name: 'Cổng cán bộ tỉnh Thanh Hóa',
        enabled: true,
        agency,
        oidc: {
          issuer: 'https://sso.thanhhoa.gov.vn/realms/can-bo',
          client_id: 'luy-bimson',
          secret_file: null,
          ca_file: null,
          scopes: ['openid', 'profile', 'email'],
          second_factor: false,
        },
        created_at: iso(Date.now() - 9 * day),
        last_sync: null,
        problem: {
          vi: 'Không đọc được khóa của cổng lúc 08:15; lần đăng nhập sau Lũy thử lại.',
          en: "The portal's keys could not be read at 08:15; tried again at the next sign-in.",
        },
      },
    ];
  }

  // What is open to whoever is not signed in.
  door(ask: Ask): Answer | null {
    if (`${ask.method} ${ask.path}` === 'GET /api/v1/sign-in/sources')
      return ok({
        items: this.sources.filter((each) => each.enabled).map(({ id, kind, name }) => ({ id, kind, name })),
      });
    if (`${ask.method} ${ask.path}` === 'POST /api/v1/session/oidc')
      return fail(
        502,
        'directory.portal_unreachable',
        'Không kết nối được cổng đăng nhập. Dùng tài khoản do Lũy cấp, hoặc thử lại sau.',
        'The sign-in portal cannot be reached. Use the account issued by Lũy, or try again later.',
      );
    return null;
  }

  answer(ask: Ask): Answer | null {
    const [, , , first, second, third] = ask.path.split('/');
    if (first === 'accounts' && third === 'identities' && ask.method === 'GET') {
      const { id = '', name = '' } = this.sources[0] ?? {};
      const subject = '8f14e45f-ceea-467f-a0e6-1d2c3b4a5968';
      const item = { source: { id, name }, subject, linked_at: iso(Date.now() - 60 * day), last_used: null };
      return ok({ items: [item] });
    }
    if (first === 'accounts' && third === 'identities')
      return ask.method === 'POST' ? ok({ done: false, act: newId() }, 202) : { status: 204 };
    if (first !== 'sources') return null;
    if (ask.method === 'GET' && !second) return ok({ items: this.sources });
    if (third === 'test') return ok(this.trial(second ?? ''));
    if (third === 'preview') return ok(this.preview());
    return ok({ done: false, act: newId() }, 202);
  }

  private trial(id: string) {
    const portal = this.sources.find((each) => each.id === id)?.kind === 'oidc';
    return {
      ok: !portal,
      steps: [
        {
          name: 'connect',
          ok: true,
          text: { vi: 'Kết nối được trong 12 ms.', en: 'Connected within 12 ms.' },
        },
        {
          name: 'tls',
          ok: true,
          text: { vi: 'TLS 1.3; chứng thư còn 211 ngày.', en: 'TLS 1.3; certificate ends in 211 days.' },
        },
        portal
          ? {
              name: 'keys',
              ok: false,
              text: {
                vi: 'Cổng không trả lời trong 5 giây. Kiểm tra tường lửa giữa Lũy và cổng.',
                en: 'The portal did not answer within 5 seconds. Check the firewall between Lũy and the portal.',
              },
            }
          : {
              name: 'search',
              ok: true,
              text: { vi: 'Tìm thấy 214 người.', en: '214 people found.' },
            },
      ],
    };
  }

  private preview() {
    const line = (index: number, does: SyncItem['does'], vi: string, en: string): SyncItem => {
      const person = this.persons.people[index % this.persons.people.length];
      return {
        subject: `00000000-0000-4000-8000-00000000000${index}`,
        does,
        person: does === 'create' || does === 'refuse' ? null : this.persons.ref(index),
        name: does === 'create' ? 'Đỗ Thị Mai' : does === 'refuse' ? 'may-in-tang-2' : (person?.name ?? ''),
        username: `nguoi.${index}`,
        agency: person?.agency ?? null,
        decides: false,
        text: { vi, en },
      };
    };
    const items = [
      line(0, 'nothing', '', ''),
      line(
        1,
        'link',
        'Trùng họ tên và thư công vụ với hồ sơ đã có.',
        'Same name and mail as a known person.',
      ),
      line(2, 'change', 'Chức vụ: Văn thư → Chuyên viên.', 'Position: clerk → officer.'),
      line(3, 'create', 'Người mới, chưa có vai trò.', 'New, without a role.'),
      line(5, 'leave', 'Không còn trong danh bạ từ hôm nay.', 'Not in the directory since today.'),
      line(4, 'refuse', 'Không có họ tên trong danh bạ.', 'The directory holds no name.'),
    ];
    return {
      id: newId(),
      items,
      counts: { create: 1, change: 1, link: 1, leave: 1, refuse: 1, nothing: 1 },
      deciders: 1,
    };
  }
}
