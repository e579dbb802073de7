#include "finding/api.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/vietnamese.h"
#include "finding/attack.h"
#include "finding/handlers/values.h"
#include "finding/sign_text.h"

namespace luy::finding {
namespace {

using api::Request;
using api::Response;
using directory::Action;
namespace json = boost::json;

constexpr std::int64_t page_default = 100;
constexpr std::int64_t page_max = 500;
constexpr std::string_view state_act = "finding_triage";

// The filters of a list, beside what the person may see.
struct Wanted {
  std::optional<State> state;
  std::optional<Severity> severity;
  std::optional<Kind> kind;
  std::string device;
  std::string rule;
  std::string entity;
  std::string q;  // Folded.
  bool overdue = false;
};

bool has_entity(const Finding& finding, const std::string& value) {
  return std::any_of(finding.entities.begin(), finding.entities.end(),
                     [&](const Entity& entity) { return entity.value == value; });
}

bool matches(const Finding& f, const Wanted& wanted, const ApiDependencies& d) {
  if (wanted.kind && f.kind != *wanted.kind) return false;
  if (!wanted.device.empty() && (!f.device || f.device->text() != wanted.device)) return false;
  if (!wanted.rule.empty() && (!f.rule || f.rule->id != wanted.rule)) return false;
  if (!wanted.entity.empty() && !has_entity(f, wanted.entity)) return false;
  if (wanted.q.empty()) return true;
  const auto holds = [&](std::string_view text) { return fold_vietnamese(text).find(wanted.q) != std::string::npos; };
  if (holds(f.title.vi) || holds(f.title.en) || (f.rule && holds(f.rule->id))) return true;
  if (f.device && holds(d.device_name(*f.device))) return true;
  return std::any_of(f.entities.begin(), f.entities.end(), [&](const Entity& entity) { return holds(entity.value); });
}

// Numbers beside the list: each over everything the other filters leave.
struct Tally {
  std::array<std::int64_t, state_count> by_state{};
  std::array<std::int64_t, severity_count> by_severity{};
  std::int64_t overdue = 0;

  json::object to_json() const {
    json::object states;
    for (std::size_t i = 0; i < state_count; ++i) states[name_of(static_cast<State>(i))] = by_state.at(i);
    json::object severities;
    for (std::size_t i = 0; i < severity_count; ++i) severities[name_of(static_cast<Severity>(i))] = by_severity.at(i);
    return {{"by_state", std::move(states)}, {"by_severity", std::move(severities)}, {"overdue", overdue}};
  }
};

void sort_by(std::vector<FindingPointer>& list, const std::string& order) {
  const auto by = [&](auto key) {
    std::sort(list.begin(), list.end(), [&](const FindingPointer& a, const FindingPointer& b) {
      return std::pair(key(*a), b->id) < std::pair(key(*b), a->id);
    });
  };
  if (order == "severity") {
    by([](const Finding& f) { return std::pair(-static_cast<int>(f.severity), -to_micros(f.last_seen)); });
  } else if (order == "due") {
    // What waits with a time comes first, then what waits without, then what was looked at.
    by([](const Finding& f) {
      const int part = f.state != State::fresh ? 2 : f.due_at ? 0 : 1;
      return std::pair(part, part == 0 ? to_micros(*f.due_at) : -to_micros(f.last_seen));
    });
  } else {
    by([](const Finding& f) { return -to_micros(f.last_seen); });
  }
}

class Handlers {
 public:
  explicit Handlers(ApiDependencies deps) : d_(std::move(deps)) {}
  Result<Response> list(const Request& request) const;
  Result<Response> get(const Request& request) const;
  Result<Response> events(const Request& request) const;
  Result<Response> set_state(const Request& request) const;

 private:
  directory::Object object(const AgencyId& agency) const {
    directory::Object out;
    out.agencies = d_.lineage(agency);
    return out;
  }
  Result<FindingPointer> loaded(const Request& request) const {
    LUY_TRY(const auto id, request.id_param<FindingId>("finding", "finding"));
    FindingPointer finding = d_.book.find(id);
    // Who may not see it is told the same as of one that is not there.
    if (!finding) return Error(finding_unknown, id.text());
    if (!directory::may(*request.actor, Action::finding_read, object(finding->agency)).allowed) {
      return api::hide(request, Action::finding_read, "finding:" + id.text(), Error(finding_unknown, id.text()));
    }
    LUY_TRY_VOID(api::authorise(request, Action::finding_read, object(finding->agency)));
    return finding;
  }

