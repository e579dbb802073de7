#include "finding/run_api.h"

#include <algorithm>

#include "finding/handlers/values.h"

namespace luy::finding {
namespace {

namespace json = boost::json;
using directory::Action;

constexpr std::int64_t page_default = 50;
constexpr std::int64_t page_max = 100;

directory::Object object_of(const RunApiDependencies& d, const AgencyId& agency) {
  directory::Object out;
  out.agencies = d.findings.lineage(agency);
  return out;
}

bool may_search(const RunApiDependencies& d, const directory::Actor& actor, const AgencyId& agency) {
  return directory::may(actor, Action::evidence_search, object_of(d, agency)).allowed;
}

bool sees(const RunApiDependencies& d, const directory::Actor& actor, const Run& run) {
  return std::all_of(run.scope.begin(), run.scope.end(),
                     [&](const AgencyId& agency) { return may_search(d, actor, agency); });
}

json::object run_json(const RunApiDependencies& d, const Run& run) {
  json::array rules;
  for (const RunRule& one : run.found) {
    rules.push_back(json::object{
        {"id", one.id}, {"title", text_json(one.title)}, {"level", name_of(one.severity)}, {"hits", one.hits}});
  }
  json::object out;
  out["id"] = run.id.text();
  out["state"] = name_of(run.state);
  out["rules"] = std::move(rules);
  out["bench"] = !run.yaml.empty();
  out["from"] = to_rfc3339(run.from);
  out["to"] = to_rfc3339(run.to);
  out["agency"] = nullptr;
  if (run.agency) out["agency"] = {{"id", run.agency->text()}, {"name", d.findings.agency_name(*run.agency)}};
  out["keep"] = run.keep;
  out["by"] = run.by;
  out["asked_at"] = to_rfc3339(run.asked_at);
  out["started_at"] = time_json(run.started_at);
  out["ended_at"] = time_json(run.ended_at);
  out["scanned"] = run.scanned();
  out["total"] = run.total();
  out["events"] = run.events;
  out["hits"] = run.hits;
  out["findings"] = run.findings.size();
  out["cpu_ns_per_event"] = run.events == 0 ? json::value(nullptr) : json::value(run.cpu_ns / run.events);
  out["error"] = nullptr;
  if (const auto& failure = run.failure) {
    out["error"] = {{"code", failure->code}, {"vi", failure->text.vi}, {"en", failure->text.en}};
  }
  return out;
}

json::object detail_json(const RunApiDependencies& d, const directory::Actor& actor, const Run& run) {
  json::object out = run_json(d, run);
  out["yaml"] = run.yaml.empty() ? json::value(nullptr) : json::value(run.yaml);
  json::array sample;
  for (const RunHit& hit : run.sample) {
    if (!may_search(d, actor, hit.agency)) continue;
    json::object one;
    one["seq"] = hit.seq;
    one["time"] = to_rfc3339(hit.time);
    one["rule"] = hit.rule;
    one["agency"] = {{"id", hit.agency.text()}, {"name", d.findings.agency_name(hit.agency)}};
    one["device"] = nullptr;
    if (hit.device) one["device"] = {{"id", hit.device->text()}, {"name", d.findings.device_name(*hit.device)}};
    one["message"] = hit.message;
    sample.push_back(std::move(one));
  }
  out["sample"] = std::move(sample);
  json::array days;
  for (const auto& [day, counts] : run.days) {
    days.push_back(json::object{{"day", to_iso(day)}, {"events", counts.events}, {"hits", counts.hits}});
  }
  out["days"] = std::move(days);
  return out;
}

// What the body asks for, checked as far as it can be before it runs.
Result<Run> wanted_run(const RunApiDependencies& d, const api::Request& request) {
  const json::object& body = request.body.as_object();
  Run run;
  run.yaml = text_at(body, "yaml");
  if (const std::string rule = text_at(body, "rule"); !rule.empty()) run.rules.push_back(rule);
  if (const json::value* list = body.if_contains("rules"); list != nullptr) {
    for (const json::value& rule : list->as_array()) run.rules.push_back(text_of(rule));
  }
  if (run.yaml.empty() == run.rules.empty()) return Error(api::bad_request, "yaml, rule, rules");
  const json::value* keep = body.if_contains("keep");
  run.keep = keep != nullptr && keep->as_bool();
  if (run.keep && !run.yaml.empty()) return Error(run_keeps_saved_rules);
  const auto from = from_rfc3339(text_at(body, "from"));
  const auto to = from_rfc3339(text_at(body, "to"));
  if (!from || !to || *from >= *to) return Error(api::bad_request, "from, to");
  run.from = *from;
  run.to = *to;
  if (!run.yaml.empty()) {
    LUY_TRY(const ArmedPointer readable, d.findings.rules.arm_alone(run.yaml));
    static_cast<void>(readable);
  }
  const LibraryPointer library = d.findings.rules.library();
  for (const std::string& rule : run.rules) {
    if (library->find(rule) == nullptr) return Error(rule_unknown, rule);
  }
  run.account = request.actor->account;
  run.by = request.actor->display_name;
  return run;
}

// The agencies whose records the run reads.
Result<void> find_scope(const RunApiDependencies& d, const api::Request& request, Run& run) {
  const json::value* wanted = request.body.as_object().if_contains("agency");
  if (wanted != nullptr && wanted->is_string()) {
    run.agency = AgencyId::parse(text_of(*wanted));
    if (!run.agency || d.findings.lineage(*run.agency).empty()) return Error(directory::agency_unknown);
    LUY_TRY_VOID(api::authorise(request, Action::rule_run, object_of(d, *run.agency)));
    LUY_TRY_VOID(api::authorise(request, Action::evidence_search, object_of(d, *run.agency)));
  }
  for (const AgencyId& agency : d.visible(*request.actor, Action::rule_run)) {
    const std::vector<AgencyId> lineage = d.findings.lineage(agency);
    const bool inside = !run.agency || std::find(lineage.begin(), lineage.end(), *run.agency) != lineage.end();
    if (inside && may_search(d, *request.actor, agency)) run.scope.push_back(agency);
  }
  const directory::Object place = run.scope.empty() ? d.findings.hub_object() : object_of(d, run.scope.front());
  LUY_TRY_VOID(api::authorise(request, Action::rule_run, place));
  LUY_TRY_VOID(api::authorise(request, Action::evidence_search, place));
  return run.scope.empty() ? Result<void>(Error(directory::agency_unknown)) : Result<void>();
}

json::object audit_of(const Run& run) {
  json::object out;
  if (run.agency) out["agency"] = run.agency->text();
  if (run.yaml.empty()) {
    out["rules"] = list_json(run.rules);
  } else {
    out["yaml"] = run.yaml;
  }
  out["from"] = to_rfc3339(run.from);
  out["to"] = to_rfc3339(run.to);
  out["keep"] = run.keep;
  return out;
}

Result<api::Response> start(const RunApiDependencies& d, const api::Request& request) {
  LUY_TRY(Run run, wanted_run(d, request));
  LUY_TRY_VOID(find_scope(d, request, run));
  const auto entry = [&](records::Connection& c, const Run& added) {
    return d.findings.audit(c, request, "rule_run", "rule_run:" + added.id.text(), audit_of(added));
  };
  LUY_TRY(const RunPointer added, d.runs.add(std::move(run), entry));
  request.audited = true;
  d.findings.audited();
  return api::json(detail_json(d, *request.actor, *added), 201);
}

Result<api::Response> list(const RunApiDependencies& d, const api::Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::rule_run, directory::Object::anywhere()));
  LUY_TRY(const auto limit, request.number_param("limit", page_default, 1, page_max));
  std::vector<RunPointer> found;
  for (const RunPointer& run : d.runs.all()) {
    if (sees(d, *request.actor, *run)) found.push_back(run);
  }
  return api::json(page_json(
      found, request.param("cursor").value_or(std::string()), static_cast<std::size_t>(limit),
      [](const RunPointer& run) { return run->id.text(); }, [&](const RunPointer& run) { return run_json(d, *run); }));
}

