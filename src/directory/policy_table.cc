// The table of rights: one row for each act, one column for each role. What differs here changes
// docs/security/policy.md, and a test fails until the page says the same.
#include <array>

#include "directory/policy.h"
#include "directory/stored/policy_names.h"

namespace luy::directory {
namespace {

constexpr std::array<RoleEntry, role_count> roles = {{
    {Role::system_admin, "system_admin", "Quản trị hệ thống", "System administrator"},
    {Role::security_officer, "security_officer", "Cán bộ phụ trách an toàn thông tin", "Security officer"},
    {Role::agency_head, "agency_head", "Thủ trưởng cơ quan", "Head of agency"},
    {Role::staff, "staff", "Cán bộ, công chức, viên chức", "Staff"},
    {Role::town_office, "town_office", "Văn phòng HĐND&UBND", "Town office"},
    {Role::culture_info, "culture_info", "Phòng Văn hóa và Thông tin", "Division of Culture and Information"},
    {Role::police, "police", "Công an", "Police"},
    {Role::provincial_authority, "provincial_authority", "Cơ quan chuyên trách cấp tỉnh", "Provincial authority"},
    {Role::provider, "provider", "Doanh nghiệp viễn thông, CNTT, Internet", "Telecom, IT and Internet provider"},
    {Role::auditor, "auditor", "Kiểm tra, thanh tra", "Auditor"},
}};

// The verb phrases stand after "Chỉ … mới được" and "may".
struct ActionRow {
  ActionEntry entry;
  std::array<Reach, role_count> reach;
};

constexpr Reach no = Reach::none;
constexpr Reach own = Reach::own;
constexpr Reach tree = Reach::subtree;
constexpr Reach town = Reach::town;

// Columns: administrator, officer, head, staff, town office, culture and information, police, province, provider,
// auditor. The offices of articles 12 to 15 look after the whole town wherever in it their role is held.
constexpr std::array<ActionRow, action_count> rows = {{
    {{Action::session_use, "session_use", "sử dụng phiên làm việc của mình", "use their own session"},
     {own, own, own, own, own, own, own, own, own, own}},
    {{Action::overview_read, "overview_read", "xem tổng quan tuân thủ", "see the overview of compliance"},
     {tree, tree, tree, no, town, town, town, town, no, tree}},
    {{Action::agency_read, "agency_read", "xem danh sách cơ quan", "see the agencies"},
     {tree, tree, tree, tree, town, town, town, town, no, tree}},
    {{Action::agency_manage, "agency_manage", "lập, đổi, kết thúc cơ quan", "create, change and close agencies"},
     {tree, no, no, no, no, no, no, no, no, no}},
    {{Action::device_read, "device_read", "xem thiết bị", "see devices"},
     {tree, tree, tree, no, town, town, no, no, no, tree}},
    {{Action::device_enrol, "device_enrol", "cấp mã đăng ký thiết bị", "issue enrolment tokens for devices"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::device_manage, "device_manage", "sửa hồ sơ thiết bị", "change a device's record"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::software_read, "software_read", "xem phần mềm", "see software"},
     {tree, tree, tree, no, town, town, no, no, no, tree}},
    // Article 5 makes the security officer answer for what is installed; who installs must not also approve.
    {{Action::software_approve, "software_approve", "phê duyệt phần mềm", "approve software"},
     {no, tree, no, no, no, no, no, no, no, no}},
    {{Action::software_request, "software_request", "đề nghị cho cài phần mềm", "ask that a program may be installed"},
     {own, own, own, own, own, own, own, own, no, no}},
    // Who sets a machine up must not also excuse how it is set up.
    {{Action::check_except, "check_except", "chấp nhận tạm thời một kiểm tra cấu hình chưa đạt",
      "accept for a time that a hardening check is not met"},
     {no, tree, no, no, no, no, no, no, no, no}},
    {{Action::verdict_read, "verdict_read", "xem kết quả đánh giá tuân thủ", "see verdicts"},
     {tree, tree, tree, no, town, town, town, town, no, tree}},
    // Logs hold personal data: who only needs the state of an agency does not read them. The police receive what an
    // incident's minutes hand over (article 14), not the logs themselves.
    {{Action::evidence_search, "evidence_search", "tra cứu nhật ký", "search the logs"},
     {tree, tree, tree, no, no, no, no, no, no, tree}},
    {{Action::evidence_prove, "evidence_prove", "xem bằng chứng của nhật ký", "see the proof of a record"},
     {tree, tree, tree, no, town, town, town, town, no, tree}},
    {{Action::regulation_read, "regulation_read", "xem quy chế", "read the regulation"},
     {town, town, town, town, town, town, town, town, town, town}},
    {{Action::wifi_manage, "wifi_manage", "đăng ký mạng không dây và ghi nhận đổi khóa",
      "register wireless networks and record key changes"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::account_read, "account_read", "xem tài khoản", "see accounts"},
     {tree, tree, tree, own, own, own, own, own, own, tree}},
    {{Action::account_manage, "account_manage", "cấp, khóa tài khoản và cấp lại mật khẩu",
      "issue and disable accounts and issue passwords"},
     {tree, no, no, no, no, no, no, no, no, no}},
    // The head appoints (article 11.5); with the administrator that makes the two whom rights need.
    {{Action::role_grant, "role_grant", "giao và thu hồi vai trò", "give and take back roles", true},
     {tree, no, tree, no, no, no, no, no, no, no}},
    {{Action::role_delegate, "role_delegate", "giao quyền tạm thời vai trò của mình",
      "let somebody else act in their own role for a time"},
     {own, own, own, no, own, no, no, no, no, no}},
    // Whoever could take a factor away alone could then sign in with a password they issued.
    {{Action::second_factor_reset, "second_factor_reset", "gỡ xác thực hai bước của người khác",
      "take away the second factors of others", true},
     {tree, no, no, no, no, no, no, no, no, no}},
    {{Action::act_read, "act_read", "xem việc chờ người thứ hai", "see the acts that wait for a second person"},
     {tree, tree, tree, no, town, no, no, no, no, tree}},
    {{Action::act_decide, "act_decide", "đồng ý hoặc từ chối việc chờ người thứ hai",
      "agree to or refuse acts that wait for a second person"},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    // Article 10.2: the town office leads monitoring, detection and warning.
    {{Action::finding_read, "finding_read", "xem phát hiện", "see findings"},
     {tree, tree, tree, no, town, no, no, no, no, tree}},
    {{Action::finding_triage, "finding_triage", "xem xét phát hiện", "triage findings"},
     {tree, tree, no, no, town, no, no, no, no, no}},
    {{Action::rule_read, "rule_read", "xem luật phát hiện", "see detection rules"},
     {tree, tree, tree, no, town, no, no, no, no, tree}},
    {{Action::rule_manage, "rule_manage", "bật, tắt, soạn và nhập luật phát hiện",
      "switch, write and import detection rules"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    // Who silences an alarm must not do so alone.
    {{Action::rule_disable, "rule_disable", "tắt luật phát hiện mức cao", "switch off detection rules above medium",
      true},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::service_read, "service_read", "xem dịch vụ được giám sát", "see the services that are watched"},
     {tree, tree, tree, no, town, town, no, no, no, tree}},
    // The hub connects to whatever address is registered.
    {{Action::service_manage, "service_manage", "đăng ký dịch vụ cần giám sát, báo trước thay đổi và xác nhận nội dung",
      "register services to watch, announce changes and accept their content"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::indicator_read, "indicator_read", "xem dấu hiệu tấn công", "see the indicators of attacks"},
     {tree, tree, tree, no, no, no, no, no, no, tree}},
    {{Action::indicator_manage, "indicator_manage", "nhập và xóa danh sách dấu hiệu tấn công",
      "import and delete lists of indicators"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    // The second article 10 and article 12.3: the agency handles its own incidents, the town office all of the town's.
    {{Action::incident_read, "incident_read", "xem sự cố", "see incidents"},
     {tree, tree, tree, no, town, no, no, no, no, tree}},
    {{Action::incident_handle, "incident_handle", "xử lý sự cố", "handle incidents"},
     {tree, tree, tree, no, town, no, no, no, no, no}},
    // Article 15.2.b: everybody; the page asks for no account.
    {{Action::incident_report, "incident_report", "báo sự cố", "report an incident"},
     {own, own, own, own, own, own, own, own, own, own}},
    {{Action::warning_read, "warning_read", "xem cảnh báo", "see warnings"},
     {tree, tree, tree, no, town, town, no, no, no, tree}},
    // The administrator, too: nobody gives a right that they do not hold, and somebody must appoint the town office.
    {{Action::warning_issue, "warning_issue", "phát cảnh báo", "issue warnings"},
     {tree, no, no, no, town, no, no, no, no, no}},
    {{Action::warning_answer, "warning_answer", "phản hồi cảnh báo", "answer warnings"},
     {no, tree, tree, no, no, no, no, no, no, no}},
    // It shows what logs hold, and can open findings: for who searches and writes rules.
    {{Action::rule_run, "rule_run", "chạy luật phát hiện trên nhật ký đã lưu", "run detection rules over kept logs"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::device_order, "device_order", "ra lệnh gỡ cô lập, bỏ chặn, thu thập, khôi phục tệp cho thiết bị",
      "order a device's agent to release, unblock, collect or restore"},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    // A wrong order takes a machine away from those who work with it.
    {{Action::device_contain, "device_contain", "ra lệnh cô lập, chặn, dừng tiến trình, xóa tệp cách ly trên thiết bị",
      "order a device's agent to isolate, block, stop or destroy", true},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::device_policy_manage, "device_policy_manage", "đặt việc thiết bị tự làm: quét virus, sao lưu",
      "set what devices do by themselves: scans, backups"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    // Who makes a machine blind must not do so alone.
    {{Action::device_policy_weaken, "device_policy_weaken", "giảm mức bảo vệ trong việc thiết bị tự làm",
      "lower the protection in what devices do by themselves", true},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    // Article 5: who answers for patches says why one has to wait, not who would have to install it.
    {{Action::patch_except, "patch_except", "chấp nhận tạm thời chưa cài một bản vá",
      "accept for a time that an update is not installed"},
     {no, tree, no, no, no, no, no, no, no, no}},
    {{Action::vulnerability_manage, "vulnerability_manage", "nhập danh mục lỗ hổng đã công bố",
      "import lists of known vulnerabilities"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::signature_manage, "signature_manage", "nhập mẫu nhận dạng mã độc cho mạng không nối Internet",
      "import antivirus signatures for networks without the Internet"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    // What the agents run is what every machine of the town runs with high rights.
    {{Action::agent_release, "agent_release", "đưa phiên bản luy-agent xuống thiết bị",
      "say which version of luy-agent devices run", true},
     {tree, no, tree, no, no, no, no, no, no, no}},
    {{Action::backup_read, "backup_read", "xem sao lưu", "see the backups"},
     {tree, tree, tree, no, town, no, no, no, no, tree}},
    {{Action::backup_manage, "backup_manage", "đặt bộ sao lưu, ghi sổ thiết bị lưu trữ ngoài và diễn tập phục hồi",
      "set up backups, keep the register of external media and run restore drills"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    // It writes over what people work with, and may bring back what was deleted for a reason.
    {{Action::backup_restore, "backup_restore", "phục hồi dữ liệu từ bản sao lưu", "restore data from a backup", true},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    // Whoever holds the key reads everything that was backed up.
    {{Action::backup_reveal, "backup_reveal", "xem khóa của kho sao lưu", "see the key of a backup repository", true},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::equipment_read, "equipment_read", "xem sổ thiết bị mạng, thiết bị lưu trữ",
      "see the register of network and storage devices"},
     {tree, tree, tree, no, town, town, no, no, no, tree}},
    {{Action::equipment_manage, "equipment_manage", "ghi sổ thiết bị mạng, thiết bị lưu trữ và việc đổi mật khẩu",
      "keep the register of network and storage devices and of their password changes"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::network_read, "network_read", "xem thiết bị lạ trong mạng, quy hoạch địa chỉ và đường truyền",
      "see unknown neighbours, address plans and links"},
     {tree, tree, tree, no, town, no, no, no, no, tree}},
    {{Action::network_manage, "network_manage", "xác định thiết bị lạ, ghi quy hoạch địa chỉ và đường truyền",
      "say what unknown neighbours are, keep address plans and links"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    // Article 6.1.d makes the head answer for devices for state secrets. Who keeps the network has no business with
    // them.
    {{Action::secret_device_read, "secret_device_read", "xem sổ thiết bị bí mật nhà nước",
      "see the register of devices for state secrets"},
     {no, tree, tree, no, no, no, no, no, no, tree}},
    {{Action::secret_device_manage, "secret_device_manage", "ghi sổ thiết bị bí mật nhà nước",
      "keep the register of devices for state secrets"},
     {no, tree, tree, no, no, no, no, no, no, no}},
    // Article 6.1.d: the head approves; somebody must be able to appoint one. Never who asked for the move.
    {{Action::secret_move_approve, "secret_move_approve", "duyệt di chuyển thiết bị bí mật nhà nước",
      "approve that a device for state secrets is moved"},
     {no, tree, tree, no, no, no, no, no, no, no}},
    // Every agency's papers are made of them: asked of the agency above all others.
    {{Action::form_manage, "form_manage", "sửa biểu mẫu văn bản", "change the forms of papers"},
     {tree, no, no, no, town, no, no, no, no, no}},
    // Articles 12.1 and 12.3: the office keeps the liaison with the province and beyond.
    {{Action::contact_manage, "contact_manage", "ghi và xác minh đầu mối liên hệ",
      "keep and verify the contacts of the town office"},
     {tree, no, no, no, town, no, no, no, no, no}},
    // The register says what an agency runs and where: whoever reads its cases reads it.
    {{Action::system_read, "system_read", "xem sổ hệ thống thông tin, sơ đồ mạng",
      "see the register of information systems and the network plans"},
     {tree, tree, tree, no, town, no, no, no, no, tree}},
    {{Action::system_manage, "system_manage", "ghi sổ hệ thống thông tin, lưu sơ đồ mạng",
      "keep the register of information systems and the network plans"},
     {tree, tree, no, no, town, no, no, no, no, no}},
    {{Action::person_read, "person_read", "xem danh sách người", "see people"},
     {tree, tree, tree, own, town, own, own, own, own, tree}},
    {{Action::person_manage, "person_manage", "ghi, sửa hồ sơ người", "keep the records of people"},
     {tree, no, tree, no, no, no, no, no, no, no}},
    // Article 7.3.b: the agency does it; the office that answers for all of them sees what is still open.
    {{Action::leave_read, "leave_read", "xem việc thôi việc, chuyển công tác", "see leavers and movers"},
     {tree, tree, tree, own, town, no, no, no, no, tree}},
    {{Action::leave_manage, "leave_manage", "lập và xử lý việc thôi việc, chuyển công tác",
      "open and handle the cases of leavers and movers"},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::account_control_read, "account_control_read", "xem tài khoản trên thiết bị",
      "see the accounts on devices"},
     {tree, tree, tree, no, no, no, no, no, no, tree}},
    {{Action::account_link, "account_link", "xác định người dùng của tài khoản trên thiết bị",
      "say whose the accounts on devices are"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::access_review, "access_review", "rà soát quyền truy cập", "review access rights"},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::commitment_read, "commitment_read", "xem cam kết, phân công và tập huấn",
      "see commitments, appointments and training"},
     {tree, tree, tree, own, town, own, own, own, own, tree}},
    {{Action::commitment_manage, "commitment_manage", "ghi cam kết, phân công và tập huấn",
      "keep commitments, appointments and training"},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::commitment_sign, "commitment_sign", "ký cam kết của mình", "sign their own commitment"},
     {own, own, own, own, own, own, own, own, own, own}},
    // Programs of outsiders read what is handed to them, not the hub.
    {{Action::token_own, "token_own", "lập mã truy cập API của mình", "make API tokens of their own"},
     {own, own, own, no, own, no, no, no, no, no}},
    {{Action::token_manage, "token_manage", "xem và hủy mã truy cập API của người khác",
      "see and end the API tokens of others"},
     {tree, no, no, no, no, no, no, no, no, no}},
    // Whoever says where people sign in from says who gets in.
    {{Action::source_manage, "source_manage", "đặt nguồn đăng nhập LDAP, OpenID Connect",
      "set up sign-in by LDAP and OpenID Connect", true},
     {tree, no, tree, no, no, no, no, no, no, no}},
    {{Action::notice_manage, "notice_manage", "đặt thư và webhook thông báo", "set up mail and webhooks", true},
     {tree, no, tree, no, no, no, no, no, no, no}},
    {{Action::audit_read, "audit_read", "xem nhật ký thao tác", "read the audit trail"},
     {tree, tree, tree, own, town, own, own, own, own, tree}},
    {{Action::hold_release, "hold_release", "gỡ lưu giữ pháp lý trước hạn", "end a legal hold before its day", true},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::evidence_export, "evidence_export", "xuất gói bằng chứng của nhật ký",
      "export packages of the logs with their proofs"},
     {tree, tree, tree, no, no, no, no, no, no, tree}},
    // How long logs are kept, where their copies lie, which days are whole (articles 5.5 and 9.2).
    {{Action::custody_read, "custody_read", "xem việc giữ nhật ký", "see how the logs are kept and copied"},
     {tree, tree, tree, no, town, no, no, no, no, tree}},
    {{Action::custody_manage, "custody_manage", "ghi sổ thiết bị lưu và bản sao nhật ký",
      "keep the register of media and copies of the logs"},
     {tree, tree, no, no, no, no, no, no, no, no}},
    {{Action::retention_manage, "retention_manage", "đặt thời hạn giữ nhật ký", "set how long logs are kept", true},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::evidence_erase, "evidence_erase", "xóa nội dung bản ghi nhật ký", "erase the content of single records",
      true},
     {tree, tree, tree, no, no, no, no, no, no, no}},
    {{Action::witness_manage, "witness_manage", "đặt nhân chứng và dấu thời gian cho nhật ký",
      "set up witnesses and time-stamps of the logs"},
     {tree, no, no, no, town, no, no, no, no, no}},
    // Articles 9.2, 10.3 and 12.1: the agency asks for its own, the town office for all of the town's.
    {{Action::provider_ask, "provider_ask", "gửi yêu cầu cho đơn vị cung cấp dịch vụ", "send requests to providers"},
     {tree, tree, no, no, town, no, no, no, no, no}},
    // A provider sees the requests made to it and nothing else.
    {{Action::provider_answer, "provider_answer", "trả lời yêu cầu được giao", "answer the requests made to oneself"},
     {no, no, no, no, no, no, no, no, own, no}},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles[i].role != static_cast<Role>(i)) return false;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].entry.action != static_cast<Action>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "the tables stand in the order of their enumerations");

constexpr PolicyTable make_table() {
  PolicyTable table{};
  for (std::size_t i = 0; i < rows.size(); ++i) table[i] = rows[i].reach;
  return table;
}
constexpr PolicyTable table = make_table();

}  // namespace

const PolicyTable& policy_table() {
  return table;
}

const RoleEntry& entry_of(Role role) {
  return roles[static_cast<std::size_t>(role)];
}
const ActionEntry& entry_of(Action action) {
  return rows[static_cast<std::size_t>(action)].entry;
}

std::string_view name_of(Role role) {
  return entry_of(role).name;
}
std::string_view name_of(Action action) {
  return entry_of(action).name;
}

std::optional<Role> role_from_name(std::string_view name) {
  for (const RoleEntry& role : roles) {
    if (role.name == name) return role.role;
  }
  return std::nullopt;
}

std::optional<Action> action_from_name(std::string_view name) {
  for (const ActionRow& row : rows) {
    if (row.entry.name == name) return row.entry.action;
  }
  return std::nullopt;
}

RoleTitle title_of(Role role) {
  return {entry_of(role).vi, entry_of(role).en};
}

RoleTitle title_of(Action action) {
  return {entry_of(action).vi, entry_of(action).en};
}

Reach reach_of(Role role, Action action) {
  return table[static_cast<std::size_t>(action)][static_cast<std::size_t>(role)];
}

bool takes_two(Action action) {
  return entry_of(action).two;
}

std::string policy_document() {
  std::string out =
      "# Who may do what\n\n"
      "Written from the table in `src/directory/policy_table.cc`, which decides on every route, import and command; "
      "the\n"
      "test `directory` fails when this page differs from it (`LUY_UPDATE=1` rewrites the page), and reads its matrix "
      "of\n"
      "expectations from this page.\n\n"
      "| Sign | Reach |\n|---|---|\n"
      "| **T** | in the whole town that the agency of the role belongs to |\n"
      "| **S** | in the agency where the role is held and in every agency below it |\n"
      "| **A** | in the agency where the role is held alone |\n"
      "| o | only what is one's own |\n"
      "| · | not at all |\n\n"
      "A role is held in an agency from a day to a day, by appointment or because its holder handed it over for that\n"
      "time. Before an issued password is changed nothing but `session_use` is allowed (article 7.2.b). Nobody gives "
      "a\n"
      "right that they do not hold. Acts marked ‡ take effect when a second person who may do them has agreed.\n\n"
      "| Action |";
  for (const RoleEntry& role : roles) out += " " + std::string(role.name) + " |";
  out += " What it is |\n|---|";
  for (std::size_t i = 0; i < roles.size(); ++i) out += ":-:|";
  out += "---|\n";
  for (const ActionRow& row : rows) {
    out += "| `" + std::string(row.entry.name) + "`" + (row.entry.two ? " ‡" : "") + " |";
    for (const Reach reach : row.reach) {
      constexpr std::array<std::string_view, reach_count> signs = {"·", "o", "**A**", "**S**", "**T**"};
      out += " " + std::string(signs[static_cast<std::size_t>(reach)]) + " |";
    }
    out += " " + std::string(row.entry.en) + " (" + std::string(row.entry.vi) + ") |\n";
  }
  out += "\n| Role | English | Vietnamese |\n|---|---|---|\n";
  for (const RoleEntry& role : roles) {
    out += "| `" + std::string(role.name) + "` | " + std::string(role.en) + " | " + std::string(role.vi) + " |\n";
  }
  return out;
}

}  // namespace luy::directory
