#include "duty/api.h"

#include <map>
#include <memory>
#include <set>
#include <string>

#include "duty/reason.h"
#include "regulation/pack_json.h"

namespace luy::duty {
namespace {

using api::Request;
using api::Response;
using directory::Action;
namespace json = boost::json;

constexpr std::size_t history_entries = 200;

json::value time_or_null(const std::optional<Time>& time) {
  if (!time) return nullptr;
  return json::value(to_rfc3339(*time));
}

json::array proof_json(const std::vector<Proof>& proof) {
  json::array out;
  for (const Proof& one : proof) {
    json::value seq;
    if (one.seq) seq = *one.seq;
    out.push_back(json::object{
        {"kind", one.kind}, {"seq", std::move(seq)}, {"learnt_at", to_rfc3339(one.learnt_at)}, {"method", one.method}});
  }
  return out;
}

// The agencies whose verdicts the actor may see; each is asked once per request.
std::function<bool(const AgencyId&)> visible_to(const ApiDependencies& deps, const Request& request, Action action) {
  std::set<AgencyId> roots;
  if (request.actor) {
    for (AgencyId& root : directory::agencies_of(*request.actor, action)) roots.insert(std::move(root));
  }
  return [roots = std::move(roots), known = std::map<AgencyId, bool>(), &deps](const AgencyId& agency) mutable {
    const auto answer = known.find(agency);
    if (answer != known.end()) return answer->second;
    bool held = false;
    for (const AgencyId& one : deps.lineage(agency)) held = held || roots.contains(one);
    return known[agency] = held;
  };
}

Result<Response> overview(const ApiDependencies& deps, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::overview_read, directory::Object::anywhere()));
  const auto visible = visible_to(deps, request, Action::overview_read);
  json::array agencies;
  for (const AgencyInfo& agency : deps.engine.agencies()) {
    if (visible(agency.id)) agencies.push_back(deps.agency_json(agency.id));
  }
  json::array articles;
  for (const regulation::Article& article : deps.pack.articles) {
    json::array obligations;
    for (const regulation::Obligation* one : deps.pack.obligations_of(article.number)) {
      obligations.emplace_back(one->id);
    }
    if (obligations.empty()) continue;
    articles.push_back(json::object{{"article", article.number},
                                    {"title", regulation::to_json(article.title)},
                                    {"obligations", std::move(obligations)}});
  }
  json::array cells;
  Counts totals;
  for (const Cell& cell : deps.engine.cells(visible)) {
    totals += cell.counts;
    json::value week_ago;
    if (cell.violated_week_ago) week_ago = *cell.violated_week_ago;
    cells.push_back(json::object{{"obligation", cell.obligation},
                                 {"agency", cell.agency.text()},
                                 {"state", name_of(cell.counts.worst())},
                                 {"counts", counts_json(cell.counts)},
                                 {"violated_since", time_or_null(cell.violated_since)},
                                 {"violated_week_ago", std::move(week_ago)}});
  }
  return api::json(json::object{{"computed_at", to_rfc3339(deps.clock.now())},
                                {"agencies", std::move(agencies)},
                                {"articles", std::move(articles)},
                                {"cells", std::move(cells)},
                                {"totals", counts_json(totals)}});
}

Result<Response> regulation_in_force(const ApiDependencies& deps, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::regulation_read, directory::Object::anywhere()));
  return api::json(regulation::to_json(deps.pack));
}

Result<Response> list_verdicts(const ApiDependencies& deps, const Request& request) {
  Filter filter;
  directory::Object object = directory::Object::anywhere();
  if (request.param("agency")) {
    LUY_TRY(filter.agency, request.id_param<AgencyId>("agency", "agency"));
    object = directory::Object();
    object.agencies = deps.lineage(*filter.agency);
  }
  LUY_TRY_VOID(api::authorise(request, Action::verdict_read, object));
  LUY_TRY(const auto limit, request.number_param("limit", 100, 1, 500));
  filter.limit = static_cast<std::size_t>(limit);
  filter.visible = visible_to(deps, request, Action::verdict_read);
  filter.obligation = request.param("obligation");
  filter.article = request.param("article");
  filter.subject = request.param("subject");
  filter.after = request.param("after").value_or(std::string());
  if (const auto state = request.param("state")) {
    filter.state = state_from_name(*state);
    if (!filter.state) return Error(api::bad_request, "state");
  }
  const Page page = deps.engine.list(filter);
  json::array verdicts;
  for (const Verdict& verdict : page.verdicts) verdicts.push_back(verdict_json(verdict));
  json::value next;
  if (page.next) next = *page.next;
  return api::json(json::object{{"verdicts", std::move(verdicts)}, {"total", page.total}, {"next", std::move(next)}});
}

