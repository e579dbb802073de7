#include "people/review.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace luy::people {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 4> kind_names = {"account", "device_account", "delegation", "api_token"};

Right right_of(directory::Role role, const AgencyId& agency, const Standing& standing) {
  const directory::RoleTitle title = directory::title_of(role);
  const std::string where = standing.agency_name(agency);
  return {std::string(directory::name_of(role)) + "@" + agency.text(),
          {std::string(title.vi) + " – " + where, std::string(title.en) + " – " + where}};
}

void set_holder(ReviewSubject& subject, const std::optional<PersonId>& person, const Persons& persons) {
  subject.holder = person;
  const auto found = person ? persons.find(*person) : persons.end();
  if (found == persons.end()) return;
  subject.holder_name = found->second.name;
  subject.position = found->second.position;
}

std::optional<ReviewSubject> subject_of(const directory::Account& account, const Standing& standing) {
  if (!account.enabled) return std::nullopt;
  ReviewSubject out;
  bool is_here = standing.in_scope(account.agency);
  for (const directory::Grant& grant : account.grants) {
    // Delegations are lines of their own.
    if (!grant.valid_on(standing.today) || grant.delegated_by) continue;
    is_here = is_here || standing.in_scope(grant.agency);
    out.rights.push_back(right_of(grant.role, grant.agency, standing));
  }
  if (!is_here) return std::nullopt;
  out.kind = SubjectKind::account;
  out.id = account.id.text();
  out.title = account.username;
  set_holder(out, account.person, standing.persons);
  if (out.holder_name.empty()) out.holder_name = account.display_name;
  out.last_used = account.last_sign_in;
  if (account.sealed) out.flags.emplace_back("sealed");
  if (!account.last_sign_in) out.flags.emplace_back("never_used");
  return out;
}

ReviewSubject subject_of(const DeviceAccount& one, const Standing& standing) {
  ReviewSubject out;
  const inventory::Device& device = one.device->device;
  out.kind = SubjectKind::device_account;
  out.id = device.id.text() + "/" + std::to_string(one.account.uid) + "/" + one.account.name;
  out.title = one.account.name + "@" + device.name;
  set_holder(out, one.link ? one.link->person : std::nullopt, standing.persons);
  out.rights.push_back({"login", {"đăng nhập", "log in"}});
  if (one.account.administrator)
    out.rights.push_back({"administrator", {"quản trị máy", "administrator of the device"}});
  out.last_used = one.account.last_login;
  for (const Problem problem : one.problems) out.flags.emplace_back(name_of(problem));
  return out;
}

std::optional<ReviewSubject> subject_of(const directory::Delegation& one, const Standing& standing) {
  const bool is_in_force = !one.ended_at && one.valid_to >= standing.today;
  if (!is_in_force || !standing.in_scope(one.agency)) return std::nullopt;
  ReviewSubject out;
  out.kind = SubjectKind::delegation;
  out.id = one.id.text();
  for (const directory::Account& account : standing.accounts) {
    if (account.id != one.to) continue;
    out.title = account.username;
    set_holder(out, account.person, standing.persons);
    if (out.holder_name.empty()) out.holder_name = account.display_name;
  }
  out.rights.push_back(right_of(one.role, one.agency, standing));
  return out;
}

std::optional<ReviewSubject> subject_of(const directory::ApiToken& one, const Standing& standing) {
  if (!standing.in_scope(one.works_in) && !(one.agency && standing.in_scope(*one.agency))) return std::nullopt;
  ReviewSubject out;
  out.kind = SubjectKind::api_token;
  out.id = one.id.text();
  out.title = one.name;
  set_holder(out, one.person, standing.persons);
  if (out.holder_name.empty()) out.holder_name = one.owner;
  const std::string where = one.agency ? " – " + standing.agency_name(*one.agency) : "";
  const std::string key = one.agency ? "@" + one.agency->text() : "";
  for (const directory::Action action : one.actions) {
    const directory::RoleTitle title = directory::title_of(action);
    out.rights.push_back({std::string(directory::name_of(action)) + key,
                          {std::string(title.vi) + where, std::string(title.en) + where}});
  }
  out.last_used = one.last_used;
  if (!one.last_used) out.flags.emplace_back("never_used");
  return out;
}

std::string text_in(const json::object& object, const char* key) {
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

const json::array& list_in(const json::object& object, const char* key) {
  static const json::array none;
  const json::value* found = object.if_contains(key);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

}  // namespace

std::string_view name_of(SubjectKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

std::optional<SubjectKind> subject_kind_from_name(std::string_view name) {
  const auto found = std::find(kind_names.begin(), kind_names.end(), name);
  if (found == kind_names.end()) return std::nullopt;
  return static_cast<SubjectKind>(found - kind_names.begin());
}

json::object to_json(const ReviewSubject& subject) {
  json::array rights;
  for (const Right& right : subject.rights) {
    rights.push_back(json::object{{"key", right.key}, {"vi", right.title.vi}, {"en", right.title.en}});
  }
  return {{"kind", name_of(subject.kind)},
          {"id", subject.id},
          {"title", subject.title},
          {"holder", subject.holder ? json::value(subject.holder->text()) : json::value(nullptr)},
          {"holder_name", subject.holder_name},
          {"position", subject.position},
          {"rights", std::move(rights)},
          {"last_used", subject.last_used ? json::value(to_rfc3339(*subject.last_used)) : json::value(nullptr)},
          {"flags", json::array(subject.flags.begin(), subject.flags.end())}};
}

ReviewSubject subject_from_json(const json::object& object) {
  ReviewSubject out;
  out.kind = subject_kind_from_name(text_in(object, "kind")).value_or(SubjectKind::account);
  out.id = text_in(object, "id");
  out.title = text_in(object, "title");
  out.holder = PersonId::parse(text_in(object, "holder"));
  out.holder_name = text_in(object, "holder_name");
  out.position = text_in(object, "position");
  for (const json::value& one : list_in(object, "rights")) {
    const json::object& right = one.as_object();
    out.rights.push_back({text_in(right, "key"), {text_in(right, "vi"), text_in(right, "en")}});
  }
  out.last_used = from_rfc3339(text_in(object, "last_used"));
  for (const json::value& one : list_in(object, "flags")) out.flags.emplace_back(one.as_string().c_str());
  return out;
}

std::vector<ReviewSubject> review_subjects(const Standing& standing) {
  std::vector<ReviewSubject> out;
  for (const directory::Account& one : standing.accounts) {
    if (auto subject = subject_of(one, standing)) out.push_back(*std::move(subject));
  }
  for (const DeviceAccount& one : standing.device_accounts) {
    if (standing.in_scope(one.device->device.agency)) out.push_back(subject_of(one, standing));
  }
  for (const directory::Delegation& one : standing.delegations) {
    if (auto subject = subject_of(one, standing)) out.push_back(*std::move(subject));
  }
  for (const directory::ApiToken& one : standing.tokens) {
    if (auto subject = subject_of(one, standing)) out.push_back(*std::move(subject));
  }
  std::stable_sort(out.begin(), out.end(), [](const ReviewSubject& a, const ReviewSubject& b) {
    return std::tie(a.kind, a.title, a.id) < std::tie(b.kind, b.title, b.id);
  });
  return out;
}

}  // namespace luy::people
