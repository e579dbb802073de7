// getIncidentProcess: what the pack says of steps, choices, items and forms, for menus and the diagram.
#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Request;
using api::Response;
using directory::Action;

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::array states_json(const Process& process) {
  json::array out;
  for (const ProcessState& one : process.states) {
    out.push_back(
        json::object{{"id", one.id}, {"step", one.step}, {"end", one.is_end}, {"title", text_json(one.title)}});
  }
  return out;
}

json::object transition_json(const Transition& one) {
  constexpr std::string_view types[] = {"text", "time", "case"};
  json::array fields;
  for (const EventField& field : one.fields) {
    fields.push_back(json::object{
        {"id", field.id}, {"type", types[static_cast<std::size_t>(field.type)]}, {"label", text_json(field.label)}});
  }
  json::array papers;
  for (const PaperDemand& paper : one.papers) {
    papers.push_back(json::object{{"form", paper.form},
                                  {"signed_by", list_json(paper.signed_by)},
                                  {"delivered", paper.must_be_delivered},
                                  {"field", text_or_null(paper.field)},
                                  {"is", text_or_null(paper.is)}});
  }
  json::array needs;
  for (const Need need : one.needs) needs.emplace_back(name_of(need));
  json::object out;
  out["event"] = one.event;
  out["title"] = text_json(one.title);
  out["from"] = list_json(one.from);
  out["to"] = one.to;
  out["roles"] = list_json(one.roles);
  out["reason"] = one.needs_reason;
  out["beyond"] = one.is_beyond;
  out["fields"] = std::move(fields);
  out["papers"] = std::move(papers);
  out["needs"] = std::move(needs);
  return out;
}

json::array parts_json() {
  constexpr std::string_view types[] = {"line", "text", "time", "flag", "texts", "sha256", "part"};
  json::array out;
  for (std::size_t i = 0; i < part_kind_count; ++i) {
    const auto kind = static_cast<PartKind>(i);
    if (kind == PartKind::handover) continue;  // Nobody enters one.
    json::array fields;
    for (const PartField& field : fields_of(kind)) {
      fields.push_back(json::object{{"id", field.id},
                                    {"type", types[static_cast<std::size_t>(field.type)]},
                                    {"required", field.is_required},
                                    {"updatable", field.is_updatable},
                                    {"label", text_json({std::string(field.vi), std::string(field.en)})}});
    }
    out.push_back(json::object{{"kind", name_of(kind)}, {"fields", std::move(fields)}});
  }
  return out;
}

json::array forms_json(const ApiDependencies& d) {
  json::array out;
  for (const PaperUse& use : d.cases.process().papers) {
    const paper::Form* form = d.forms.current(use.form);
    // Menus of a case: what belongs to none is begun elsewhere.
    if (form == nullptr || use.owner != PaperOwner::a_case) continue;
    json::object one;
    one["id"] = use.form;
    one["title"] = text_json(form->title);
    one["kind"] = form->kind;
    one["moment"] = use.moment ? json::value(name_of(*use.moment)) : json::value(nullptr);
    one["signers"] = list_json(form->signers);
    json::array places;
    for (const SignPlace& place : use.signed_by) {
      places.push_back(json::object{{"role", text_or_null(place.role)}, {"person", text_or_null(place.person)}});
    }
    one["signed_by"] = std::move(places);
    one["fields"] = fields_json(*form);
    out.push_back(std::move(one));
  }
  return out;
}

// "5 ngày làm việc", "1 hour".
Text words_of(const Limit& limit) {
  const std::string number = std::to_string(limit.amount), plural = limit.amount == 1 ? "" : "s";
  switch (limit.unit) {
    case regulation::Unit::minutes:
      return {number + " phút", number + " minute" + plural};
    case regulation::Unit::hours:
      return {number + " giờ", number + " hour" + plural};
    case regulation::Unit::days:
      return {number + " ngày", number + " day" + plural};
    default:
      return {number + " ngày làm việc", number + " working day" + plural};
  }
}

json::array stages_json(const ConflictRules& rules) {
  json::array out;
  for (const Choice& stage : rules.stages) {
    json::object one = choice_json(stage);
    const auto limit = rules.limits.find(stage.id);
    one["limit"] = limit != rules.limits.end() ? json::value(text_json(words_of(limit->second))) : json::value(nullptr);
    out.push_back(std::move(one));
  }
  return out;
}

json::object conflict_json(const ConflictRules& rules) {
  return {{"source", text_json(rules.source)},
          {"stages", stages_json(rules)},
          {"tracing_stage", rules.tracing_stage},
          {"remedy_stage", rules.remedy_stage},
          {"exclusion_stage", rules.exclusion_stage},
          {"trace", choices_json(rules.trace)},
          {"exclusion_conditions", choices_json(rules.exclusion_conditions)},
          {"plan_form", rules.plan_form},
          {"result_form", rules.result_form}};
}

Result<Response> process(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  const Process& process = d.cases.process();
  const Edition& edition = *process.edition_on(day_of(d.clock.now()));
  json::array transitions;
  for (const Transition& one : process.transitions) transitions.push_back(transition_json(one));
  json::object out;
  out["title"] = text_json(process.title);
  out["source"] = text_json(process.source);
  out["start"] = process.start;
  out["states"] = states_json(process);
  out["transitions"] = std::move(transitions);
  out["kinds"] = choices_json(process.kinds);
  out["properties"] = choices_json(process.properties);
  out["signs"] = choices_json(process.signs);
  out["harms"] = choices_json(process.harms);
  out["severities"] = choices_json(edition.severities);
  out["authority"] = text_json(edition.authority);
  out["recipients"] = list_json(edition.recipients);
  out["receipt_roles"] = list_json(process.receipt.roles);
  out["parts"] = parts_json();
  out["conflict"] = conflict_json(process.conflict);
  out["forms"] = forms_json(d);
  return api::json(out);
}

}  // namespace

std::vector<api::Route> process_routes(const Shared& d) {
  return {route(d, api::Method::get, "/api/v1/incident-process", "getIncidentProcess", Action::incident_read, process)};
}

}  // namespace luy::incident
