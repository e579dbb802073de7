// A regulation pack for development: the register of obligations of Decision 4448, one a line.
import type { Article, Obligation, Pack } from '~/api/types';

// number, chapter, title
const articles: [string, string, string, string][] = [
  ['4', 'I', 'Các nguyên tắc về đảm bảo an toàn thông tin mạng', 'Principles'],
  [
    '5',
    'II',
    'Đảm bảo an toàn máy chủ, máy trạm, thiết bị di động và cơ chế sao lưu, phục hồi',
    'Safety of servers, workstations and mobile devices; backup and recovery',
  ],
  ['6', 'II', 'Bảo vệ hệ thống thông tin mạng', 'Protection of information systems'],
  ['7', 'II', 'Bảo vệ thông tin cá nhân', 'Protection of personal information'],
  ['8', 'II', 'Đảm bảo an toàn thông tin, dữ liệu', 'Safety of information and data'],
  ['9', 'II', 'Giám sát an toàn hệ thống thông tin mạng', 'Monitoring of information systems'],
  ['10', 'II', 'Ngăn chặn xung đột thông tin trên mạng', 'Prevention of information conflicts'],
  ['10b', 'II', 'Quy trình phối hợp ứng cứu sự cố về an toàn thông tin', 'Incident response'],
  ['11', 'III', 'Trách nhiệm của các cơ quan nhà nước', 'Duties of state agencies'],
  ['12', 'III', 'Trách nhiệm của Văn phòng HĐND&UBND Thị xã', 'Duties of the town office'],
  ['13', 'III', 'Trách nhiệm của phòng Văn hóa và Thông tin', 'Duties of the Culture and Information Office'],
  ['14', 'III', 'Trách nhiệm của Công an Thị xã', 'Duties of the police'],
  ['15', 'III', 'Trách nhiệm của cán bộ, công chức, viên chức và người lao động', 'Duties of staff'],
  ['17', 'III', 'Điều khoản thi hành', 'Implementation'],
];