Result<Response> get_verdict(const ApiDependencies& deps, const Request& request) {
  const std::string obligation = request.param("obligation").value_or(std::string());
  const std::string subject = request.param("subject").value_or(std::string());
  const auto verdict = deps.engine.find(obligation, subject);
  if (!verdict) return Error(verdict_unknown, obligation + " " + subject);
  directory::Object object;
  object.agencies = deps.lineage(verdict->agency);
  LUY_TRY_VOID(api::authorise(request, Action::verdict_read, object));
  LUY_TRY(const auto past, deps.engine.history(obligation, subject, history_entries));
  json::array history;
  for (const PastVerdict& entry : past) {
    history.push_back(json::object{{"at", to_rfc3339(entry.at)},
                                   {"state", name_of(entry.state)},
                                   {"reason_code", entry.reason.code},
                                   {"reason", regulation::to_json(to_text(entry.reason))},
                                   {"proof", proof_json(entry.proof)}});
  }
  return api::json(json::object{{"verdict", verdict_json(*verdict)}, {"history", std::move(history)}});
}

}  // namespace

json::object counts_json(const Counts& counts) {
  json::object out;
  for (std::size_t i = 0; i < state_count; ++i) out[name_of(static_cast<State>(i))] = counts.of[i];
  return out;
}

json::object verdict_json(const Verdict& verdict) {
  return {{"obligation", verdict.obligation},
          {"subject",
           {{"id", verdict.subject.id},
            {"kind", regulation::name_of(verdict.subject.kind)},
            {"name", verdict.subject.name}}},
          {"agency", verdict.agency.text()},
          {"state", name_of(verdict.state)},
          {"reason_code", verdict.reason.code},
          {"reason", regulation::to_json(to_text(verdict.reason))},
          {"since", to_rfc3339(verdict.since)},
          {"judged_at", to_rfc3339(verdict.judged_at)},
          {"changes_at", time_or_null(verdict.changes_at)},
          {"proof", proof_json(verdict.proof)}};
}

json::object timeline_json(const PastVerdict& past, const regulation::Pack& pack) {
  const regulation::Text reason = to_text(past.reason);
  const regulation::Obligation* obligation = pack.obligation(past.obligation);
  regulation::Text title = reason;
  if (obligation != nullptr) {
    title = {obligation->title.vi + ": " + reason.vi, obligation->title.en + ": " + reason.en};
  }
  json::value seq;
  if (!past.proof.empty() && past.proof.front().seq) seq = *past.proof.front().seq;
  return {{"at", to_rfc3339(past.at)},           {"kind", "verdict"},
          {"title", regulation::to_json(title)}, {"seq", std::move(seq)},
          {"obligation", past.obligation},       {"state", name_of(past.state)}};
}

json::array check_report(const Engine& engine) {
  json::array out;
  Filter all;
  all.limit = engine.size();
  for (const Verdict& verdict : engine.list(all).verdicts) {
    const regulation::Text reason = to_text(verdict.reason);
    json::array seqs;
    for (const Proof& proof : verdict.proof) {
      if (proof.seq) seqs.push_back(*proof.seq);
    }
    out.push_back(json::object{{"obligation", verdict.obligation},
                               {"subject", verdict.subject.id},
                               {"subject_name", verdict.subject.name},
                               {"verdict", name_of(verdict.state)},
                               {"reason", reason.en},
                               {"reason_vi", reason.vi},
                               {"proof_seqs", std::move(seqs)}});
  }
  return out;
}

std::vector<api::Route> routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share it and outlive this call.
  const auto deps = std::make_shared<const ApiDependencies>(std::move(dependencies));
  std::vector<api::Route> out;
  const auto add = [&](const char* pattern, const char* operation, Action action, auto handler) {
    out.push_back({api::Method::get, pattern, operation, api::Access::session, action,
                   [deps, handler](const Request& request) { return handler(*deps, request); }});
  };
  add("/api/v1/overview", "getOverview", Action::overview_read, overview);
  add("/api/v1/regulation", "getRegulation", Action::regulation_read, regulation_in_force);
  add("/api/v1/verdicts", "listVerdicts", Action::verdict_read, list_verdicts);
  add("/api/v1/verdicts/{obligation}/{subject}", "getVerdict", Action::verdict_read, get_verdict);
  return out;
}

}  // namespace luy::duty
