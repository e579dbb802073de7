// listAppointments, appointOfficer, endAppointment, listTrainings, addTraining, removeTraining, listCommitmentTexts,
// setCommitmentText, listCommitments, signCommitment, fileCompanyCommitment, endCommitment.
#include <algorithm>

#include "people/handlers/values.h"

namespace luy::people {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

constexpr Action read_register = Action::commitment_read;
constexpr Action write_register = Action::commitment_manage;

json::value maybe_text(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

bool is_own(const Request& request, const PersonId& person) {
  return request.actor && request.actor->person == person;
}

std::function<Result<void>(const AgencyId&)> permit_of(const ApiDependencies& d, const Request& request) {
  return
      [&d, &request](const AgencyId& agency) { return api::authorise(request, write_register, object_of(d, agency)); };
}

Result<AgencyId> agency_at(const ApiDependencies& d, const json::object& body) {
  const auto agency = AgencyId::parse(text_at(body, "agency"));
  if (!agency || d.agency_name(*agency).empty()) return Error(directory::agency_unknown);
  return *agency;
}

Result<Day> needed_day(const json::object& body, const char* key) {
  LUY_TRY(const std::optional<Day> day, day_at(body, key));
  if (!day) return Error(api::bad_request, key);
  return *day;
}

json::object appointment_json(const ApiDependencies& d, const Appointment& one, const std::vector<Training>& trained) {
  const OfficerBook::Presence there = d.officers.presence(one.person);
  const bool is_in_force = one.in_force(day_of(d.clock.now()));
  return {{"id", one.id.text()},
          {"agency", agency_json(d, one.agency)},
          {"person", {{"id", one.person.text()}, {"name", one.person_name}}},
          {"decision", one.decision},
          {"day", to_iso(one.day)},
          {"until", day_json(one.until)},
          {"in_force", is_in_force},
          {"present", there.present},
          {"why_not", there.present ? json::value(nullptr) : json::value(text_json(there.why_not))},
          {"trained_until", day_json(d.officers.trained_until(trained, one.person))},
          {"ended_at", time_json(one.ended_at)},
          {"end_reason", maybe_text(one.end_reason)},
          {"seq", seq_json(d.act_seq(one.act))}};
}

json::object training_json(const ApiDependencies& d, const Training& one) {
  return {{"id", one.id.text()},
          {"person", {{"id", one.person.text()}, {"name", one.person_name}}},
          {"agency", agency_json(d, one.agency)},
          {"topic", one.topic},
          {"day", to_iso(one.day)},
          {"hours", one.hours},
          {"by", one.given_by},
          {"seq", seq_json(d.act_seq(one.act))}};
}

json::object commitment_json(const ApiDependencies& d, const Commitment& one) {
  json::value text = nullptr;
  if (!one.text.empty()) text = json::object{{"id", one.text}, {"version", one.version}};
  return {{"id", one.id.text()},
          {"holder",
           {{"kind", one.person ? "person" : "company"},
            {"id", one.person ? json::value(one.person->text()) : json::value(nullptr)},
            {"name", one.holder}}},
          {"agency", agency_json(d, one.agency)},
          {"text", std::move(text)},
          {"system", maybe_text(one.system)},
          {"paper", maybe_text(one.paper)},
          {"paper_sha256", maybe_text(one.paper_sha256)},
          {"signed_on", to_iso(one.signed_on)},
          {"signed_at", to_rfc3339(one.signed_at)},
          {"until", day_json(one.until)},
          {"how", one.person ? "click" : "paper"},
          {"in_force", one.in_force(day_of(d.clock.now()))},
          {"ended_at", time_json(one.ended_at)},
          {"end_reason", maybe_text(one.end_reason)},
          {"seq", seq_json(d.act_seq(one.act))}};
}

json::object text_json_of(const CommitmentText& one) {
  return {{"id", one.id},         {"version", one.version},   {"title", one.title},      {"body", one.body},
          {"months", one.months}, {"by", named_json(one.by)}, {"at", to_rfc3339(one.at)}};
}

Result<Response> list_appointments(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Scope scope, Scope::of(d, request, read_register));
  LUY_TRY(const std::vector<Appointment> all, d.officers.appointments());
  LUY_TRY(const std::vector<Training> trained, d.officers.trainings());
  json::array items;
  for (const Appointment& one : all) {
    const bool is_mine = !request.param("agency") && is_own(request, one.person);
    if (is_mine || scope.sees(one.agency)) items.push_back(appointment_json(d, one, trained));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> appoint(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  LUY_TRY(const AgencyId agency, agency_at(d, body));
  LUY_TRY_VOID(api::authorise(request, write_register, object_of(d, agency)));
  LUY_TRY(const Person person, visible_person(d, request, d.persons(), text_at(body, "person")));
  LUY_TRY(const Day day, needed_day(body, "day"));
  LUY_TRY(const std::optional<Day> until, day_at(body, "until"));
  request.audited = true;
  LUY_TRY(const Appointment made, d.officers.appoint(api::caller_of(request), permit_of(d, request), agency, person,
                                                     text_at(body, "decision"), day, until));
  LUY_TRY(const std::vector<Training> trained, d.officers.trainings());
  return api::json(appointment_json(d, made, trained), 201);
}

Result<Response> end_appointment(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AppointmentId>("appointment", "appointment"));
  request.audited = true;
  LUY_TRY(const Appointment made, d.officers.end(api::caller_of(request), permit_of(d, request), id,
                                                 text_at(request.body.as_object(), "reason")));
  LUY_TRY(const std::vector<Training> trained, d.officers.trainings());
  return api::json(appointment_json(d, made, trained));
}

Result<Response> list_trainings(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Scope scope, Scope::of(d, request, read_register));
  LUY_TRY(const std::vector<Training> all, d.officers.trainings());
  const auto person = request.param("person");
  json::array items;
  for (const Training& one : all) {
    if (person && one.person.text() != *person) continue;
    const bool is_mine = !request.param("agency") && is_own(request, one.person);
    if (is_mine || scope.sees(one.agency)) items.push_back(training_json(d, one));
  }
  return api::json(json::object{{"items", std::move(items)}});
}

Result<Response> add_training(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  const Persons persons = d.persons();
  NewTraining wanted;
  for (const json::value& one : body.at("persons").as_array()) {
    LUY_TRY(wanted.persons.emplace_back(), visible_person(d, request, persons, std::string(one.as_string())));
    LUY_TRY_VOID(api::authorise(request, write_register, object_of(d, wanted.persons.back().agency)));
  }
  wanted.topic = text_at(body, "topic");
  LUY_TRY(wanted.day, needed_day(body, "day"));
  wanted.hours = body.at("hours").to_number<unsigned>();
  wanted.given_by = text_at(body, "by");
  request.audited = true;
  LUY_TRY(const std::vector<Training> made, d.officers.train(api::caller_of(request), permit_of(d, request), wanted));
  json::array items;
  for (const Training& one : made) items.push_back(training_json(d, one));
  return api::json(json::object{{"items", std::move(items)}}, 201);
}

Result<Response> remove_training(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<TrainingId>("training", "training"));
  request.audited = true;
  LUY_TRY_VOID(d.officers.remove_training(api::caller_of(request), permit_of(d, request), id,
                                          text_at(request.body.as_object(), "reason")));
  return api::no_content();
}

