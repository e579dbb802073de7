// issueWarning, listWarnings, getWarning, answerWarning.
#include <algorithm>

#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object receiver_json(const ApiDependencies& d, const Warning& warning, const Warning::Receiver& one, Time now) {
  json::object out;
  out["agency"] = agency_json(d, one.agency);
  for (std::size_t i = 0; i < warning_step_count; ++i) {
    const std::string name(name_of(static_cast<WarningStep>(i)));
    const auto& answer = one.answers[i];
    out[name + "_at"] = answer ? json::value(to_rfc3339(answer->at)) : json::value(nullptr);
    out[name + "_by"] = answer ? json::value(answer->by) : json::value(nullptr);
    const auto seq = answer ? d.act_seq(answer->act) : std::nullopt;
    out[name + "_seq"] = seq ? json::value(*seq) : json::value(nullptr);
  }
  out["report"] = one.report;
  const auto& done = one.answers[warning_step_count - 1];
  out["late"] = done ? done->at > warning.due : warning.due <= now;
  return out;
}

// With the receivers that the person may see; nullopt when there is none of them.
std::optional<json::object> warning_json(const ApiDependencies& d, const Request& request, const Warning& warning) {
  const Time now = d.clock.now();
  json::array receivers;
  std::size_t counts[warning_step_count] = {};
  std::size_t late = 0;
  for (const Warning::Receiver& one : warning.receivers) {
    if (!may(d, request, Action::warning_read, one.agency)) continue;
    json::object receiver = receiver_json(d, warning, one, now);
    if (receiver.at("late").as_bool()) ++late;
    for (std::size_t i = 0; i < warning_step_count; ++i) counts[i] += one.answers[i] ? 1U : 0U;
    receivers.push_back(std::move(receiver));
  }
  if (receivers.empty()) return std::nullopt;
  const auto seq = d.act_seq(warning.act);
  json::object out;
  out["id"] = warning.id.text();
  out["number"] = warning.number;
  out["title"] = warning.title;
  out["risk"] = warning.risk;
  out["affected"] = warning.affected;
  out["actions"] = warning.actions;
  out["due_at"] = to_rfc3339(warning.due);
  out["issued_at"] = to_rfc3339(warning.issued_at);
  out["issued_by"] = warning.issued_by;
  out["seq"] = seq ? json::value(*seq) : json::value(nullptr);
  out["counts"] = json::object{{"receivers", receivers.size()},
                               {"read", counts[0]},
                               {"acted", counts[1]},
                               {"reported", counts[2]},
                               {"late", late}};
  out["receivers"] = std::move(receivers);
  return out;
}

Result<Response> answer_of(const ApiDependencies& d, const Request& request, const Warning& warning, int status) {
  const auto out = warning_json(d, request, warning);
  if (!out) return Error(warning_unknown);
  return api::json(*out, status);
}

Result<Warning> warning_of_path(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<WarningId>("warning", "warning"));
  return visible_warning(d, request, id);
}

}  // namespace

Result<Warning> visible_warning(const ApiDependencies& d, const Request& request, const WarningId& id) {
  LUY_TRY(Warning warning, d.warnings.find(id));
  for (const Warning::Receiver& one : warning.receivers) {
    if (!may(d, request, Action::warning_read, one.agency)) continue;
    LUY_TRY_VOID(api::authorise(request, Action::warning_read, object_of(d, one.agency)));
    return warning;
  }
  return api::hide(request, Action::warning_read, "warning:" + id.text(), Error(warning_unknown));
}

Result<NewWarning> warning_at(const ApiDependencies& d, const json::object& body) {
  NewWarning wanted;
  wanted.title = text_at(body, "title");
  wanted.risk = text_at(body, "risk");
  wanted.affected = text_at(body, "affected");
  wanted.actions = text_at(body, "actions");
  LUY_TRY(wanted.due, time_at(body, "due_at"));
  std::vector<AgencyId> roots;
  for (const json::value& value : body.at("agencies").as_array()) {
    const auto agency = AgencyId::parse(text_of(value));
    if (!agency || !d.agency_exists(*agency)) return Error(directory::agency_unknown);
    roots.push_back(*agency);
  }
  wanted.agencies = roots;
  if (flag_at(body, "below")) {
    for (const ApiDependencies::Named& one : d.agencies()) {
      const std::vector<AgencyId> above = d.lineage(one.id);
      const bool is_below = std::any_of(above.begin(), above.end(), [&](const AgencyId& each) {
        return std::find(roots.begin(), roots.end(), each) != roots.end();
      });
      if (is_below) wanted.agencies.push_back(one.id);
    }
  }
  return wanted;
}

namespace {

Result<Response> issue(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const NewWarning wanted, warning_at(d, request.body.as_object()));
  request.audited = true;
  LUY_TRY(const Warning warning, d.warnings.issue(api::caller_of(request), request.actor->display_name, wanted,
                                                  [&d](const AgencyId& agency) { return object_of(d, agency); }));
  return answer_of(d, request, warning, 201);
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::warning_read, directory::Object::anywhere()));
  const std::string open = request.param("open").value_or("");
  LUY_TRY(const std::vector<Warning> all, d.warnings.list());
  json::array items;
  for (const Warning& one : all) {
    auto warning = warning_json(d, request, one);
    if (!warning) continue;
    const json::object& counts = warning->at("counts").as_object();
    const bool is_open = counts.at("reported") != counts.at("receivers");
    if (open.empty() || is_open == (open == "true")) items.push_back(*std::move(warning));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> get(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Warning warning, warning_of_path(d, request));
  return answer_of(d, request, warning, 200);
}

Result<Response> answer(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const Warning warning, warning_of_path(d, request));
  const json::object& body = request.body.as_object();
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  const auto step = warning_step_from_name(text_at(body, "act"));
  if (!agency || !step) return Error(api::bad_request, "agency, act");
  request.audited = true;
  LUY_TRY(const Warning answered,
          d.warnings.answer(api::caller_of(request), request.actor->display_name, warning.id, *agency, *step,
                            text_at(body, "text"), [&d](const AgencyId& one) { return object_of(d, one); }));
  return answer_of(d, request, answered, 200);
}

}  // namespace

std::vector<api::Route> warning_routes(const Shared& d) {
  return {
      route(d, Method::get, "/api/v1/warnings", "listWarnings", Action::warning_read, list),
      route(d, Method::post, "/api/v1/warnings", "issueWarning", Action::warning_issue, issue),
      route(d, Method::get, "/api/v1/warnings/{warning}", "getWarning", Action::warning_read, get),
      route(d, Method::post, "/api/v1/warnings/{warning}/answers", "answerWarning", Action::warning_answer, answer),
  };
}

}  // namespace luy::incident
