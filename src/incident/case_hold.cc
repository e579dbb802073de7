// The end of a hold, by two people.
#include <algorithm>

#include "directory/deciders.h"
#include "incident/case_book.h"
#include "incident/store/tables.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using directory::AuditEntry;
using directory::Caller;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  return found != nullptr && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

// The first day that the holds keep, without the one that is named.
Result<json::value> kept_from(records::Connection& c, const PartId* without) {
  LUY_TRY(const std::vector<tables::HeldPart> all, tables::parts_of_kind(c, PartKind::hold));
  std::optional<Day> first;
  for (const tables::HeldPart& one : all) {
    const auto from = from_rfc3339(text_at(one.part.body, "from"));
    if (!from || !text_at(one.part.body, "released_at").empty()) continue;
    if (without != nullptr && one.part.id == *without) continue;
    first = std::min(first.value_or(day_of(*from)), day_of(*from));
  }
  return first ? json::value(to_iso(*first)) : json::value(nullptr);
}

}  // namespace

directory::ActKind CaseBook::release_act() {
  const auto run = [this](records::Connection& c, const Caller& caller, const json::object& body,
                          AuditEntry& entry) -> Result<json::object> {
    const auto id = CaseId::trusted(body.at("case").as_string());
    const auto wanted = PartId::trusted(body.at("part").as_string());
    directory::Object place;
    for (const json::value& one : body.at("above").as_array()) {
      place.agencies.push_back(AgencyId::trusted(one.as_string()));
    }
    entry.object = "case:" + id.text();
    LUY_TRY_VOID(caller.require(directory::Action::hold_release, place));
    LUY_TRY(const Case one, tables::load(c, id));
    LUY_TRY(const std::vector<Part> all, tables::parts(c, id));
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Part& each) { return each.id == wanted && each.kind == PartKind::hold; });
    if (found == all.end()) return Error(part_unknown);
    Part hold = *found;
    if (!text_at(hold.body, "released_at").empty()) return Error(hold_over);
    const std::string reason = clean_text(text_at(body, "reason"), reason_bytes_max);
    if (reason.empty()) return Error(text_missing, "lý do thôi giữ", "why it is released");
    // What both see must not change by the passing of time, or nobody could agree to it tomorrow.
    entry.before = hold.body;
    entry.before["number"] = one.number;
    LUY_TRY(entry.before["kept_from"], kept_from(c, nullptr));
    entry.after = {{"agency", one.agency.text()},
                   {"number", one.number},
                   {"part", hold.id.text()},
                   {"released", true},
                   {"release_reason", reason}};
    LUY_TRY(entry.after["kept_from"], kept_from(c, &hold.id));
    const std::string by = text_at(body, "by");
    hold.body["released_at"] = to_rfc3339(d_.clock.now());
    hold.body["release_reason"] = reason;
    LUY_TRY(const std::vector<std::string> deciders, directory::deciders_of(c, caller, by));
    hold.body["released_by"] = deciders.size() == 1 ? by : by + ", " + deciders.back();
    LUY_TRY_VOID(tables::save(c, id, hold));
    LUY_TRY_VOID(add_entry(c, id, by, "part", {"Thôi giữ nhật ký: " + reason, "The hold on logs has ended: " + reason},
                           {{"part", hold.id.text()}, {"kind", name_of(hold.kind)}}));
    return json::object();
  };
  const auto places = [](records::Connection&, const json::object& body) -> Result<std::vector<AgencyId>> {
    return std::vector<AgencyId>{AgencyId::trusted(body.at("above").as_array().front().as_string())};
  };
  return {directory::Action::hold_release, run, places};
}

}  // namespace luy::incident