  bool is_name(const Finding& finding) const {
    const auto service = std::find_if(finding.entities.begin(), finding.entities.end(),
                                      [](const Entity& one) { return one.type == EntityType::service; });
    return d_.is_name && service != finding.entities.end() && d_.is_name(service->value);
  }

  const ApiDependencies d_;
  const SignTexts signs_ = builtin_signs();
};

Result<Response> Handlers::list(const Request& request) const {
  Scope seen(d_, request, Action::finding_read);
  if (request.param("agency")) {
    LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
    LUY_TRY_VOID(api::authorise(request, Action::finding_read, object(agency)));
    seen.narrow(agency);
  } else {
    LUY_TRY_VOID(api::authorise(request, Action::finding_read, directory::Object::anywhere()));
  }
  LUY_TRY(const auto limit, request.number_param("limit", page_default, 1, page_max));
  const auto text = [&](std::string_view name) { return request.param(name).value_or(std::string()); };
  Wanted wanted;
  wanted.state = state_from_name(text("state"));
  wanted.severity = severity_from_name(text("severity"));
  wanted.kind = kind_from_name(text("kind"));
  wanted.device = text("device");
  wanted.rule = text("rule");
  wanted.entity = text("entity");
  wanted.q = fold_vietnamese(text("q"));
  wanted.overdue = text("overdue") == "true";
  const Time now = d_.clock.now();
  Tally tally;
  std::vector<FindingPointer> found;
  for (const FindingPointer& finding : d_.book.all()) {
    const Finding& f = *finding;
    if (!seen.sees(f.agency) || !matches(f, wanted, d_)) continue;
    const bool state = !wanted.state || f.state == *wanted.state;
    const bool severity = !wanted.severity || f.severity == *wanted.severity;
    const bool overdue = !wanted.overdue || f.overdue(now);
    if (severity && overdue) ++tally.by_state.at(static_cast<std::size_t>(f.state));
    if (state && overdue) ++tally.by_severity.at(static_cast<std::size_t>(f.severity));
    if (state && severity && f.overdue(now)) ++tally.overdue;
    if (state && severity && overdue) found.push_back(finding);
  }
  sort_by(found, text("sort"));
  std::vector<FindingPointer> page;
  json::object out = page_json(
      found, text("cursor"), static_cast<std::size_t>(limit), [](const FindingPointer& f) { return f->id.text(); },
      [&](const FindingPointer& f) {
        page.push_back(f);
        return json::value(nullptr);
      });
  out["items"] = findings_json(page, d_);
  out["counts"] = tally.to_json();
  return api::json(out);
}

Result<Response> Handlers::get(const Request& request) const {
  LUY_TRY(const FindingPointer finding, loaded(request));
  LUY_TRY(const auto past, d_.book.history(finding->id));
  json::object out = finding_json(*finding, d_);
  RuleText text;
  std::vector<std::string> techniques;
  const LibraryPointer library = d_.rules.library();
  if (const RuleInfo* rule = finding->rule ? library->find(finding->rule->id) : nullptr; rule != nullptr) {
    text = text_of_rule(*library, *rule);
    techniques = rule->techniques;
  }
  const auto sign = signs_.find(sign_of(*finding, is_name(*finding)));
  LUY_CHECK(sign != signs_.end());
  // A story is told with the rule's own meaning; advice that fits every rule adds nothing to it.
  const Text story = story_of(*finding, text);
  fill_up(text, techniques, sign->second);
  out["story"] = text_json(story);
  out["meaning"] = text_json(text.meaning);
  out["first_steps"] = texts_json(text.first_steps);
  out["false_positives"] = texts_json(text.false_positives);
  out["attack"] = attack_json(techniques);
  out["articles"] = list_json(text.articles);
  out["references"] = list_json(text.references);
  json::array history;
  for (const HistoryEntry& entry : past) {
    history.push_back(
        json::object{{"at", to_rfc3339(entry.at)},
                     {"by", entry.by},
                     {"state", name_of(entry.state)},
                     {"reason", entry.reason.empty() ? json::value(nullptr) : json::value(entry.reason)}});
  }
  out["history"] = std::move(history);
  return api::json(out);
}

Result<Response> Handlers::events(const Request& request) const {
  LUY_TRY(const FindingPointer finding, loaded(request));
  LUY_TRY(const auto limit, request.number_param("limit", page_default, 1, page_max));
  std::optional<std::uint64_t> before;
  if (request.param("cursor")) {
    LUY_TRY(const std::int64_t cursor, request.number_param("cursor", 0, 0, INT64_MAX));
    before = static_cast<std::uint64_t>(cursor);
  }
  LUY_TRY(const auto seqs, d_.book.members(finding->id, before, static_cast<std::size_t>(limit)));
  json::array items;
  std::int64_t hidden = 0;
  for (const std::uint64_t seq : seqs) {
    auto event = d_.event(request, seq);
    if (event) {
      items.push_back(std::move(*event));
    } else {
      ++hidden;
    }
  }
  if (!items.empty() && d_.searched) d_.searched(request);
  const bool more = seqs.size() == static_cast<std::size_t>(limit);
  json::object out;
  out["items"] = std::move(items);
  out["next"] = more ? json::value(std::to_string(seqs.back())) : json::value(nullptr);
  out["total"] = finding->members;
  out["hidden"] = hidden;
  return api::json(out);
}

// One entry in the audit trail for each agency; it names the findings, and the findings name it.
Result<Response> Handlers::set_state(const Request& request) const {
  const json::object& body = request.body.as_object();
  Book::StateChange change;
  change.state = state_from_name(text_of(body.at("state"))).value_or(State::acknowledged);
  change.reason = text_at(body, "reason");
  change.by = request.actor->display_name;
  change.act = make_id_text(d_.clock.now(), d_.random);
  std::map<AgencyId, json::array> agencies;
  for (const json::value& value : body.at("findings").as_array()) {
    const auto id = FindingId::parse(text_of(value));
    const FindingPointer finding = id ? d_.book.find(*id) : nullptr;
    if (!finding) return Error(finding_unknown, text_of(value));
    if (!directory::may(*request.actor, Action::finding_read, object(finding->agency)).allowed) {
      return api::hide(request, Action::finding_read, "finding:" + id->text(), Error(finding_unknown, id->text()));
    }
    LUY_TRY_VOID(api::authorise(request, Action::finding_triage, object(finding->agency)));
    if (std::find(change.findings.begin(), change.findings.end(), *id) != change.findings.end()) continue;
    change.findings.push_back(*id);
    agencies[finding->agency].emplace_back(id->text());
  }
  const auto answer = [&] {
    std::vector<FindingPointer> now;
    for (const FindingId& id : change.findings) {
      if (FindingPointer finding = d_.book.find(id)) now.push_back(std::move(finding));
    }
    return api::json(json::object{{"items", findings_json(now, d_)}});
  };
  if (change.state == State::in_case && d_.into_case) {
    LUY_TRY_VOID(d_.into_case(request, change.findings, text_at(body, "incident")));
    return answer();
  }
  const auto stored = d_.book.set_state(change, [&](records::Connection& c) -> Result<void> {
    for (const auto& [agency, ids] : agencies) {
      json::object particulars{{"agency", agency.text()},
                               {"state", name_of(change.state)},
                               {"reason", change.reason},
                               {"findings", ids},
                               {"proof_of", change.act}};
      const std::string on = "finding:" + text_of(ids.front());
      LUY_TRY_VOID(d_.audit(c, request, state_act, on, std::move(particulars)));
    }
    return {};
  });
  if (!stored) return stored.error();
  request.audited = true;
  if (d_.audited) d_.audited();
  return answer();
}

using Incidents = std::map<FindingId, json::object>;

Incidents incidents_of(std::span<const Finding* const> findings, const ApiDependencies& d) {
  std::vector<FindingId> in_case;
  for (const Finding* one : findings) {
    if (one->state == State::in_case) in_case.push_back(one->id);
  }
  return in_case.empty() || !d.incidents ? Incidents() : d.incidents(in_case);
}

json::object to_json(const Finding& f, const Incidents& incidents, const ApiDependencies& d) {
  const auto maybe = [](const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); };
  json::array entities;
  for (const Entity& entity : f.entities) {
    json::object one{{"type", name_of(entity.type)}, {"value", entity.value}, {"name", entity.value}};
    const auto device = entity.type == EntityType::device ? DeviceId::parse(entity.value) : std::nullopt;
    if (device) one["name"] = d.device_name(*device);
    entities.push_back(std::move(one));
  }
  json::object out;
  out["id"] = f.id.text();
  out["kind"] = name_of(f.kind);
  out["title"] = text_json(f.title);
  out["severity"] = name_of(f.severity);
  out["state"] = name_of(f.state);
  out["rule"] = nullptr;
  if (f.rule) out["rule"] = {{"id", f.rule->id}, {"title", f.rule->title}, {"origin", name_of(f.rule->origin)}};
  out["agency"] = {{"id", f.agency.text()}, {"name", d.agency_name(f.agency)}};
  out["device"] = nullptr;
  if (f.device) out["device"] = {{"id", f.device->text()}, {"name", d.device_name(*f.device)}};
  out["entities"] = std::move(entities);
  out["count"] = f.count;
  out["first_seen"] = to_rfc3339(f.first_seen);
  out["last_seen"] = to_rfc3339(f.last_seen);
  out["opened_at"] = to_rfc3339(f.opened_at);
  out["due_at"] = time_json(f.due_at);
  out["overdue"] = f.overdue(d.clock.now());
  const bool looked = f.state != State::fresh;
  out["acknowledged_by"] = looked ? maybe(f.state_by) : json::value(nullptr);
  out["acknowledged_at"] = looked ? time_json(f.looked_at) : json::value(nullptr);
  out["reason"] = maybe(f.reason);
  const auto incident = incidents.find(f.id);
  out["incident"] = incident != incidents.end() ? json::value(incident->second) : json::value(nullptr);
  return out;
}

}  // namespace

