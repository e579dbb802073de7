#include "directory/policy.h"

#include <algorithm>
#include <utility>

#include "directory/stored/policy_names.h"

namespace luy::directory {
namespace {

bool is_own(const Actor& actor, const Object& object) {
  return object.account && !actor.account.empty() && *object.account == actor.account;
}

bool stands_in(const Object& object, const AgencyId& agency) {
  return std::find(object.agencies.begin(), object.agencies.end(), agency) != object.agencies.end();
}

bool reaches(Reach reach, const Actor& actor, const Grant& grant, const Object& object) {
  if (reach == Reach::none) return false;
  if (object.any || is_own(actor, object)) return true;
  switch (reach) {
    case Reach::agency:
      return !object.agencies.empty() && object.agencies.front() == grant.agency;
    case Reach::subtree:
      return stands_in(object, grant.agency);
    case Reach::town:
      return stands_in(object, grant.town());
    default:
      return false;
  }
}

// Whether the token that speaks for the actor, if one does, carries the act there.
bool carries(const Actor& actor, Action action, const Object& object) {
  if (!actor.token) return true;
  if (!actor.token->carries[static_cast<std::size_t>(action)]) return false;
  return object.any || actor.token->above.empty() || stands_in(object, actor.token->above.front());
}

// What a token leaves of a root that its owner's rights begin at.
std::optional<AgencyId> left_of(const Actor& actor, const AgencyId& root) {
  if (!actor.token || actor.token->above.empty()) return root;
  const auto among = [&](const std::vector<AgencyId>& agencies) {
    return std::find(agencies.begin(), agencies.end(), root) != agencies.end();
  };
  if (among(actor.token->above)) return actor.token->above.front();
  if (among(actor.token->below)) return root;
  return std::nullopt;
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
  for (std::size_t i = 0; i < role_count; ++i) {
    const auto role = static_cast<Role>(i);
    if (reach_of(role, action) < Reach::agency) continue;
    vi += (vi.empty() ? "" : ", ") + std::string(entry_of(role).vi);
    en += (en.empty() ? "" : ", ") + std::string(entry_of(role).en);
  }
  if (vi.empty()) {
    return refused("vai trò của bạn không được " + std::string(entry_of(action).vi) + ".",
                   "your role may not " + std::string(entry_of(action).en) + ".");
  }
  return refused("chỉ vai trò sau mới được " + std::string(entry_of(action).vi) + ": " + vi + ".",
                 "only these roles may " + std::string(entry_of(action).en) + ": " + en + ".");
}

Decision reason(const Actor& actor, Action action) {
  const std::string vi(entry_of(action).vi);
  const std::string en(entry_of(action).en);
  if (actor.grants.empty()) {
    return refused("tài khoản của bạn chưa được giao vai trò nào; hãy đề nghị quản trị hệ thống giao vai trò.",
                   "your account holds no role yet; ask the system administrator for one.");
  }
  switch (farthest(actor, action)) {
    case Reach::none:
      return refused_to_role(action);
    case Reach::own:
      return refused("bạn chỉ được " + vi + " của chính mình.", "you may " + en + " only where it is your own.");
    case Reach::agency:
      return refused("bạn chỉ được " + vi + " trong chính cơ quan được giao; đối tượng này nằm ngoài cơ quan đó.",
                     "you may " + en + " only in the very agency given to you; this lies outside.");
    case Reach::town:
      return refused("bạn chỉ được " + vi + " trong địa bàn của mình; đối tượng này thuộc địa bàn khác.",
                     "you may " + en + " only in your own town; this belongs to another.");
    default:
      return refused("bạn chỉ được " + vi +
                         " trong cơ quan được giao và các đơn vị trực thuộc; đối tượng này nằm ngoài phạm vi đó.",
                     "you may " + en + " only in the agency given to you and those below it; this lies outside.");
  }
}

}  // namespace

bool allows(const PolicyTable& table, const Actor& actor, Action action, const Object& object) {
  if (!carries(actor, action, object)) return false;
  // Also before the issued password is changed, and with no role at all: signing out must always work.
  if (action == Action::session_use) return object.any || is_own(actor, object);
  if (actor.must_change_password || actor.must_enrol_factor) return false;
  const auto& row = table[static_cast<std::size_t>(action)];
  return std::any_of(actor.grants.begin(), actor.grants.end(), [&](const Grant& grant) {
    return reaches(row[static_cast<std::size_t>(grant.role)], actor, grant, object);
  });
}

Decision may(const Actor& actor, Action action, const Object& object) {
  if (allows(policy_table(), actor, action, object)) return {true, {}, {}};
  if (!carries(actor, action, object)) {
    return refused("mã truy cập API này không mang quyền " + std::string(entry_of(action).vi) + " ở đây.",
                   "this API token does not carry the right to " + std::string(entry_of(action).en) + " here.");
  }
  if (action == Action::session_use) {
    return refused("bạn chỉ được sử dụng phiên làm việc của chính mình.", "you may use only your own session.");
  }
  if (actor.must_change_password) {
    return refused(std::string(must_change_password.vi), std::string(must_change_password.en));
  }
  if (actor.must_enrol_factor) return refused(std::string(must_enrol_factor.vi), std::string(must_enrol_factor.en));
  return reason(actor, action);
}

Result<void> require(const Actor& actor, Action action, const Object& object) {
  const Decision decision = may(actor, action, object);
  if (decision.allowed) return {};
  if (actor.must_change_password && action != Action::session_use) return Error(must_change_password);
  if (actor.must_enrol_factor && action != Action::session_use) return Error(must_enrol_factor);
  return Error(not_allowed, decision.vi, decision.en);
}

std::vector<AgencyId> agencies_of(const Actor& actor, Action action) {
  std::vector<AgencyId> out;
  if (actor.must_change_password || actor.must_enrol_factor) return out;
  if (!carries(actor, action, Object::anywhere())) return out;
  for (const Grant& grant : actor.grants) {
    const Reach reach = reach_of(grant.role, action);
    if (reach < Reach::subtree) continue;
    const auto root = left_of(actor, reach == Reach::town ? grant.town() : grant.agency);
    if (root && std::find(out.begin(), out.end(), *root) == out.end()) out.push_back(*root);
  }
  return out;
}

}  // namespace luy::directory