// id, reference, title, holder, subject, cadence, evidence, violated when
type Row = [string, string, string, string, string, string, string, string];
// biome-ignore format: one obligation a line.
const rows: Row[] = [
  ["4.2-secret-transfer", "Điều 4.2", "Văn bản Mật trở lên gửi qua mạng: phải được phép và mã hóa", "agency_head", "document", "event", "enforced", "a document labelled Mật, Tối mật or Tuyệt mật is offered for exchange without the head's signed permission, or as anything but an encrypted envelope; or an unlabelled document bears a secrecy mark in its text"],
  ["4.3-no-disruption", "Điều 4.3", "Biện pháp bảo vệ không ảnh hưởng hoạt động bình thường", "system_admin", "device", "continuous", "measured", "the agent's own CPU or memory budget on a device is exceeded (the agent measures itself and throttles)"],
  ["5.1-software-approval", "Điều 5", "Kiểm soát cài đặt phần mềm mới", "security_officer", "device", "continuous", "measured+enforced", "software is present on a server, workstation or mobile device that no approval covers (agency catalogue: product, versions, device classes, expiry); where enforcement is on, its execution is blocked and the attempt is an event"],
  ["5.2-patching", "Điều 5; 6.1.d", "Theo dõi, cập nhật bản vá bảo mật", "security_officer", "device", "continuous", "measured", "a security update has been available for longer than the agency's limit (default: critical 7 days, other 30), or the package state is older than 7 days"],
  ["5.3-antivirus", "Điều 5; 6.1.d", "Phần mềm chống virus, mã độc: cài đặt và cập nhật", "security_officer", "device", "continuous", "measured", "no active antivirus, or its signatures are older than 7 days"],
  ["5.4-weekly-scan", "Điều 5", "Quét virus theo lịch ít nhất hàng tuần", "security_officer", "device", "weekly", "measured+enforced", "no finished full scan in the last 7 days (the agent can run it itself)"],
  ["5.5-monthly-backup", "Điều 5", "Sao lưu nhật ký, CSDL, dữ liệu quan trọng ít nhất 01 tháng/lần", "security_officer", "backup_set", "monthly", "measured+enforced", "a backup set (event logs; databases; important files: documents, images) has no successful, verified backup in the last month"],
  ["5.6-external-media", "Điều 5", "Lưu bản sao bằng thiết bị lưu trữ ngoài", "security_officer", "backup_set", "monthly", "measured+recorded", "the newest copy on registered external media (disk identity or disc label, custodian, place) is older than a month, or its integrity check fails"],
  ["5.7-restore", "Điều 5", "Phục hồi được khi có sự cố", "security_officer", "backup_set", "quarterly", "measured", "no restore drill (restored copy compared hash by hash) succeeded in the last quarter"],
  ["6.1-information-class", "Điều 6.1.a", "Phân loại thông tin", "agency_head", "system", "annual", "recorded", "an information system has no information classification (public, private, personal, state secret), or its review is over a year old"],
  ["6.2-official-channels", "Điều 6.1.b; 8.2", "Chỉ trao đổi văn bản qua hệ thống chính thức", "staff", "device", "continuous", "measured", "web, DNS or mail logs show work traffic to public mail, public storage or social networks outside the agency's allowed list"],
  ["6.3-sign-before-send", "Điều 6.1.b", "Ký số văn bản trước khi gửi", "staff", "document", "event", "enforced", "a document is offered for issue without a valid digital signature of an authorised signer of that agency"],
  ["6.4-system-level", "Điều 6.1.c", "Phân loại cấp độ hệ thống thông tin (1–5)", "agency_head", "system", "event", "recorded", "a system in operation has no approved level, or its facts now meet a higher level's criteria than the approved one"],
  ["6.5-security-plan", "Điều 6.1.d", "Phương án bảo đảm an toàn được thẩm định trước khi phê duyệt", "agency_head", "system", "event", "recorded", "a build, upgrade or extension of a system goes to approval or into operation without a security plan that the provincial authority has appraised"],
  ["6.6-managed-lan", "Điều 6.1.d", "Mạng LAN có máy chủ quản lý, không ngang hàng", "security_officer", "device", "continuous", "measured", "a LAN workstation is not joined to the agency's directory server, or shares folders to its peers"],
  ["6.7-passwords", "Điều 6.1.d", "Mật khẩu an toàn cho máy chủ, máy trạm, lưu trữ, thiết bị mạng", "security_officer", "device", "continuous", "measured+recorded", "an account can log in without a password, with one outside the policy, or past its age; a network or storage device has no recorded credential rotation"],
  ["6.8-wifi-rotation", "Điều 6.1.d", "Wifi: định danh, mã hóa, đổi mật mã ít nhất 03 tháng/lần", "security_officer", "wifi", "quarterly", "measured+recorded", "a wireless network joined to the LAN is open or weaker than WPA2, unregistered, or its key was last changed over three months ago (proved by a keyed fingerprint of the key, never the key)"],
  ["6.9-secret-devices", "Điều 6.1.d", "Thiết bị soạn thảo bí mật nhà nước: riêng, không nối LAN/Internet", "agency_head", "device", "continuous", "measured+recorded", "a device registered for secret work is seen on any network (agent, DHCP, ARP or log sighting), or lacks disk encryption, per-user rights or passwords (checked by a read-only offline collector whose signed result comes back on paper, never on writable media)"],
  ["6.10-secret-moves", "Điều 6.1.d", "Di chuyển thiết bị chứa bí mật: quản lý, giám sát", "agency_head", "device", "event", "recorded", "a secret device changes place or holder without an approved, signed hand-over (from, to, when, seal number, witness)"],
  ["6.11-dedicated-network", "Điều 6.1.d", "Tuân thủ quy định mạng truyền số liệu chuyên dùng", "security_officer", "link", "continuous", "measured+recorded", "a host on the dedicated network also routes to the Internet, or a link has no recorded terms"],
  ["6.12-internet-notice", "Điều 6.3", "Thông báo Sở khi dùng Internet ngoài mạng chuyên dùng", "agency_head", "link", "event", "recorded+measured", "an Internet link (registered, or seen as an unknown exit address) has no notice to the provincial authority with router and address plan, or addresses in use lie outside the agreed plan"],
  ["6.13-provider-duty", "Điều 6.2; 16", "Nghĩa vụ của doanh nghiệp viễn thông, CNTT", "provider", "provider", "event", "recorded", "a notice to block infringing or malicious content has no provider answer by its deadline, or a provider's yearly statement (storage, personal data, malware filtering, malware handling) is missing"],
  ["7.1-first-password", "Điều 7.2.b", "Đổi mật khẩu ngay sau khi được cấp tài khoản", "staff", "account", "event", "enforced+measured", "an issued account (the product's own: impossible to use before the change; on devices: expiry at first login) still has its issued password after first use or 24 hours"],
  ["7.2-account-secrecy", "Điều 7.2.a, c", "Không tiết lộ tài khoản; không lưu mật khẩu nơi công cộng", "staff", "account", "continuous", "measured+enforced", "one account is used from two places at once, or sessions outlive their limit on an untrusted device (the console never offers to remember a password there)"],
  ["7.3-access-rights", "Điều 7.3.a", "Phân quyền theo chức năng, nhiệm vụ", "system_admin", "account", "semiannual", "enforced+recorded", "an account has a right its role does not carry, or the agency's access review is over six months old"],
  ["7.4-offboarding", "Điều 7.3.b", "Nghỉ việc, chuyển công tác: thu hồi thiết bị, khóa hoặc hủy tài khoản", "agency_head", "person", "event", "recorded+measured", "a leaver still has an enabled account anywhere, or an unreturned device, at the end of the last working day"],
  ["8.1-important-data", "Điều 8.1", "Dữ liệu quan trọng: mã hóa, mật mã, chữ ký số, lưu trữ dự phòng", "system_admin", "system", "continuous", "measured", "a system that holds important data lacks encryption at rest, encryption in transit, signatures or a backup set"],
  ["8.2-web-integrity", "Điều 8.1; 10.1", "Toàn vẹn, sẵn sàng của dịch vụ", "system_admin", "system", "continuous", "measured", "a watched service is unreachable, abnormally slow against its own baseline, or its content changed with no announced change"],
  ["9.1-monitoring", "Điều 9.1; 24.1 Luật ATTTM", "Giám sát an toàn hệ thống thông tin", "security_officer", "device", "continuous", "measured", "a firewall, gateway, server, important device or workstation in the inventory has sent nothing for longer than its limit (server 15 min, workstation 3 working days)"],
  ["9.2-log-30-days", "Điều 9.1", "Lưu nhật ký máy chủ ít nhất 30 ngày", "security_officer", "device", "continuous", "measured+enforced", "any day of a server's last 30 is missing, has a gap the sequence numbers prove, or fails verification; deletion before the term is refused"],
  ["9.3-provider-monitoring", "Điều 9.2", "Doanh nghiệp phối hợp giám sát", "provider", "provider", "event", "recorded", "a monitoring request to a provider has no answer by its deadline"],
  ["10.1-no-springboard", "Điều 10.1.a", "Không để hệ thống bị lợi dụng xâm nhập nơi khác", "security_officer", "device", "continuous", "measured", "detections of outbound attack, scanning, spam or command-and-control from an agency device stay open beyond their limit"],
  ["10.2-account-control", "Điều 10.1.a", "Quản lý chặt tài khoản đã cấp", "security_officer", "account", "continuous", "measured", "an account has no living owner, is shared, or has been unused for 90 days and not locked"],
  ["10.3-detect-warn-trace", "Điều 10.2", "Giám sát, phát hiện, cảnh báo, xác định nguồn gốc, khắc phục xung đột thông tin", "town_office", "incident", "event", "measured+recorded", "a high detection is not triaged within 4 hours, or an information-conflict case lacks its origin finding or remedy record at closure"],
  ["10.4-plans", "Điều 10.2.b", "Phương án bảo vệ, sẵn sàng lực lượng", "town_office", "town", "annual", "recorded", "no current protection plan with named forces and means, or no exercise in the last year"],
  ["10b.1-triage", "Điều 10 (ứng cứu) bước 1", "Bước 1: xác định thẩm quyền", "security_officer", "incident", "event", "enforced", "an incident moves on without a recorded finding of who manages the system: own agency (step 2) or provincial data centre (step 3)"],
  ["10b.2-own-handling", "bước 2", "Bước 2: xử lý theo quy chế nội bộ, lập biên bản", "security_officer", "incident", "event", "enforced+recorded", "step 2 ends (resolved, or beyond the agency's ability) without signed minutes"],
  ["10b.3-report-up", "bước 3", "Bước 3: báo cáo Sở và thực hiện theo hướng dẫn", "security_officer", "incident", "event", "enforced+recorded", "an escalated incident has no report delivered to the provincial authority by its deadline, or its guidance is not recorded"],
  ["10b.4-joint-remedy", "bước 4", "Bước 4: phối hợp khắc phục", "security_officer", "incident", "event", "recorded", "step 4 has no recorded joint actions, owners and outcome"],
  ["10b.5-close", "bước 5", "Bước 5: lập biên bản, kết thúc", "security_officer", "incident", "event", "enforced+recorded", "an incident is closed without signed closing minutes"],
  ["11.2-internal-rules", "Điều 11.2", "Ban hành quy chế, quy trình nội bộ", "agency_head", "agency", "annual", "recorded", "the agency has no signed internal regulation in force, or staff have not acknowledged the current version"],
  ["11.3-annual-plan", "Điều 11.3; 12.2", "Kế hoạch CNTT hằng năm có nội dung ATTT", "agency_head", "agency", "annual", "recorded", "this year's IT plan is missing or has no information-security part"],
  ["11.4-awareness", "Điều 11.4", "Tuyên truyền, phổ biến", "agency_head", "agency", "annual", "recorded", "no awareness activity in the last year, or staff who never acknowledged the regulation"],
  ["11.5-officer-training", "Điều 11.5; 15.1.d", "Phân công cán bộ phụ trách; đào tạo, tập huấn", "agency_head", "agency", "annual", "recorded", "no appointed, present security officer, or none of the officer's training in the last year"],
  ["11.7-inspection", "Điều 11.7; 12.4; 13.2.b", "Kiểm tra, giám sát việc thực hiện", "culture_info", "agency", "annual", "recorded", "no inspection of the agency in the last year, or a finding past its remedy date"],
  ["11.8-commitments", "Điều 11.8", "Cam kết của tổ chức, cá nhân tham gia hệ thống", "agency_head", "person", "event", "recorded", "a person or company has access to a system without a signed commitment in force"],
  ["11.9-agency-report", "Điều 11.9", "Báo cáo định kỳ, đột xuất của cơ quan", "agency_head", "agency", "semiannual", "recorded", "the agency's report for the period, or one asked for, is not signed and submitted by its date"],
  ["11.10-budget", "Điều 11.10", "Bố trí kinh phí", "agency_head", "agency", "annual", "recorded", "this year's budget has no information-security line"],
  ["12.1-coordinate", "Điều 12.1; 12.3", "Điều phối, ứng cứu sự cố", "town_office", "incident", "event", "recorded", "an incident reported by an agency is not received by the town office within its limit"],
  ["12.3-warnings", "Điều 12.3", "Cảnh báo nguy cơ, sự cố", "town_office", "town", "event", "recorded", "a warning issued to agencies has receivers who have not acknowledged, or actions not reported, by its date"],
  ["12.5-six-month-report", "Điều 12.5", "Tổng hợp, báo cáo UBND 06 tháng/lần hoặc đột xuất", "town_office", "town", "semiannual", "recorded+measured", "the consolidated half-year report (filled from measured figures) is not signed and issued by its date"],
  ["13.2-guidance", "Điều 13.1; 13.2.a", "Ban hành văn bản chỉ đạo, hướng dẫn", "culture_info", "town", "annual", "recorded", "no guidance document in force for the year"],
  ["14.1-police", "Điều 14", "Phòng ngừa, đấu tranh, phối hợp thanh tra", "police", "incident", "event", "recorded", "a case with signs of a violation of law has no hand-over of an evidence package with its chain of custody"],
  ["15.1-officer-watch", "Điều 15.1.b", "Cán bộ phụ trách theo dõi việc tuân thủ, phát hiện nguy cơ", "security_officer", "agency", "weekly", "recorded", "open violations of the agency have not been reviewed by its officer within a week"],
  ["15.2-staff-report", "Điều 15.2.b", "Cán bộ báo cáo ngay khi phát hiện sự cố", "staff", "incident", "event", "recorded", "(no verdict on a person: the product offers every member of staff a one-minute report form, reachable without an office account on the LAN, and measures report-to-receipt time)"],
  ["15.3-prohibited-acts", "Điều 15.2.d, đ, e", "Cấm phát tán virus, thư rác, đánh cắp mật mã…", "staff", "device", "continuous", "measured", "detections of malware spread, mass mail, password theft tools or unauthorised access on the LAN stay open beyond their limit"],
  ["17.1-feedback", "Điều 17", "Phản ánh vướng mắc về Văn phòng", "town_office", "town", "event", "recorded", "a difficulty reported by an agency has no answer by its date"],
];