json::object finding_json(const Finding& finding, const ApiDependencies& d) {
  const Finding* const one = &finding;
  return to_json(finding, incidents_of({&one, 1}, d), d);
}

json::array findings_json(std::span<const FindingPointer> findings, const ApiDependencies& d) {
  std::vector<const Finding*> all;
  for (const FindingPointer& one : findings) all.push_back(one.get());
  const Incidents incidents = incidents_of(all, d);
  json::array out;
  for (const Finding* one : all) out.push_back(to_json(*one, incidents, d));
  return out;
}

Text story_of(const Finding& f, const RuleText& rule) {
  if (!f.story.vi.empty()) return f.story;
  const std::string count = std::to_string(f.count);
  Text out;
  out.vi = (rule.meaning.vi.empty() ? f.title.vi + "." : rule.meaning.vi) + " Có " + count + " sự kiện khớp.";
  out.en = (rule.meaning.en.empty() ? f.title.en + "." : rule.meaning.en) + " " + count +
           (f.count == 1 ? " event matches." : " events match.");
  return out;
}

std::vector<api::Route> routes(ApiDependencies dependencies) {
  // shared_ptr: the routes share one set of handlers and outlive this call.
  const auto handlers = std::make_shared<const Handlers>(std::move(dependencies));
  using Member = Result<Response> (Handlers::*)(const Request&) const;
  std::vector<api::Route> out;
  const auto add = [&](api::Method method, const char* pattern, const char* operation, Action action, Member member) {
    out.push_back({method, pattern, operation, api::Access::session, action,
                   [handlers, member](const Request& request) { return (*handlers.*member)(request); }});
  };
  using api::Method;
  add(Method::get, "/api/v1/findings", "listFindings", Action::finding_read, &Handlers::list);
  add(Method::post, "/api/v1/findings/state", "setFindingState", Action::finding_triage, &Handlers::set_state);
  add(Method::get, "/api/v1/findings/{finding}", "getFinding", Action::finding_read, &Handlers::get);
  add(Method::get, "/api/v1/findings/{finding}/events", "listFindingEvents", Action::finding_read, &Handlers::events);
  return out;
}

}  // namespace luy::finding
