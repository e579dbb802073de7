#include <algorithm>

#include "base/encoding.h"
#include "base/vietnamese.h"
#include "detect/error.h"
#include "finding/api.h"
#include "finding/attack.h"
#include "finding/handlers/values.h"

namespace luy::finding {
namespace {

using api::Request;
using api::Response;
using directory::Action;
namespace json = boost::json;

constexpr std::int64_t page_default = 200;
constexpr std::int64_t page_max = 1000;

class Handlers {
 public:
  explicit Handlers(ApiDependencies deps) : d_(std::move(deps)) {}
  Result<Response> list(const Request& request) const;
  Result<Response> get(const Request& request) const;
  Result<Response> set_enabled(const Request& request) const;
  Result<Response> add_exception(const Request& request) const;
  Result<Response> remove_exception(const Request& request) const;
  Result<Response> save(const Request& request) const;
  Result<Response> remove(const Request& request) const;
  Result<Response> import(const Request& request) const;
  Result<Response> attack(const Request& request) const;

 private:
  Result<void> may(const Request& request, Action action) const {
    return api::authorise(request, action, d_.hub_object());
  }
  Result<std::string> known_rule(const Request& request) const {
    const std::string id = request.param("rule").value_or(std::string());
    if (d_.rules.library()->find(id) == nullptr) return Error(rule_unknown, id);
    return id;
  }
  InTransaction entry(const Request& request, std::string_view act, std::string on, json::object particulars) const {
    return [this, &request, act, on = std::move(on), particulars = std::move(particulars)](records::Connection& c) {
      return d_.audit(c, request, act, on, particulars);
    };
  }
  void done(const Request& request) const {
    request.audited = true;
    if (d_.audited) d_.audited();
  }
  Result<directory::Proposed> ask(const Request& request, std::string_view kind, const json::object& act,
                                  const std::optional<AgencyId>& place) const;
  static Response asked(const directory::Proposed& proposed);
  json::object rule_json(const RuleInfo& rule) const;
  json::object exception_json(const RuleException& one) const;
  Response refused(const Library& library, const Request& request, std::size_t limit) const;

