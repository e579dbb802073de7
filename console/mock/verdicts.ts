// How each obligation tends to stand in the made-up town.
import type { Agency, Device, Obligation, Verdict, VerdictState } from '~/api/types';
import { pack } from './pack';
import { day, iso, minute } from './time';
import type { Town } from './town';

const leaning: Record<string, [VerdictState, string, string]> = {
  '4.3-no-disruption': [
    'kept',
    'Tác tử dùng 0,3 % một nhân và 14 MiB bộ nhớ, trong hạn mức.',
    'The agent uses 0.3 % of a core and 14 MiB, within its budget.',
  ],
  '5.2-patching': [
    'violated',
    'Bản vá openssl 3.0.18 đã có 12 ngày, quá hạn 7 ngày.',
    'The openssl 3.0.18 update has been available for 12 days, over the limit of 7.',
  ],
  '5.3-antivirus': [
    'kept',
    'ClamAV đang chạy, mẫu nhận dạng cách đây 20 giờ.',
    'ClamAV runs; its signatures are 20 hours old.',
  ],
  '5.4-weekly-scan': [
    'due',
    'Lần quét toàn bộ gần nhất cách đây 5 ngày; hạn là 7 ngày.',
    'The last full scan was 5 days ago; the limit is 7.',
  ],
  '6.6-managed-lan': [
    'violated',
    'Máy không thuộc miền quản lý nào.',
    'The machine is in no managed domain.',
  ],
  '6.7-passwords': [
    'kept',
    'Mọi tài khoản đăng nhập được đều có mật khẩu trong hạn.',
    'Every account that can log in has a password within its age.',
  ],
  '6.8-wifi-rotation': [
    'due',
    'Mật mã wifi đổi lần cuối cách đây 81 ngày; hạn là 3 tháng.',
    'The wireless key was changed 81 days ago; the limit is 3 months.',
  ],
  '6.11-dedicated-network': [
    'kept',
    'Không máy nào vừa nối mạng chuyên dùng vừa ra Internet.',
    'No machine is on both the dedicated network and the Internet.',
  ],
  '7.1-first-password': [
    'kept',
    'Không tài khoản nào còn dùng mật khẩu được cấp.',
    'No account still has its issued password.',
  ],
  '8.1-important-data': [
    'violated',
    'Ổ /srv chứa dữ liệu chưa được mã hóa.',
    'The volume /srv is not encrypted.',
  ],
  '9.1-monitoring': [
    'kept',
    'Thiết bị gửi dữ liệu trong vòng 2 phút qua.',
    'The device has reported within the last 2 minutes.',
  ],
  '9.2-log-30-days': [
    'kept',
    'Đủ 30 ngày nhật ký, đã kiểm tra toàn vẹn.',
    '30 days of logs are present and verified.',
  ],
  '10.2-account-control': [
    'kept',
    'Không có tài khoản bỏ không quá 90 ngày.',
    'No account is unused for over 90 days.',
  ],
};

const factOf: Record<string, string> = {
  '4.3-no-disruption': 'agent',
  '5.2-patching': 'updates',
  '5.3-antivirus': 'antivirus',
  '5.4-weekly-scan': 'antivirus',
  '6.6-managed-lan': 'domain',
  '6.7-passwords': 'accounts',
  '6.11-dedicated-network': 'interfaces',
  '7.1-first-password': 'accounts',
  '8.1-important-data': 'disks',
  '10.2-account-control': 'accounts',
};

export function verdicts(town: Town, now: number, roll: () => number): void {
  for (const obligation of pack.obligations) {
    const lean = leaning[obligation.id];
    for (const agency of town.agencies) {
      if (!lean && obligation.id !== '5.1-software-approval') {
        town.verdicts.push(unknownVerdict(obligation, agency, now));
        continue;
      }
      for (const device of town.devices.filter((each) => each.agency === agency.id)) {
        if (obligation.id === '5.1-software-approval') continue;
        town.verdicts.push(
          measured(town, obligation, device, lean as [VerdictState, string, string], now, roll),
        );
      }
    }
  }
}

function unknownVerdict(obligation: Obligation, agency: Agency, now: number): Verdict {
  const none = obligation.subject === 'incident' || obligation.subject === 'provider';
  return {
    obligation: obligation.id,
    subject: { id: agency.id, kind: 'agency', name: agency.name },
    agency: agency.id,
    state: none ? 'not_applicable' : 'unknown',
    reason_code: none ? 'no_subject' : 'no_record',
    reason: none
      ? { vi: 'Chưa có trường hợp nào phát sinh trong kỳ.', en: 'No case has occurred in the period.' }
      : { vi: 'Chưa có hồ sơ nào về nghĩa vụ này.', en: 'No record of this duty has been made.' },
    since: iso(now - 40 * day),
    judged_at: iso(now - 5 * minute),
    changes_at: null,
    proof: [],
  };
}

function measured(
  town: Town,
  obligation: Obligation,
  device: Device,
  lean: [VerdictState, string, string],
  now: number,
  roll: () => number,
): Verdict {
  const silent = obligation.id === '9.1-monitoring' && now - Date.parse(device.last_seen ?? '') > 15 * minute;
  const luck = roll();
  const flip = lean[0] === 'violated' && luck < 0.45;
  const state: VerdictState = silent ? 'violated' : flip ? 'kept' : lean[0];
  const kind = factOf[obligation.id];
  const record = town.events.find((event) => event.device === device.id && event.stream === `fact/${kind}`);
  return {
    obligation: obligation.id,
    subject: { id: device.id, kind: 'device', name: device.name },
    agency: device.agency,
    state,
    reason_code: silent ? 'silent' : flip ? 'as_required' : state,
    reason: silent
      ? {
          vi: 'Máy chủ không gửi gì đã 52 phút; hạn là 15 phút.',
          en: 'The server has sent nothing for 52 minutes; the limit is 15.',
        }
      : flip
        ? { vi: 'Đáp ứng yêu cầu.', en: 'As required.' }
        : { vi: lean[1], en: lean[2] },
    since: iso(silent ? now - 37 * minute : now - (state === 'violated' ? 1 + luck * 20 : 35) * day),
    judged_at: iso(now - 2 * minute),
    changes_at: state === 'due' ? iso(now + 1.2 * day) : null,
    proof: record
      ? [
          {
            kind: kind ?? 'log',
            seq: record.seq,
            learnt_at: record.received_at,
            method: kind === 'updates' ? 'libapt-pkg' : (kind ?? ''),
          },
        ]
      : [],
  };
}
