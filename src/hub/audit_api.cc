#include "hub/audit_api.h"

#include "event/batch.h"
#include "hub/search_log.h"
#include "hub/source_parts.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;

constexpr std::string_view audit_stream = "hub/audit";

std::string text_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::value text_or_null(std::string text) {
  return text.empty() ? json::value(nullptr) : json::value(std::move(text));
}

json::object object_in(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

// What is asked for.
struct Wanted {
  std::string person;  // User name or id of an account.
  std::string object;  // "account:<id>"
  std::string act;
  std::string outcome;
  bool alarm = false;
  bool searches = false;

  bool matches(const json::object& entry) const {
    const json::object& who = entry.at("who").as_object();
    if (!person.empty() && text_in(who, "name") != person && text_in(who, "account") != person) return false;
    if (!object.empty() && text_in(entry, "object") != object) return false;
    const std::string done = text_in(entry, "act");
    if (!act.empty() ? done != act : !searches && (done == search_act || done == follow_act)) return false;
    if (outcome == "not_done" ? text_in(entry, "outcome") == "done"
                              : !outcome.empty() && text_in(entry, "outcome") != outcome) {
      return false;
    }
    return !alarm || entry.at("alarm").as_bool();
  }
};

bool flag(const api::Request& request, std::string_view name) {
  return request.param(name).value_or("false") == "true";
}

// By the actor, or about their account.
bool is_own(const json::object& entry, const directory::Actor& actor) {
  const std::string id = actor.account.text();
  return text_in(entry.at("who").as_object(), "account") == id || text_in(entry, "object") == "account:" + id;
}

directory::Object place_of(const EvidenceApi& d, const evidence::Record& record) {
  const auto agency = AgencyId::parse(split_source(record.source).agency);
  return agency ? d.agencies.object(*agency) : d.agencies.hub_object();
}

Result<api::Response> list_entries(const EvidenceApi& d, const api::Request& request) {
  const directory::Actor& actor = *request.actor;
  if (actor.must_change_password) return Error(directory::must_change_password);
  if (actor.must_enrol_factor) return Error(directory::must_enrol_factor);
  LUY_TRY_VOID(api::authorise(request, Action::session_use, {{}, actor.account, false}));
  evidence::SearchQuery query;
  LUY_TRY(query.from, request.time_param("from"));
  LUY_TRY(query.until, request.time_param("until"));
  LUY_TRY(const std::int64_t limit, request.number_param("limit", events_default, 1, events_max));
  query.limit = static_cast<std::size_t>(limit);
  if (request.param("cursor")) {
    LUY_TRY(const std::int64_t cursor, request.number_param("cursor", 0, 0, INT64_MAX));
    query.before_seq = static_cast<std::uint64_t>(cursor);
  }
  if (const auto agency = request.param("agency")) {
    const auto id = AgencyId::parse(*agency);
    if (!id || d.agencies.lineage(*id).empty()) return Error(directory::agency_unknown);
    query.source_prefixes = {*agency + "/" + std::string(audit_stream)};
  } else {
    for (const directory::Agency& one : d.agencies.all()) {
      query.source_prefixes.push_back(one.id.text() + "/" + std::string(audit_stream));
    }
    query.source_prefixes.emplace_back(audit_stream);
  }
  Wanted wanted{request.param("person").value_or(""),
                request.param("object").value_or(""),
                request.param("act").value_or(""),
                request.param("outcome").value_or(""),
                flag(request, "alarm"),
                flag(request, "searches")};
  // Narrowed by the store's filters; the entries themselves decide.
  for (const std::string& word : {wanted.person, wanted.object, wanted.act}) {
    if (!word.empty()) query.words.push_back(word);
  }
  const Duration started = d.clock.monotonic();
  json::array items;
  query.enough = [&] { return d.clock.monotonic() - started > search_budget; };
  LUY_TRY(const evidence::SearchStats stats, d.store.search(query, request.gone, [&](const evidence::Record& record) {
    if (query.enough()) return evidence::Visit::stop;
    auto entry = audit_entry_json(record);
    if (!entry || !wanted.matches(*entry)) return evidence::Visit::skip;
    const bool may = directory::may(actor, Action::evidence_search, place_of(d, record)).allowed;
    if (!may && !is_own(*entry, actor)) return evidence::Visit::skip;
    items.push_back(*std::move(entry));
    return evidence::Visit::keep;
  }));
  return api::json(
      json::object{{"items", std::move(items)},
                   {"next", stats.complete ? json::value(nullptr) : json::value(std::to_string(stats.reached))}});
}

}  // namespace

std::optional<json::object> audit_entry_json(const evidence::Record& record) {
  // Who may write where is told by the store, not by the record: only the hub appends with this transport, and its own
  // audit sink alone to this source.
  if (record.transport != static_cast<std::uint8_t>(event::Transport::hub)) return std::nullopt;
  const SourceParts source = split_source(record.source);
  const auto agency = AgencyId::parse(source.agency);
  const std::string_view rest =
      agency ? std::string_view(record.source).substr(source.agency.size() + 1) : record.source;
  if (rest != audit_stream) return std::nullopt;
  boost::system::error_code error;
  const json::value parsed = json::parse(record.raw, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const json::object& line = parsed.get_object();
  const std::string act = text_in(line, "event.action");
  if (text_in(line, "event.dataset") != "luy.audit" || act.empty()) return std::nullopt;
  const bool done = text_in(line, "event.outcome") == "success";
  const std::string at = text_in(line, "@timestamp");
  json::object out;
  out["seq"] = record.seq;
  out["at"] = at.empty() ? to_rfc3339(record.received) : at;
  out["act"] = act;
  out["who"] = {{"account", text_or_null(text_in(line, "user.id"))}, {"name", text_in(line, "user.name")}};
  out["agreed_by"] = text_or_null(text_in(line, "luy.agreed_by"));
  out["address"] = text_or_null(text_in(line, "source.ip"));
  out["agency"] = agency ? json::value(agency->text()) : json::value(nullptr);
  out["object"] = text_or_null(text_in(line, "luy.object"));
  out["outcome"] = done ? "done" : line.contains("luy.refused") ? "refused" : "failed";
  out["error"] = text_or_null(text_in(line, "error.code"));
  out["alarm"] = text_in(line, "event.kind") == "alert";
  out["before"] = object_in(line, "luy.before");
  out["after"] = object_in(line, "luy.after");
  return out;
}

std::vector<api::Route> audit_routes(const EvidenceApi& d) {
  return {{api::Method::get, "/api/v1/audit", "listAuditEntries", api::Access::session, Action::session_use,
           [&d](const api::Request& request) { return list_entries(d, request); }}};
}

}  // namespace luy::hub