  const ApiDependencies d_;
};

json::object Handlers::rule_json(const RuleInfo& rule) const {
  const Book::Hits hits = d_.book.hits(rule.id);
  json::object out;
  out["id"] = rule.id;
  out["title"] = text_json(rule.title);
  out["level"] = name_of(rule.severity);
  out["origin"] = name_of(rule.origin);
  out["kind"] = rule.correlation ? "correlation" : "rule";
  out["enabled"] = d_.rules.enabled(rule);
  out["fed"] = name_of(d_.rules.fed(rule));
  out["fed_by"] = list_json(rule.fed_by);
  out["hits_30d"] = hits.days_30;
  out["last_hit"] = time_json(hits.last);
  out["attack"] = attack_json(rule.techniques);
  out["articles"] = list_json(rule.articles);
  out["exceptions"] = d_.rules.exception_count(rule.id);
  return out;
}

json::object Handlers::exception_json(const RuleException& one) const {
  json::object out;
  out["id"] = one.id.text();
  out["agency"] = nullptr;
  if (one.agency) out["agency"] = {{"id", one.agency->text()}, {"name", d_.agency_name(*one.agency)}};
  out["filter"] = one.filter;
  out["reason"] = one.reason;
  out["by"] = one.by;
  out["at"] = to_rfc3339(one.at);
  out["expires_at"] = to_rfc3339(one.expires_at);
  return out;
}

Response Handlers::refused(const Library& library, const Request& request, std::size_t limit) const {
  const std::string query = fold_vietnamese(request.param("q").value_or(std::string()));
  const auto origin = origin_from_name(request.param("origin").value_or(std::string()));
  std::vector<const RefusedRule*> found;
  for (const RefusedRule& one : library.refused) {
    if (origin && one.origin != *origin) continue;
    const std::string text = one.refusal.id + " " + one.refusal.title + " " + one.refusal.file;
    if (query.empty() || fold_vietnamese(text).find(query) != std::string::npos) found.push_back(&one);
  }
  const auto name = [](const RefusedRule* one) {
    return one->refusal.file + ":" + std::to_string(one->refusal.line) + ":" + one->refusal.id;
  };
  return api::json(
      page_json(found, request.param("cursor").value_or(std::string()), limit, name, [](const RefusedRule* one) {
        const detect::Refusal& r = one->refusal;
        return json::object{{"id", r.id},
                            {"title", text_json({r.title, r.title})},
                            {"file", r.file},
                            {"line", r.line},
                            {"origin", name_of(one->origin)},
                            {"code", r.error.name()},
                            {"vi", r.error.vi()},
                            {"en", r.error.en()}};
      }));
}

Result<Response> Handlers::list(const Request& request) const {
  LUY_TRY_VOID(may(request, Action::rule_read));
  LUY_TRY(const auto number, request.number_param("limit", page_default, 1, page_max));
  const auto limit = static_cast<std::size_t>(number);
  const LibraryPointer library = d_.rules.library();
  const auto text = [&](std::string_view name) { return request.param(name).value_or(std::string()); };
  if (text("state") == "refused") return refused(*library, request, limit);
  const auto origin = origin_from_name(text("origin"));
  const auto level = severity_from_name(text("level"));
  const auto fed = fed_from_name(text("fed"));
  const std::string query = fold_vietnamese(text("q"));
  const std::string technique = text("technique");
  const auto flag = [&](std::string_view name, bool value) {
    const std::string wanted = text(name);
    return wanted.empty() || (wanted == "true") == value;
  };
  std::vector<const RuleInfo*> found;
  for (const RuleInfo& rule : library->rules) {
    if (origin && rule.origin != *origin) continue;
    if (level && rule.severity != *level) continue;
    if (!flag("enabled", d_.rules.enabled(rule))) continue;
    if (fed && d_.rules.fed(rule) != *fed) continue;
    const auto serves = [&](const std::string& id) { return id == technique || id.starts_with(technique + "."); };
    if (!technique.empty() && std::none_of(rule.techniques.begin(), rule.techniques.end(), serves)) continue;
    const auto holds = [&](std::string_view in) { return fold_vietnamese(in).find(query) != std::string::npos; };
    if (!query.empty() && !holds(rule.title.vi) && !holds(rule.title.en) && !holds(rule.id)) continue;
    found.push_back(&rule);
  }
  return api::json(page_json(
      found, text("cursor"), limit, [](const RuleInfo* rule) { return rule->id; },
      [this](const RuleInfo* rule) { return rule_json(*rule); }));
}

Result<Response> Handlers::get(const Request& request) const {
  LUY_TRY_VOID(may(request, Action::rule_read));
  const LibraryPointer library = d_.rules.library();
  LUY_TRY(const std::string id, known_rule(request));
  const RuleInfo* rule = library->find(id);
  if (rule == nullptr) return Error(rule_unknown, id);
  const RuleText text = text_of_rule(*library, *rule);
  json::object out = rule_json(*rule);
  const std::string* yaml = library->text_of(*rule);
  out["yaml"] = yaml != nullptr ? json::value(*yaml) : json::value("");
  out["version"] = d_.rules.version(id);
  out["description"] = text.description;
  out["meaning"] = text_json(text.meaning);
  out["first_steps"] = texts_json(text.first_steps);
  out["false_positives"] = texts_json(text.false_positives);
  out["references"] = list_json(text.references);
  out["takes_two"] = RuleBook::takes_two(*rule);
  out["exception_takes_two"] = d_.rules.exception_takes_two(*rule);
  out["switched"] = nullptr;
  if (const auto switched = d_.rules.switched(id)) {
    out["switched"] = {{"by", switched->by}, {"at", to_rfc3339(switched->at)}, {"reason", switched->reason}};
  }
  json::array exceptions;
  for (const RuleException& one : d_.rules.exceptions(id)) exceptions.push_back(exception_json(one));
  out["exception_list"] = std::move(exceptions);
  return api::json(out);
}

// Asks the second person, or does it at once while there is none.
Result<directory::Proposed> Handlers::ask(const Request& request, std::string_view kind, const json::object& act,
                                          const std::optional<AgencyId>& place) const {
  LUY_TRY(directory::Proposed proposed, d_.propose(request, kind, act, place));
  request.audited = true;
  LUY_TRY_VOID(d_.rules.refresh());
  return proposed;
}

Response Handlers::asked(const directory::Proposed& proposed) {
  json::object out{{"done", proposed.done}};
  out["act"] = proposed.waiting ? json::value(proposed.waiting->text()) : json::value(nullptr);
  return api::json(out, proposed.done ? 200 : 202);
}

Result<Response> Handlers::set_enabled(const Request& request) const {
  const json::object& body = request.body.as_object();
  LUY_TRY(const std::string id, known_rule(request));
  const LibraryPointer library = d_.rules.library();
  const RuleInfo* rule = library->find(id);
  const bool enabled = body.at("enabled").as_bool();
  if (!enabled && rule != nullptr && RuleBook::takes_two(*rule)) {
    LUY_TRY_VOID(may(request, Action::rule_disable));
    json::object act{{"rule", id}, {"title", rule->title.vi}, {"reason", body.at("reason")}};
    act["by"] = request.actor->display_name;
    LUY_TRY(const directory::Proposed proposed, ask(request, rule_disable_act, act, std::nullopt));
    return asked(proposed);
  }
  LUY_TRY_VOID(may(request, Action::rule_manage));
  const Switched wanted{enabled, text_of(body.at("reason")), request.actor->display_name, d_.clock.now()};
  LUY_TRY_VOID(d_.rules.set_enabled(id, wanted,
                                    entry(request, enabled ? "rule_enable" : "rule_disable", "rule:" + id,
                                          {{"rule", id}, {"enabled", enabled}, {"reason", wanted.reason}})));
  done(request);
  return api::json(json::object{{"done", true}, {"act", nullptr}});
}

Result<Response> Handlers::add_exception(const Request& request) const {
  const json::object& body = request.body.as_object();
  LUY_TRY(const std::string id, known_rule(request));
  RuleException wanted;
  wanted.rule = id;
  directory::Object place = d_.hub_object();
  if (const json::value* agency = body.if_contains("agency"); agency != nullptr && agency->is_string()) {
    wanted.agency = AgencyId::parse(text_of(*agency));
    if (!wanted.agency || d_.lineage(*wanted.agency).empty()) return Error(api::not_found, "agency");
    place.agencies = d_.lineage(*wanted.agency);
  }
  wanted.filter = text_of(body.at("filter"));
  wanted.reason = text_of(body.at("reason"));
  wanted.by = request.actor->display_name;
  const auto expires = from_rfc3339(text_of(body.at("expires_at")));
  if (!expires) return Error(api::bad_request, "expires_at");
  wanted.expires_at = *expires;
  json::object particulars{{"rule", id}, {"filter", wanted.filter}, {"reason", wanted.reason}};
  particulars["expires_at"] = to_rfc3339(*expires);
  if (wanted.agency) particulars["agency"] = wanted.agency->text();
  const LibraryPointer library = d_.rules.library();
  const RuleInfo* rule = library->find(id);
  if (rule != nullptr && d_.rules.exception_takes_two(*rule)) {
    LUY_TRY_VOID(api::authorise(request, Action::rule_disable, place));
    particulars["title"] = rule->title.vi;
    particulars["by"] = wanted.by;
    LUY_TRY(const directory::Proposed proposed, ask(request, rule_exception_act, particulars, wanted.agency));
    if (!proposed.done) return asked(proposed);
    const auto made = ExceptionId::parse(text_at(proposed.result, "exception"));
    const auto added = made ? d_.rules.exception(*made) : std::nullopt;
    return added ? Result<Response>(api::json(exception_json(*added), 201)) : Error(exception_unknown);
  }
  LUY_TRY_VOID(api::authorise(request, Action::rule_manage, place));
  LUY_TRY(const RuleException added,
          d_.rules.add_exception(wanted, entry(request, "rule_exception_add", "rule:" + id, std::move(particulars))));
  done(request);
  return api::json(exception_json(added), 201);
}

Result<Response> Handlers::remove_exception(const Request& request) const {
  LUY_TRY(const std::string id, known_rule(request));
  LUY_TRY(const auto exception, request.id_param<ExceptionId>("exception", "exception"));
  const auto known = d_.rules.exception(exception);
  if (!known || known->rule != id) return Error(exception_unknown);
  directory::Object object = d_.hub_object();
  if (known->agency) object.agencies = d_.lineage(*known->agency);
  LUY_TRY_VOID(api::authorise(request, Action::rule_manage, object));
  json::object particulars{{"rule", id}, {"filter", known->filter}};
  if (known->agency) particulars["agency"] = known->agency->text();
  LUY_TRY_VOID(d_.rules.remove_exception(
      exception, entry(request, "rule_exception_remove", "rule:" + id, std::move(particulars))));
  done(request);
  return api::no_content();
}

Result<Response> Handlers::save(const Request& request) const {
  LUY_TRY_VOID(may(request, Action::rule_manage));
  const std::string yaml = text_of(request.body.as_object().at("yaml"));
  const std::uint64_t revision = d_.rules.revision();
  LUY_TRY(const RuleBook::Saving saving, d_.rules.saving(yaml));
  const auto answer = [&](const json::value& act, int status) {
    json::object out{{"id", saving.id}, {"version", d_.rules.version(saving.id)}, {"act", act}};
    return api::json(out, status);
  };
  if (!saving.lessened.empty()) {
    LUY_TRY_VOID(may(request, Action::rule_disable));
    const LibraryPointer library = d_.rules.library();
    const RuleInfo* known = library->find(saving.id);
    json::object act{{"rule", saving.id}, {"title", known != nullptr ? known->title.vi : saving.id}, {"yaml", yaml}};
    act["level"] = name_of(saving.severity);
    act["by"] = request.actor->display_name;
    LUY_TRY(const directory::Proposed proposed, ask(request, rule_save_act, act, std::nullopt));
    return proposed.done ? answer(nullptr, 201) : answer(json::value(proposed.waiting->text()), 202);
  }
  json::object note{{"yaml", yaml}, {"level", name_of(saving.severity)}};
  LUY_TRY_VOID(d_.rules.save_local(yaml, request.actor->display_name,
                                   entry(request, rule_save_act, "rule:" + saving.id, std::move(note)), revision));
  done(request);
  return answer(nullptr, 201);
}

Result<Response> Handlers::remove(const Request& request) const {
  LUY_TRY(const std::string id, known_rule(request));
  LUY_TRY_VOID(may(request, Action::rule_manage));
  const LibraryPointer library = d_.rules.library();
  LUY_TRY_VOID(d_.rules.local_rules_with(*library, id));
  const std::string reason = request.param("reason").value_or(std::string());
  json::object particulars{{"rule", id}, {"title", library->find(id)->title.vi}, {"reason", reason}};
  LUY_TRY(const RuleBook::Lessened lessened, d_.rules.lessened_by_removing(id));
  if (!lessened.empty()) {
    LUY_TRY_VOID(may(request, Action::rule_disable));
    particulars["by"] = request.actor->display_name;
    LUY_TRY(const directory::Proposed proposed, ask(request, rule_delete_act, particulars, std::nullopt));
    return asked(proposed);
  }
  const InTransaction note = entry(request, "rule_delete", "rule:" + id, std::move(particulars));
  LUY_TRY_VOID(d_.rules.remove_local(id, request.actor->display_name, note));
  done(request);
  return api::json(json::object{{"done", true}, {"act", nullptr}});
}

Result<Response> Handlers::import(const Request& request) const {
  LUY_TRY_VOID(may(request, Action::rule_manage));
  const json::object& body = request.body.as_object();
  const auto package = from_base64(text_of(body.at("package")));
  if (!package) return Error(api::bad_request, "package");
  if (package->size() > rule_upload_bytes_max) {
    return Error(detect::over_limit, std::to_string(rule_upload_bytes_max) + " bytes");
  }
  const json::value* named = body.if_contains("name");
  const std::string name = named != nullptr ? text_of(*named) : std::string();
  const json::value* wanted = body.if_contains("preview");
  if (wanted != nullptr && wanted->as_bool()) {
    LUY_TRY(const RuleBook::Imported found, d_.rules.preview(*package, name));
    return api::json(imported_json(found, true));
  }
  LUY_TRY(const RuleBook::Staged staged, d_.rules.stage(*package, name));
  json::object act{
      {"package", staged.package}, {"name", name}, {"bytes", package->size()}, {"gone", staged.brings.gone}};
  act["lessened"] = list_json(staged.brings.lessened);
  if (!staged.brings.lessened.empty()) {
    LUY_TRY_VOID(may(request, Action::rule_disable));
    act["by"] = request.actor->display_name;
    LUY_TRY(const directory::Proposed proposed, ask(request, rule_import_act, act, std::nullopt));
    return api::json(imported_json(staged.brings, false, proposed.waiting), proposed.done ? 200 : 202);
  }
  const InTransaction note = entry(request, rule_import_act, "rules", std::move(act));
  LUY_TRY_VOID(d_.rules.adopt(staged, request.actor->display_name, note));
  done(request);
  return api::json(imported_json(staged.brings, false));
}

Result<Response> Handlers::attack(const Request& request) const {
  LUY_TRY_VOID(may(request, Action::rule_read));
  struct Count {
    std::int64_t rules = 0;
    std::int64_t enabled = 0;
    std::int64_t fed = 0;
    std::uint64_t hits = 0;
  };
  const LibraryPointer library = d_.rules.library();
  std::map<std::string, Count> counts;  // Parts count for the technique they belong to.
  for (const RuleInfo& rule : library->rules) {
    std::set<std::string> ids;
    for (const std::string& id : rule.techniques) ids.insert(id.substr(0, id.find('.')));
    const bool enabled = d_.rules.enabled(rule);
    const std::uint64_t hits = ids.empty() ? 0 : d_.book.hits(rule.id).days_30;
    for (const std::string& id : ids) {
      Count& count = counts[id];
      ++count.rules;
      count.enabled += enabled ? 1 : 0;
      count.fed += enabled && rule.fed ? 1 : 0;
      count.hits += hits;
    }
  }
  json::array list;
  for (const Tactic& tactic : tactics()) {
    json::array of_tactic;
    for (const Technique& technique : techniques()) {
      if (std::find(technique.tactics.begin(), technique.tactics.end(), tactic.id) == technique.tactics.end()) continue;
      const Count& count = counts[std::string(technique.id)];
      of_tactic.push_back(json::object{{"id", technique.id},
                                       {"name", technique.name},
                                       {"rules", count.rules},
                                       {"enabled", count.enabled},
                                       {"fed", count.fed},
                                       {"hits_30d", count.hits}});
    }
    list.push_back(json::object{{"id", tactic.id},
                                {"name", text_json({std::string(tactic.vi), std::string(tactic.en)})},
                                {"techniques", of_tactic}});
  }
  return api::json(json::object{{"tactics", std::move(list)}});
}

}  // namespace

json::object imported_json(const RuleBook::Imported& imported, bool preview,
                           const std::optional<directory::ActId>& act) {
  json::array refused;
  for (const detect::Refusal& one : imported.refused) {
    refused.push_back(json::object{{"file", one.file},
                                   {"line", one.line},
                                   {"id", one.id},
                                   {"title", one.title},
                                   {"code", one.error.name()},
                                   {"vi", one.error.vi()},
                                   {"en", one.error.en()}});
  }
  json::array packages;
  for (const auto& one : imported.packages) packages.push_back(json::object{{"name", one.name}, {"files", one.files}});
  return {{"preview", preview},
          {"packages", std::move(packages)},
          {"files", imported.files},
          {"rules", imported.rules},
          {"new", imported.fresh},
          {"gone", imported.gone},
          {"enabled", imported.on},
          {"unfed", imported.unfed},
          {"waiting", imported.waiting},
          {"refused", std::move(refused)},
          {"new_rules", list_json(imported.fresh_rules)},
          {"lessened", list_json(imported.lessened)},
          {"act", act ? json::value(act->text()) : json::value(nullptr)}};
}

std::vector<api::Route> rule_routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share one set of handlers and outlive this call.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  using Member = Result<Response> (Handlers::*)(const Request&) const;
  std::vector<api::Route> out;
  const auto add = [&](api::Method method, const char* pattern, const char* operation, Action action, Member member) {
    out.push_back({method, pattern, operation, api::Access::session, action,
                   [handlers, member](const Request& request) { return (*handlers.*member)(request); }});
  };
  using api::Method;
  add(Method::get, "/api/v1/rules", "listRules", Action::rule_read, &Handlers::list);
  add(Method::post, "/api/v1/rules", "saveRule", Action::rule_manage, &Handlers::save);
  add(Method::get, "/api/v1/rules/{rule}", "getRule", Action::rule_read, &Handlers::get);
  add(Method::post, "/api/v1/rules/import", import_operation.data(), Action::rule_manage, &Handlers::import);
  add(Method::del, "/api/v1/rules/{rule}", "deleteRule", Action::rule_manage, &Handlers::remove);
  add(Method::put, "/api/v1/rules/{rule}/enabled", "setRuleEnabled", Action::rule_manage, &Handlers::set_enabled);
  add(Method::post, "/api/v1/rules/{rule}/exceptions", "addRuleException", Action::rule_manage,
      &Handlers::add_exception);
  add(Method::del, "/api/v1/rules/{rule}/exceptions/{exception}", "removeRuleException", Action::rule_manage,
      &Handlers::remove_exception);
  add(Method::get, "/api/v1/attack", "getAttack", Action::rule_read, &Handlers::attack);
  return out;
}

}  // namespace luy::finding
