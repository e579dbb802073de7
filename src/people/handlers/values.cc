#include "people/handlers/values.h"

#include <algorithm>

namespace luy::people {

namespace json = boost::json;
using api::Request;
using directory::Action;

std::string text_at(const json::object& object, std::string_view key) {
  const json::value* found = object.if_contains(json::string_view(key.data(), key.size()));
  if (found == nullptr || !found->is_string()) return {};
  const json::string& text = found->get_string();
  return std::string(text.data(), text.size());
}

Result<std::optional<Day>> day_at(const json::object& object, std::string_view key) {
  const std::string text = text_at(object, key);
  if (text.empty()) return std::optional<Day>();
  const auto day = day_from_iso(text);
  if (!day) return Error(api::bad_request, std::string(key));
  return day;
}

json::value time_json(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}
json::value day_json(const std::optional<Day>& day) {
  return day ? json::value(to_iso(*day)) : json::value(nullptr);
}
json::value seq_json(const std::optional<std::uint64_t>& seq) {
  return seq ? json::value(*seq) : json::value(nullptr);
}
json::object agency_json(const ApiDependencies& d, const AgencyId& agency) {
  return {{"id", agency.text()}, {"name", d.agency_name(agency)}};
}
json::object named_json(const Named& named) {
  return {{"id", named.id.empty() ? json::value(nullptr) : json::value(named.id)}, {"name", named.name}};
}
json::value maybe_named_json(const Named& named) {
  return named.name.empty() ? json::value(nullptr) : json::value(named_json(named));
}
json::object text_json(const Text& text) {
  return {{"vi", text.vi}, {"en", text.en}};
}
json::value person_json(const Persons& persons, const std::optional<PersonId>& person) {
  if (!person) return nullptr;
  const auto found = persons.find(*person);
  return json::object{{"id", person->text()}, {"name", found == persons.end() ? person->text() : found->second.name}};
}

directory::Object object_of(const ApiDependencies& d, const AgencyId& agency) {
  directory::Object out;
  out.agencies = d.lineage(agency);
  return out;
}

bool may(const ApiDependencies& d, const Request& request, Action action, const AgencyId& agency) {
  return request.actor && directory::may(*request.actor, action, object_of(d, agency)).allowed;
}

Who who_asks(const Request& request) {
  Who out;
  if (!request.actor) return out;
  out.account = request.actor->account;
  if (!request.actor->person.empty()) out.person = request.actor->person;
  out.name = request.actor->display_name;
  return out;
}

Result<Person> visible_person(const ApiDependencies& d, const Request& request, const Persons& persons,
                              std::string_view id) {
  const auto parsed = PersonId::parse(id);
  const auto found = parsed ? persons.find(*parsed) : persons.end();
  if (found == persons.end()) return Error(person_unknown);
  const bool is_own = request.actor && request.actor->person == found->first;
  if (!is_own && !may(d, request, Action::person_read, found->second.agency)) {
    return api::hide(request, Action::person_read, "person:" + found->first.text(), Error(person_unknown));
  }
  return found->second;
}

Result<Scope> Scope::of(const ApiDependencies& d, const Request& request, Action action) {
  Scope out(d, request, action);
  if (!request.param("agency")) {
    LUY_TRY_VOID(api::authorise(request, action, directory::Object::anywhere()));
    return out;
  }
  LUY_TRY(out.only_, request.id_param<AgencyId>("agency", "agency"));
  LUY_TRY_VOID(api::authorise(request, action, object_of(d, *out.only_)));
  return out;
}

bool Scope::sees(const AgencyId& agency) {
  const auto known = answers_.find(agency);
  if (known != answers_.end()) return known->second;
  const std::vector<AgencyId> above = d_->lineage(agency);
  const bool is_inside = !only_ || std::find(above.begin(), above.end(), *only_) != above.end();
  return answers_[agency] = is_inside && may(*d_, *request_, action_, agency);
}

api::Route route(const Shared& d, api::Method method, const char* pattern, const char* operation, Action action,
                 HandlerFunction handler) {
  api::Route out;
  out.method = method;
  out.pattern = pattern;
  out.operation_id = operation;
  out.action = action;
  out.handler = [d, handler](const Request& request) { return handler(*d, request); };
  return out;
}

std::vector<api::Route> routes(const ApiDependencies& dependencies) {
  const auto d = std::make_shared<const ApiDependencies>(dependencies);
  std::vector<api::Route> all;
  for (const auto& part : {account_routes(d), leave_routes(d), review_routes(d), register_routes(d)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace luy::people