Result<RunPointer> loaded(const RunApiDependencies& d, const api::Request& request) {
  LUY_TRY(const auto id, request.id_param<RunId>("run", "run"));
  RunPointer run = d.runs.find(id);
  // Who may not see it is told the same as of one that is not there.
  if (!run) return Error(run_unknown, id.text());
  if (!sees(d, *request.actor, *run)) {
    return api::hide(request, Action::rule_run, "rule_run:" + id.text(), Error(run_unknown, id.text()));
  }
  LUY_TRY_VOID(api::authorise(request, Action::rule_run, object_of(d, run->scope.front())));
  return run;
}

Result<api::Response> get(const RunApiDependencies& d, const api::Request& request) {
  LUY_TRY(const RunPointer run, loaded(d, request));
  return api::json(detail_json(d, *request.actor, *run));
}

Result<api::Response> cancel(const RunApiDependencies& d, const api::Request& request) {
  LUY_TRY(const RunPointer run, loaded(d, request));
  const auto entry = [&](records::Connection& c) {
    return d.findings.audit(c, request, "rule_run_cancel", "rule_run:" + run->id.text(), audit_of(*run));
  };
  LUY_TRY(const RunPointer after, d.runs.cancel(run->id, entry));
  request.audited = true;
  d.findings.audited();
  return api::json(detail_json(d, *request.actor, *after));
}

}  // namespace

std::vector<api::Route> run_routes(RunApiDependencies dependencies) {
  // shared_ptr: the routes share one set of dependencies and outlive this call.
  const auto d = std::make_shared<const RunApiDependencies>(std::move(dependencies));
  using api::Method;
  const auto route = [&](Method method, const char* pattern, const char* id,
                         Result<api::Response> (*handler)(const RunApiDependencies&, const api::Request&)) {
    return api::Route{
        method, pattern, id, api::Access::session, Action::rule_run, [d, handler](const api::Request& request) {
          return handler(*d, request);
        }};
  };
  return {route(Method::post, "/api/v1/rule_runs", "startRuleRun", start),
          route(Method::get, "/api/v1/rule_runs", "listRuleRuns", list),
          route(Method::get, "/api/v1/rule_runs/{run}", "getRuleRun", get),
          route(Method::post, "/api/v1/rule_runs/{run}/cancel", "cancelRuleRun", cancel)};
}

}  // namespace luy::finding