const english = (id: string) => {
  const words = id.slice(id.indexOf('-') + 1).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const citation = (reference: string) => reference.replace('Điều', 'Article');

const obligation = ([
  id,
  reference,
  title,
  holder,
  subject,
  cadence,
  evidence,
  violated,
]: Row): Obligation => ({
  id,
  article: id.slice(0, id.indexOf('.')),
  reference: { vi: reference, en: citation(reference) },
  title: { vi: title, en: english(id) },
  requirement: {
    vi: `${title}. Cơ quan, đơn vị thực hiện và chứng minh được theo ${reference} của Quy chế.`,
    en: `${english(id)}, as ${citation(reference)} of the regulation asks.`,
  },
  violated_when: { vi: violated, en: violated },
  holder,
  subject,
  cadence,
  evidence: evidence.split('+') as Obligation['evidence'],
  check: evidence.includes('measured') ? id.slice(id.indexOf('-') + 1).replaceAll('-', '_') : 'record',
  parameters:
    id === '5.2-patching'
      ? [
          {
            name: 'critical_days',
            title: { vi: 'Hạn vá lỗ hổng nghiêm trọng', en: 'Time for critical updates' },
            value: '7',
            unit: 'days',
            source: {
              vi: 'Mặc định của bộ quy định; cơ quan được đặt chặt hơn',
              en: 'The pack’s default; an agency may be stricter',
            },
          },
          {
            name: 'other_days',
            title: { vi: 'Hạn vá lỗ hổng khác', en: 'Time for other updates' },
            value: '30',
            unit: 'days',
            source: { vi: 'Mặc định của bộ quy định', en: 'The pack’s default' },
          },
          {
            name: 'state_age_days',
            title: { vi: 'Tuổi tối đa của danh sách bản vá', en: 'Age of the update lists' },
            value: '7',
            unit: 'days',
            source: { vi: 'Mặc định của bộ quy định', en: 'The pack’s default' },
          },
        ]
      : id === '9.1-monitoring'
        ? [
            {
              name: 'server_minutes',
              title: { vi: 'Máy chủ được im lặng', en: 'Silence of a server' },
              value: '15',
              unit: 'minutes',
              source: {
                vi: 'Điều 9.1; Điều 24.1 Luật An toàn thông tin mạng',
                en: 'Article 9.1; Law on network information security, article 24.1',
              },
            },
            {
              name: 'workstation_days',
              title: { vi: 'Máy trạm được im lặng', en: 'Silence of a workstation' },
              value: '3',
              unit: 'working_days',
              source: { vi: 'Điều 9.1', en: 'Article 9.1' },
            },
          ]
        : [],
  sources: [
    { vi: 'Quyết định 4448/QĐ-UBND', en: 'Decision 4448/QĐ-UBND' },
    { vi: 'Luật An toàn thông tin mạng 2015', en: 'Law on network information security 2015' },
  ],
});

const article = ([number, chapter, vi, en]: [string, string, string, string]): Article => ({
  number,
  label: { vi: `Điều ${number.replace('b', '')}`, en: `Article ${number.replace('b', '')}` },
  chapter,
  title: { vi, en },
  summary: { vi, en },
});

export const pack: Pack = {
  id: '4448-2017',
  title: {
    vi: 'Quy chế đảm bảo an toàn thông tin mạng, Quyết định 4448/QĐ-UBND thị xã Bỉm Sơn',
    en: 'Information-security regulation, Decision 4448/QĐ-UBND of Bỉm Sơn town',
  },
  valid_from: '2018-01-01',
  valid_to: null,
  chapters: [
    { number: 'I', title: { vi: 'Quy định chung', en: 'General provisions' } },
    {
      number: 'II',
      title: { vi: 'Nội dung đảm bảo an toàn thông tin mạng', en: 'What securing network information means' },
    },
    {
      number: 'III',
      title: {
        vi: 'Trách nhiệm đảm bảo an toàn thông tin',
        en: 'Who is responsible for information security',
      },
    },
  ],
  articles: articles.map(article),
  obligations: rows.map(obligation),
};
