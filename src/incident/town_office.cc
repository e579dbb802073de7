// Values of the town office, and the two acts of CaseBook that belong to it.
#include "incident/town_office.h"

#include <algorithm>

#include "directory/policy.h"
#include "incident/case_book.h"
#include "incident/store/tables.h"

namespace luy::incident {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr ? found->if_object() : nullptr;
}

Support& count(Support& into, const Part& part) {
  if (part.kind == PartKind::support) ++(text_at(part.body, "given_at").empty() ? into.open : into.given);
  return into;
}

}  // namespace

json::object to_json(const TownSide& side) {
  json::object out;
  if (side.receipt) {
    const TownReceipt& one = *side.receipt;
    out["receipt"] = json::object{{"at", to_rfc3339(one.at)}, {"by", one.by}, {"act", one.act}};
  }
  if (side.assignee) {
    out["assignee"] = json::object{{"account", side.assignee->account.text()}, {"name", side.assignee->name}};
  }
  return out;
}

TownSide town_side_from(const json::object& object) {
  TownSide out;
  if (const json::object* one = object_at(object, "receipt")) {
    if (const auto at = from_rfc3339(text_at(*one, "at")))
      out.receipt = {*at, text_at(*one, "by"), text_at(*one, "act")};
  }
  if (const json::object* one = object_at(object, "assignee")) {
    if (const auto account = AccountId::parse(text_at(*one, "account")))
      out.assignee = {*account, text_at(*one, "name")};
  }
  return out;
}

json::value account_json(const TownSide& side) {
  return side.assignee ? json::value(side.assignee->account.text()) : json::value(nullptr);
}

bool is_same_account(const std::optional<Assignee>& a, const std::optional<Assignee>& b) {
  return a && b ? a->account == b->account : a.has_value() == b.has_value();
}

Receiving receiving(const Process& process, const std::vector<std::string>& roles) {
  Receiving out;
  const auto& towns = process.receipt.roles;
  for (const std::string& role : roles) {
    const bool is_towns = std::find(towns.begin(), towns.end(), role) != towns.end();
    (is_towns ? out.for_town : out.for_agency) = true;
  }
  return out;
}

Text town_office_title(const Process& process) {
  Text out;
  for (const std::string& name : process.receipt.roles) {
    const auto role = directory::role_from_name(name);
    if (!role) continue;
    const directory::RoleTitle title = directory::title_of(*role);
    out.vi += (out.vi.empty() ? "" : ", ") + std::string(title.vi);
    out.en += (out.en.empty() ? "" : ", ") + std::string(title.en);
  }
  return out;
}

bool waits_for_receipt(const Process& process, const Case& one) {
  if (one.town.receipt) return false;
  const ProcessState* state = process.state(one.state);
  const bool is_over = state == nullptr || state->is_end;
  return !is_over || one.moments.contains(Moment::ended);
}

Support CaseBook::support_of(std::span<const Part> parts) {
  Support out;
  for (const Part& part : parts) count(out, part);
  return out;
}

Result<std::map<CaseId, Support>> CaseBook::supports() const {
  return d_.database.read([](records::Connection& c) { return supports_in(c); });
}

Result<std::map<CaseId, Support>> CaseBook::supports_in(records::Connection& c) {
  LUY_TRY(const std::vector<tables::HeldPart> all, tables::parts_of_kind(c, PartKind::support));
  std::map<CaseId, Support> out;
  for (const tables::HeldPart& one : all) count(out[one.case_id], one.part);
  return out;
}

Result<Case> CaseBook::receive(const Actor& actor, const CaseId& id) {
  return change(actor, id, "receive", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
    const Text office = town_office_title(d_.process);
    if (!receiving(d_.process, actor.roles_in(one.agency)).for_town) return Error(wrong_role, office.vi, office.en);
    if (one.town.receipt) return Error(case_received, one.number);
    one.town.receipt = {d_.clock.now(), actor.name, after.at("proof_of").as_string().c_str()};
    return add_entry(c, id, actor.name, "received", {office.vi + " tiếp nhận vụ việc", office.en + " took note"});
  });
}

Result<Case> CaseBook::assign(const Actor& actor, const CaseId& id, const std::optional<Assignee>& to,
                              const std::string& note) {
  return change(actor, id, "assign", [&](records::Connection& c, Case& one, json::object& after) -> Result<void> {
    LUY_TRY_VOID(demand_open(one));
    const std::string before = one.town.assignee ? one.town.assignee->name : "";
    const bool is_same = is_same_account(one.town.assignee, to);
    if (!is_same) one.town.assignee = to;
    const std::string said = clean_text(note, title_bytes_max);
    after["assignee"] = account_json(one.town);
    if (!said.empty()) after["note"] = said;
    if (is_same) return {};
    const std::string more = said.empty() ? "" : ": " + said;
    const Text text = to ? Text{"Giao cho " + to->name + more, "Given to " + to->name + more}
                         : Text{"Thôi giao cho " + before + more, "Taken back from " + before + more};
    return add_entry(c, id, actor.name, "assigned", text, {{"assignee", account_json(one.town)}});
  });
}

}  // namespace luy::incident