directory::Object oneself(const Request& request) {
  directory::Object out;
  if (request.actor) out.account = request.actor->account;
  return out;
}

// Whoever is to sign one reads it.
Result<Response> list_texts(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::commitment_sign, oneself(request)));
  LUY_TRY(const std::vector<CommitmentText> all, d.commitments.texts());
  json::array items;
  for (const CommitmentText& one : all) items.push_back(text_json_of(one));
  return api::json(json::object{{"items", std::move(items)}});
}

// A text is signed in every agency: whoever sets it keeps the register at the top.
Result<Response> set_text(const ApiDependencies& d, const Request& request) {
  const auto at_top = [&]() -> Result<void> { return api::authorise(request, write_register, d.town_object()); };
  LUY_TRY_VOID(at_top());
  const json::object& body = request.body.as_object();
  CommitmentText wanted;
  wanted.id = *request.param("text");
  wanted.title = text_at(body, "title");
  wanted.body = text_at(body, "body");
  wanted.months = body.at("months").to_number<unsigned>();
  request.audited = true;
  LUY_TRY(const CommitmentText made,
          d.commitments.set_text(api::caller_of(request), who_asks(request), at_top, std::move(wanted)));
  return api::json(text_json_of(made));
}

Result<Response> list_commitments(const ApiDependencies& d, const Request& request) {
  LUY_TRY(Scope scope, Scope::of(d, request, read_register));
  LUY_TRY(const std::vector<Commitment> all, d.commitments.list());
  const auto holder = request.param("holder");
  json::array items, missing;
  for (const Commitment& one : all) {
    if (holder && (!one.person || one.person->text() != *holder)) continue;
    const bool is_mine = !request.param("agency") && one.person && is_own(request, *one.person);
    if (is_mine || scope.sees(one.agency)) items.push_back(commitment_json(d, one));
  }
  for (const AgencyId& agency : request.param("missing") == "true" ? d.agencies() : std::vector<AgencyId>()) {
    if (!scope.sees(agency)) continue;
    LUY_TRY(const auto without, d.commitments.missing(agency));
    for (const auto& one : without) {
      missing.push_back(json::object{{"person", {{"id", one.person.text()}, {"name", one.name}}},
                                     {"agency", agency_json(d, agency)},
                                     {"since", to_rfc3339(one.since)}});
    }
  }
  return api::json(json::object{{"items", std::move(items)}, {"missing", std::move(missing)}});
}

