#include "directory/policy.h"

#include <algorithm>
#include <array>
#include <utility>

namespace luy::directory {
namespace {

struct RoleEntry {
  Role role;
  std::string_view name;
  std::string_view vi;
  std::string_view en;
};

constexpr std::array<RoleEntry, role_count> roles = {{
    {Role::system_admin, "system_admin", "Quản trị hệ thống", "System administrator"},
    {Role::security_officer, "security_officer", "Cán bộ phụ trách an toàn thông tin", "Security officer"},
    {Role::agency_head, "agency_head", "Thủ trưởng cơ quan", "Head of agency"},
    {Role::staff, "staff", "Cán bộ, công chức, viên chức", "Staff"},
    {Role::town_office, "town_office", "Văn phòng HĐND&UBND", "Town office"},
    {Role::auditor, "auditor", "Kiểm tra, thanh tra", "Auditor"},
}};

// The acts and who may perform them. Reach per role in the order of `Role`: system_admin, security_officer,
// agency_head, staff, town_office, auditor. The verb phrases stand after "Chỉ … mới được" and "may".
struct ActionEntry {
  Action action;
  std::string_view name;
  std::string_view vi;
  std::string_view en;
  std::array<Reach, role_count> reach;
};

constexpr Reach no = Reach::none;
constexpr Reach own = Reach::own;
constexpr Reach agency = Reach::agency;
constexpr Reach every = Reach::everywhere;

constexpr std::array<ActionEntry, action_count> actions = {{
    {Action::session_use,
     "session_use",
     "sử dụng phiên làm việc của mình",
     "use their own session",
     {own, own, own, own, own, own}},
    {Action::overview_read,
     "overview_read",
     "xem tổng quan tuân thủ",
     "see the overview of compliance",
     {agency, agency, agency, no, agency, agency}},
    {Action::agency_read,
     "agency_read",
     "xem danh sách cơ quan",
     "see the agencies",
     {agency, agency, agency, agency, agency, agency}},
    {Action::agency_manage,
     "agency_manage",
     "lập, đổi, kết thúc cơ quan",
     "create, change and close agencies",
     {agency, no, no, no, no, no}},
    {Action::device_read, "device_read", "xem thiết bị", "see devices", {agency, agency, agency, no, agency, agency}},
    {Action::device_enrol,
     "device_enrol",
     "cấp mã đăng ký thiết bị",
     "issue enrolment tokens for devices",
     {agency, agency, no, no, no, no}},
    {Action::device_manage,
     "device_manage",
     "sửa hồ sơ thiết bị",
     "change a device's record",
     {agency, agency, no, no, no, no}},
    {Action::software_read,
     "software_read",
     "xem phần mềm",
     "see software",
     {agency, agency, agency, no, agency, agency}},
    // Article 5 makes the security officer answer for what is installed; who installs must not also approve.
    {Action::software_approve,
     "software_approve",
     "phê duyệt phần mềm",
     "approve software",
     {no, agency, no, no, no, no}},
    {Action::verdict_read,
     "verdict_read",
     "xem kết quả đánh giá tuân thủ",
     "see verdicts",
     {agency, agency, agency, no, agency, agency}},
    // Logs hold personal data: who only needs the state of an agency (the town office) does not read them.
    {Action::evidence_search,
     "evidence_search",
     "tra cứu nhật ký",
     "search the logs",
     {agency, agency, agency, no, no, agency}},
    {Action::evidence_prove,
     "evidence_prove",
     "xem bằng chứng của nhật ký",
     "see the proof of a record",
     {agency, agency, agency, no, agency, agency}},
    {Action::regulation_read,
     "regulation_read",
     "xem quy chế",
     "read the regulation",
     {every, every, every, every, every, every}},
    {Action::wifi_manage,
     "wifi_manage",
     "đăng ký mạng không dây và ghi nhận đổi khóa",
     "register wireless networks and record key changes",
     {agency, agency, no, no, no, no}},
    {Action::account_read, "account_read", "xem tài khoản", "see accounts", {agency, agency, agency, own, own, agency}},
    {Action::account_manage,
     "account_manage",
     "cấp, khóa tài khoản và cấp lại mật khẩu",
     "issue and disable accounts and issue passwords",
     {agency, no, no, no, no, no}},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < roles.size(); ++i) {
    if (roles[i].role != static_cast<Role>(i)) return false;
  }
  for (std::size_t i = 0; i < actions.size(); ++i) {
    if (actions[i].action != static_cast<Action>(i)) return false;
  }
  return true;
}
static_assert(in_order(), "the tables stand in the order of their enumerations");

const RoleEntry& entry(Role role) {
  return roles[static_cast<std::size_t>(role)];
}
const ActionEntry& entry(Action action) {
  return actions[static_cast<std::size_t>(action)];
}

bool is_own(const Actor& actor, const Object& object) {
  return object.account && !actor.account.empty() && *object.account == actor.account;
}

bool reaches(const Actor& actor, const Grant& grant, Action action, const Object& object) {
  const Reach reach = reach_of(grant.role, action);
  if (reach == Reach::none) return false;
  if (object.any || reach == Reach::everywhere || is_own(actor, object)) return true;
  if (reach == Reach::own) return false;
  return std::find(object.agencies.begin(), object.agencies.end(), grant.agency) != object.agencies.end();
}

Decision refused(std::string vi, std::string en) {
  return {false, std::move(vi), std::move(en)};
}

// The farthest that any of the actor's roles carries the act, wherever it is held.
Reach farthest(const Actor& actor, Action action) {
  Reach out = Reach::none;
  for (const Grant& grant : actor.grants) out = std::max(out, reach_of(grant.role, action));
  return out;
}

Decision refused_to_role(Action action) {
  std::string vi;
  std::string en;
  for (const RoleEntry& role : roles) {
    if (reach_of(role.role, action) < Reach::agency) continue;
    vi += (vi.empty() ? "" : ", ") + std::string(role.vi);
    en += (en.empty() ? "" : ", ") + std::string(role.en);
  }
  return refused("chỉ vai trò sau mới được " + std::string(entry(action).vi) + ": " + vi + ".",
                 "only these roles may " + std::string(entry(action).en) + ": " + en + ".");
}

Decision reason(const Actor& actor, Action action) {
  if (actor.grants.empty()) {
    return refused("tài khoản của bạn chưa được giao vai trò nào; hãy đề nghị quản trị hệ thống giao vai trò.",
                   "your account holds no role yet; ask the system administrator for one.");
  }
  switch (farthest(actor, action)) {
    case Reach::none:
      return refused_to_role(action);
    case Reach::own:
      return refused("bạn chỉ được " + std::string(entry(action).vi) + " của chính mình.",
                     "you may " + std::string(entry(action).en) + " only where it is your own.");
    default:
      return refused("bạn chỉ được " + std::string(entry(action).vi) +
                         " trong cơ quan được giao và các đơn vị trực thuộc; đối tượng này nằm ngoài phạm vi đó.",
                     "you may " + std::string(entry(action).en) +
                         " only in the agency given to you and those below it; this lies outside.");
  }
}

}  // namespace

std::string_view name_of(Role role) {
  return entry(role).name;
}
std::string_view name_of(Action action) {
  return entry(action).name;
}

std::optional<Role> role_from_name(std::string_view name) {
  for (const RoleEntry& role : roles) {
    if (role.name == name) return role.role;
  }
  return std::nullopt;
}

std::optional<Action> action_from_name(std::string_view name) {
  for (const ActionEntry& action : actions) {
    if (action.name == name) return action.action;
  }
  return std::nullopt;
}

RoleTitle title_of(Role role) {
  return {entry(role).vi, entry(role).en};
}

Reach reach_of(Role role, Action action) {
  return entry(action).reach[static_cast<std::size_t>(role)];
}

Decision may(const Actor& actor, Action action, const Object& object) {
  if (action == Action::session_use) {
    // Also before the issued password is changed, and with no role at all: signing out must always work.
    if (object.any || is_own(actor, object)) return {true, {}, {}};
    return refused("bạn chỉ được sử dụng phiên làm việc của chính mình.", "you may use only your own session.");
  }
  if (actor.must_change_password) {
    return refused(std::string(must_change_password.vi), std::string(must_change_password.en));
  }
  for (const Grant& grant : actor.grants) {
    if (reaches(actor, grant, action, object)) return {true, {}, {}};
  }
  return reason(actor, action);
}

Result<void> require(const Actor& actor, Action action, const Object& object) {
  const Decision decision = may(actor, action, object);
  if (decision.allowed) return {};
  if (actor.must_change_password && action != Action::session_use) return Error(must_change_password);
  return Error(not_allowed, decision.vi, decision.en);
}

std::vector<AgencyId> agencies_of(const Actor& actor, Action action) {
  std::vector<AgencyId> out;
  if (actor.must_change_password) return out;
  for (const Grant& grant : actor.grants) {
    if (reach_of(grant.role, action) < Reach::agency) continue;
    if (std::find(out.begin(), out.end(), grant.agency) == out.end()) out.push_back(grant.agency);
  }
  return out;
}

std::string policy_document() {
  std::string out =
      "# Who may do what\n\n"
      "Written from the table in `src/directory/policy.cc`, which decides on every route, import and command; the "
      "test\n"
      "`directory` fails when this page differs from it (`LUY_UPDATE=1` rewrites the page).\n\n"
      "| Sign | Reach |\n|---|---|\n"
      "| **A** | in the agency where the role is held and in every agency below it |\n"
      "| **E** | everywhere, also what belongs to no agency |\n"
      "| o | only what is one's own |\n"
      "| · | not at all |\n\n"
      "A role is held in an agency. Before an issued password is changed nothing but `session_use` is allowed\n"
      "(article 7.2.b).\n\n| Action |";
  for (const RoleEntry& role : roles) out += " " + std::string(role.name) + " |";
  out += " What it is |\n|---|";
  for (std::size_t i = 0; i < roles.size(); ++i) out += ":-:|";
  out += "---|\n";
  for (const ActionEntry& action : actions) {
    out += "| `" + std::string(action.name) + "` |";
    for (const Reach reach : action.reach) {
      constexpr std::array<std::string_view, 4> signs = {"·", "o", "**A**", "**E**"};
      out += " " + std::string(signs[static_cast<std::size_t>(reach)]) + " |";
    }
    out += " " + std::string(action.en) + " (" + std::string(action.vi) + ") |\n";
  }
  out += "\n| Role | English | Vietnamese |\n|---|---|---|\n";
  for (const RoleEntry& role : roles) {
    out += "| `" + std::string(role.name) + "` | " + std::string(role.en) + " | " + std::string(role.vi) + " |\n";
  }
  return out;
}

}  // namespace luy::directory
