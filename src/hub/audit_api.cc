#include "hub/audit_api.h"

#include <algorithm>
#include <map>

#include "hub/audit_export.h"
#include "hub/audit_select.h"

namespace luy::hub {
namespace {

namespace json = boost::json;
using directory::Action;

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

Result<AuditFilter> filter_of(const AuditApi& d, const api::Request& request) {
  AuditFilter filter;
  filter.person = request.param("person").value_or("");
  filter.object = request.param("object").value_or("");
  filter.object_type = request.param("object_type").value_or("");
  filter.act = request.param("act").value_or("");
  filter.outcome = request.param("outcome").value_or("");
  filter.alarm = request.param("alarm").value_or("false") == "true";
  filter.searches = request.param("searches").value_or("false") == "true";
  LUY_TRY(filter.from, request.time_param("from"));
  LUY_TRY(filter.until, request.time_param("until"));
  if (const auto agency = request.param("agency")) {
    filter.agency = AgencyId::parse(*agency);
    if (!filter.agency || d.evidence.agencies.lineage(*filter.agency).empty()) return Error(directory::agency_unknown);
  }
  return filter;
}

Result<void> authorise_reading(const api::Request& request) {
  return api::authorise(request, Action::audit_read, {{}, request.actor->account, false});
}

Result<api::Response> list_entries(const AuditApi& d, const api::Request& request) {
  LUY_TRY_VOID(authorise_reading(request));
  LUY_TRY(const AuditFilter filter, filter_of(d, request));
  LUY_TRY(const std::int64_t limit, request.number_param("limit", events_default, 1, events_max));
  LUY_TRY(const std::int64_t cursor, request.number_param("cursor", INT64_MAX, 0, INT64_MAX));
  const Duration started = d.evidence.clock.monotonic();
  json::array items;
  std::size_t bytes = 0;
  AuditSelection selection(d.evidence, d.index, filter, *request.actor, {Action::audit_read});
  selection.set_budget(audit_rows_max, [&] { return d.evidence.clock.monotonic() - started > search_budget; });
  const auto take = [&](const AuditPlace& place) -> Result<evidence::Visit> {
    const auto record = d.evidence.store.read(place.seq);
    // That a day is damaged is said by the page of the days.
    auto entry = record ? audit_entry_json(*record) : std::nullopt;
    if (!entry) return evidence::Visit::skip;
    bytes += record->raw.size();
    items.push_back(*std::move(entry));
    const bool is_full = items.size() >= static_cast<std::size_t>(limit) || bytes > page_bytes_max;
    return is_full ? evidence::Visit::stop : evidence::Visit::keep;
  };
  LUY_TRY(const std::optional<std::uint64_t> next,
          selection.run(static_cast<std::uint64_t>(cursor), request.gone, take));
  return api::json(json::object{{"items", std::move(items)},
                                {"next", next ? json::value(std::to_string(*next)) : json::value(nullptr)}});
}

Result<api::Response> list_acts(const AuditApi& d, const api::Request& request) {
  LUY_TRY_VOID(authorise_reading(request));
  const bool is_wide = !d.evidence.agencies.visible(*request.actor, Action::audit_read).empty();
  LUY_TRY(const AuditIndex::Kinds kinds, d.index.kinds(is_wide ? std::nullopt : std::optional(request.actor->account)));
  const std::vector<std::string> two = d.acts.kinds();
  json::array items;
  for (const std::string& act : kinds.acts) {
    std::optional<directory::RoleTitle> title;
    if (const auto action = directory::action_from_name(act)) title = directory::title_of(*action);
    if (std::find(two.begin(), two.end(), act) != two.end()) title = d.acts.title_of(act);
    items.push_back(json::object{
        {"act", act}, {"title", title ? json::value({{"vi", title->vi}, {"en", title->en}}) : json::value(nullptr)}});
  }
  return api::json(json::object{{"items", std::move(items)},
                                {"object_types", json::array(kinds.object_types.begin(), kinds.object_types.end())}});
}

}  // namespace

std::optional<json::object> audit_entry_json(const evidence::Record& record) {
  const auto place = audit_place(record);
  if (!place) return std::nullopt;
  boost::system::error_code error;
  const json::value parsed = json::parse(record.raw, error);
  if (error || !parsed.is_object()) return std::nullopt;
  const json::object& line = parsed.get_object();
  const std::string at = text_in(line, "@timestamp");
  constexpr std::string_view outcomes[] = {"done", "refused", "failed"};
  json::object out;
  out["seq"] = record.seq;
  out["at"] = at.empty() ? to_rfc3339(record.received) : at;
  out["act"] = place->act;
  out["who"] = {{"account", text_or_null(place->account)}, {"name", place->name}};
  out["agreed_by"] = text_or_null(text_in(line, "luy.agreed_by"));
  out["address"] = text_or_null(text_in(line, "source.ip"));
  out["agency"] = place->agency ? json::value(place->agency->text()) : json::value(nullptr);
  out["object"] = text_or_null(place->object);
  out["outcome"] = outcomes[static_cast<std::size_t>(place->outcome)];
  out["error"] = text_or_null(text_in(line, "error.code"));
  out["alarm"] = place->alarm;
  out["before"] = object_in(line, "luy.before");
  out["after"] = object_in(line, "luy.after");
  return out;
}

std::vector<api::Route> audit_routes(const AuditApi& d) {
  using api::Access;
  using api::Method;
  return {{Method::get, "/api/v1/audit", "listAuditEntries", Access::session, Action::audit_read,
           [&d](const api::Request& request) { return list_entries(d, request); }},
          {Method::get, "/api/v1/audit/acts", "listAuditActs", Access::session, Action::audit_read,
           [&d](const api::Request& request) { return list_acts(d, request); }},
          {Method::post, "/api/v1/audit/export", "exportAudit", Access::session, Action::evidence_export,
           [&d](const api::Request& request) { return export_audit(d, request); }}};
}

}  // namespace luy::hub
