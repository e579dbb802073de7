#include "finding/search_api.h"

#include "finding/handlers/values.h"

namespace luy::finding {
namespace {

namespace json = boost::json;
using directory::Action;

directory::Object place_of(const SearchApiDependencies& d, const std::optional<AgencyId>& agency) {
  if (!agency) return d.findings.hub_object();
  directory::Object out;
  out.agencies = d.findings.lineage(*agency);
  return out;
}

bool sees(const SearchApiDependencies& d, const directory::Actor& actor, const SavedSearch& one) {
  if (one.owner == actor.account) return true;
  return one.shared && directory::may(actor, Action::evidence_search, place_of(d, one.agency)).allowed;
}

json::value alert_json(const std::optional<SearchAlert>& alert) {
  if (!alert) return nullptr;
  json::object out;
  out["over"] = alert->over;
  out["window_seconds"] = alert->window.count();
  out["by"] = alert->by.empty() ? json::value(nullptr) : json::value(alert->by);
  out["severity"] = name_of(alert->severity);
  return out;
}

json::object search_json(const SearchApiDependencies& d, const directory::Actor& actor, const SavedSearch& one) {
  json::object out;
  out["id"] = one.id.text();
  out["name"] = one.name;
  out["query"] = one.query;
  out["agency"] = nullptr;
  if (one.agency) out["agency"] = {{"id", one.agency->text()}, {"name", d.findings.agency_name(*one.agency)}};
  out["owner"] = {{"account", one.owner.text()}, {"name", one.owner_name}};
  out["mine"] = one.owner == actor.account;
  out["shared"] = one.shared;
  out["alert"] = alert_json(one.alert);
  out["last_alert_at"] = time_json(one.last_alert_at);
  out["next_seq"] = d.next_seq();
  const auto problem = one.alert ? d.problem(one) : std::nullopt;
  out["problem"] = problem ? json::value(text_json(*problem)) : json::value(nullptr);
  out["version"] = one.version;
  return out;
}

std::optional<SearchAlert> alert_of(const json::object& body) {
  const json::value* value = body.if_contains("alert");
  if (value == nullptr || !value->is_object()) return std::nullopt;
  const json::object& alert = value->get_object();
  SearchAlert out;
  if (const json::value* over = alert.if_contains("over")) out.over = over->to_number<std::uint64_t>();
  out.window = std::chrono::seconds(alert.at("window_seconds").to_number<std::int64_t>());
  out.by = text_at(alert, "by");
  out.severity = severity_from_name(text_at(alert, "severity")).value_or(Severity::medium);
  return out;
}

// Where the body says that it looks; authorised.
Result<std::optional<AgencyId>> place_in(const SearchApiDependencies& d, const api::Request& request) {
  const std::string text = text_at(request.body.as_object(), "agency");
  if (text.empty()) {
    LUY_TRY_VOID(api::authorise(request, Action::evidence_search, directory::Object::anywhere()));
    return std::optional<AgencyId>();
  }
  const auto agency = AgencyId::parse(text);
  if (!agency || d.findings.lineage(*agency).empty()) return Error(directory::agency_unknown);
  LUY_TRY_VOID(api::authorise(request, Action::evidence_search, place_of(d, agency)));
  return agency;
}

Result<SavedSearch> wanted_search(const SearchApiDependencies& d, const api::Request& request) {
  const json::object& body = request.body.as_object();
  SavedSearch out;
  LUY_TRY(out.agency, place_in(d, request));
  out.name = text_at(body, "name");
  out.query = text_at(body, "query");
  const json::value* shared = body.if_contains("shared");
  out.shared = shared != nullptr && shared->is_bool() && shared->get_bool();
  out.alert = alert_of(body);
  return out;
}

SearchBook::Also audit(const SearchApiDependencies& d, const api::Request& request, const char* act) {
  return [&d, &request, act](records::Connection& c, const SavedSearch& one) {
    json::object after{{"name", one.name}, {"query", one.query}, {"shared", one.shared}};
    if (one.agency) after["agency"] = one.agency->text();
    after["alert"] = alert_json(one.alert);
    return d.findings.audit(c, request, act, "search:" + one.id.text(), std::move(after));
  };
}

Result<api::Response> list(const SearchApiDependencies& d, const api::Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::evidence_search, directory::Object::anywhere()));
  json::array items;
  for (const SearchPointer& one : d.searches.all()) {
    if (sees(d, *request.actor, *one)) items.push_back(search_json(d, *request.actor, *one));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<api::Response> add(const SearchApiDependencies& d, const api::Request& request) {
  LUY_TRY(SavedSearch wanted, wanted_search(d, request));
  wanted.owner = request.actor->account;
  wanted.owner_name = request.actor->display_name;
  LUY_TRY(const SearchPointer added, d.searches.add(std::move(wanted), audit(d, request, "search_add")));
  request.audited = true;
  d.findings.audited();
  return api::json(search_json(d, *request.actor, *added), 201);
}

// One's own; who does not see it is told the same as of one that is not there.
Result<SearchPointer> own(const SearchApiDependencies& d, const api::Request& request) {
  LUY_TRY(const auto id, request.id_param<SearchId>("search", "search"));
  SearchPointer found = d.searches.find(id);
  if (!found) return Error(search_unknown);
  if (!sees(d, *request.actor, *found)) {
    return api::hide(request, Action::evidence_search, "search:" + id.text(), Error(search_unknown));
  }
  directory::Object place = place_of(d, found->agency);
  if (found->owner == request.actor->account) {
    LUY_TRY_VOID(api::authorise(request, Action::evidence_search, directory::Object::anywhere()));
  } else {
    // A shared one is mended by whoever answers for rules where it looks.
    LUY_TRY_VOID(api::authorise(request, Action::rule_manage, place));
  }
  return found;
}

Result<api::Response> change(const SearchApiDependencies& d, const api::Request& request) {
  LUY_TRY(const SearchPointer before, own(d, request));
  LUY_TRY(SavedSearch wanted, wanted_search(d, request));
  wanted.id = before->id;
  wanted.version = request.body.as_object().at("version").to_number<std::int64_t>();
  LUY_TRY(const SearchPointer after, d.searches.change(std::move(wanted), audit(d, request, "search_change")));
  request.audited = true;
  d.findings.audited();
  return api::json(search_json(d, *request.actor, *after));
}

Result<api::Response> remove(const SearchApiDependencies& d, const api::Request& request) {
  LUY_TRY(const SearchPointer before, own(d, request));
  LUY_TRY_VOID(d.searches.remove(before->id, audit(d, request, "search_remove")));
  request.audited = true;
  d.findings.audited();
  return api::no_content();
}

Result<api::Response> preview(const SearchApiDependencies& d, const api::Request& request) {
  LUY_TRY(const std::optional<AgencyId> agency, place_in(d, request));
  const json::object& body = request.body.as_object();
  LUY_TRY(json::object out, d.preview(request, text_at(body, "query"), agency, alert_of(body).value_or(SearchAlert{})));
  return api::json(out);
}

}  // namespace

std::vector<api::Route> search_routes(SearchApiDependencies dependencies) {
  // shared_ptr: the routes share one set of dependencies and outlive this call.
  const auto d = std::make_shared<const SearchApiDependencies>(std::move(dependencies));
  using api::Method;
  const auto route = [&](Method method, const char* pattern, const char* id,
                         Result<api::Response> (*handler)(const SearchApiDependencies&, const api::Request&)) {
    return api::Route{
        method, pattern, id, api::Access::session, Action::evidence_search, [d, handler](const api::Request& request) {
          return handler(*d, request);
        }};
  };
  return {route(Method::get, "/api/v1/searches", "listSearches", list),
          route(Method::post, "/api/v1/searches", "addSearch", add),
          route(Method::post, "/api/v1/searches/preview", "previewSearch", preview),
          route(Method::put, "/api/v1/searches/{search}", "changeSearch", change),
          route(Method::del, "/api/v1/searches/{search}", "removeSearch", remove)};
}

}  // namespace luy::finding