Result<Response> sign(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::commitment_sign, oneself(request)));
  const json::object& body = request.body.as_object();
  const Persons persons = d.persons();
  const auto own = persons.find(request.actor->person);
  if (own == persons.end()) return Error(person_unknown);
  // With a stolen session one could otherwise sign for somebody.
  LUY_TRY_VOID(d.confirm_password(request, text_at(body, "password")));
  request.audited = true;
  LUY_TRY(const Commitment made, d.commitments.sign(api::caller_of(request), own->second, text_at(body, "text")));
  return api::json(commitment_json(d, made), 201);
}

Result<Response> file_company(const ApiDependencies& d, const Request& request) {
  const json::object& body = request.body.as_object();
  NewCompanyCommitment wanted;
  LUY_TRY(wanted.agency, agency_at(d, body));
  const auto permit = [&] { return api::authorise(request, write_register, object_of(d, wanted.agency)); };
  LUY_TRY_VOID(permit());
  wanted.name = text_at(body, "name");
  wanted.system = text_at(body, "system");
  wanted.paper = text_at(body, "paper");
  wanted.paper_sha256 = text_at(body, "paper_sha256");
  LUY_TRY(wanted.signed_on, needed_day(body, "signed_on"));
  LUY_TRY(wanted.until, day_at(body, "until"));
  request.audited = true;
  LUY_TRY(const Commitment made, d.commitments.file(api::caller_of(request), permit, wanted));
  return api::json(commitment_json(d, made), 201);
}

Result<Response> end_commitment(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const auto id, request.id_param<CommitmentId>("commitment", "commitment"));
  LUY_TRY(const Commitment there, d.commitments.find(id));
  if (!may(d, request, read_register, there.agency)) {
    return api::hide(request, read_register, "commitment:" + id.text(), Error(commitment_unknown));
  }
  const auto permit = [&] { return api::authorise(request, write_register, object_of(d, there.agency)); };
  LUY_TRY_VOID(permit());
  request.audited = true;
  LUY_TRY(const Commitment made,
          d.commitments.end(api::caller_of(request), permit, id, text_at(request.body.as_object(), "reason")));
  return api::json(commitment_json(d, made));
}

}  // namespace

std::vector<api::Route> register_routes(const Shared& d) {
  constexpr Action own = Action::commitment_sign;
  return {
      route(d, Method::get, "/api/v1/appointments", "listAppointments", read_register, list_appointments),
      route(d, Method::post, "/api/v1/appointments", "appointOfficer", write_register, appoint),
      route(d, Method::post, "/api/v1/appointments/{appointment}/end", "endAppointment", write_register,
            end_appointment),
      route(d, Method::get, "/api/v1/trainings", "listTrainings", read_register, list_trainings),
      route(d, Method::post, "/api/v1/trainings", "addTraining", write_register, add_training),
      route(d, Method::del, "/api/v1/trainings/{training}", "removeTraining", write_register, remove_training),
      route(d, Method::get, "/api/v1/commitment-texts", "listCommitmentTexts", own, list_texts),
      route(d, Method::put, "/api/v1/commitment-texts/{text}", "setCommitmentText", write_register, set_text),
      route(d, Method::get, "/api/v1/commitments", "listCommitments", read_register, list_commitments),
      route(d, Method::post, "/api/v1/commitments", "signCommitment", own, sign),
      route(d, Method::post, "/api/v1/commitments/companies", "fileCompanyCommitment", write_register, file_company),
      route(d, Method::post, "/api/v1/commitments/{commitment}/end", "endCommitment", write_register, end_commitment),
  };
}

Result<json::array> trainings_of(const ApiDependencies& d, const PersonId& person) {
  LUY_TRY(const std::vector<Training> all, d.officers.trainings());
  json::array out;
  for (const Training& one : all) {
    if (one.person == person) out.push_back(training_json(d, one));
  }
  return out;
}

Result<json::array> commitments_of(const ApiDependencies& d, const PersonId& person) {
  LUY_TRY(const std::vector<Commitment> all, d.commitments.list());
  json::array out;
  for (const Commitment& one : all) {
    if (one.person == person) out.push_back(commitment_json(d, one));
  }
  return out;
}

}  // namespace luy::people
