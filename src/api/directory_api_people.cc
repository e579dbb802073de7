// People: who works where, with which accounts; as a sheet; two records made one; and oneself.
#include <algorithm>

#include "api/directory_api.h"
#include "api/directory_api_parts.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;
using directory::Person;

constexpr std::int64_t page_default = 50;
constexpr std::int64_t page_max = 200;

value text_or_null(const std::string& text) {
  return text.empty() ? value(nullptr) : value(text);
}

// Where a person stands; what is the signed-in person's own is theirs by whichever account.
Object place_of(const Directory& directory, const Request& request, const Person& person) {
  Object place{directory.agencies().lineage(person.agency), std::nullopt, false};
  if (request.actor && request.actor->person == person.id) place.account = request.actor->account;
  return place;
}

bool may_see(const Directory& directory, const Request& request, const Person& person) {
  return directory::may(*request.actor, Action::person_read, place_of(directory, request, person)).allowed;
}

Result<object> person_json(const Directory& directory, const PersonLinks& links, const Person& person) {
  LUY_TRY(const directory::Agency agency, directory.agencies().find(person.agency));
  LUY_TRY(const auto accounts, directory.people().accounts(person.id));
  object out;
  out["id"] = person.id.text();
  out["name"] = person.name;
  out["agency"] = {{"id", agency.id.text()}, {"name", agency.name}};
  out["position"] = person.position;
  out["email"] = text_or_null(person.email);
  out["phone"] = text_or_null(person.phone);
  out["state"] = name_of(person.state);
  out["since"] = day_or_null(person.since);
  out["until"] = day_or_null(person.until);
  out["external"] = person.external
                        ? value({{"source", person.external->source}, {"subject", person.external->subject}})
                        : value(nullptr);
  array held;
  for (const directory::Account& account : accounts) {
    object line;
    line["id"] = account.id.text();
    line["username"] = account.username;
    line["enabled"] = account.enabled;
    line["sealed"] = account.sealed;
    line["must_change_password"] = account.must_change_password;
    line["last_sign_in"] = time_or_null(account.last_sign_in);
    LUY_TRY(line["grants"], grants_json(directory, account.grants));
    held.push_back(std::move(line));
  }
  out["accounts"] = std::move(held);
  out["leave"] = nullptr;
  out["commitment"] = nullptr;
  if (links.person) LUY_TRY_VOID(links.person(person.id, out));
  return out;
}

Result<Response> list_people(Directory& directory, const PersonLinks& links, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::person_read, Object::anywhere()));
  LUY_TRY(const auto limit, request.number_param("limit", page_default, 1, page_max));
  directory::PersonFilter filter;
  filter.query = request.param("q").value_or("");
  if (const auto state = request.param("state")) {
    filter.state = directory::person_state_from_name(*state);
    if (!filter.state) return Error(bad_request, "state");
  }
  std::optional<AgencyId> agency;
  if (const auto given = request.param("agency")) {
    agency = AgencyId::parse(*given);
    if (!agency) return Error(bad_request, "agency");
    LUY_TRY_VOID(authorise(request, Action::person_read, {directory.agencies().lineage(*agency), std::nullopt, false}));
  }
  LUY_TRY(auto people, directory.people().list(filter));
  std::erase_if(people, [&](const Person& person) {
    const auto chain = directory.agencies().lineage(person.agency);
    const bool there = !agency || std::find(chain.begin(), chain.end(), *agency) != chain.end();
    return !there || !may_see(directory, request, person);
  });
  auto at = people.begin();
  if (const auto cursor = request.param("cursor")) {
    at = std::find_if(people.begin(), people.end(), [&](const Person& one) { return one.id.text() == *cursor; });
    if (at == people.end()) return Error(bad_request, "cursor");
    ++at;
  }
  array items;
  value next = nullptr;
  for (; at != people.end() && items.size() < static_cast<std::size_t>(limit); ++at) {
    LUY_TRY(object line, person_json(directory, links, *at));
    items.push_back(std::move(line));
    if (std::next(at) != people.end()) next = at->id.text();
  }
  if (at == people.end()) next = nullptr;
  return json(object{{"items", std::move(items)}, {"next", std::move(next)}});
}

Result<Person> loaded(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<PersonId>("person", "person"));
  return directory.people().find(id);
}

Result<Response> get_person(Directory& directory, const PersonLinks& links, const Request& request) {
  LUY_TRY(const Person person, loaded(directory, request));
  LUY_TRY_VOID(authorise(request, Action::person_read, place_of(directory, request, person)));
  LUY_TRY(object body, person_json(directory, links, person));
  return json(std::move(body));
}

Result<Response> create_person(Directory& directory, const PersonLinks& links, const Request& request) {
  directory::NewPerson wanted;
  LUY_TRY(wanted.agency, body_id<AgencyId>(request, "agency"));
  LUY_TRY(wanted.name, body_text(request, "name"));
  LUY_TRY(const auto position, body_maybe_text(request, "position"));
  LUY_TRY(const auto email, body_maybe_text(request, "email"));
  LUY_TRY(const auto phone, body_maybe_text(request, "phone"));
  LUY_TRY(wanted.since, body_maybe_day(request, "since"));
  wanted.position = position.value_or("");
  wanted.email = email.value_or("");
  wanted.phone = phone.value_or("");
  LUY_TRY(const Person person, directory.people().create(caller_of(request), wanted));
  LUY_TRY(object body, person_json(directory, links, person));
  return json(std::move(body), 201);
}

Result<Response> change_person(Directory& directory, const PersonLinks& links, const Request& request) {
  LUY_TRY(const auto id, request.id_param<PersonId>("person", "person"));
  directory::PersonChange change;
  LUY_TRY(change.name, body_maybe_text(request, "name"));
  LUY_TRY(change.position, body_maybe_text(request, "position"));
  LUY_TRY(change.email, body_maybe_text(request, "email"));
  LUY_TRY(change.phone, body_maybe_text(request, "phone"));
  LUY_TRY(const Person person, directory.people().change(caller_of(request), id, change));
  LUY_TRY(object body, person_json(directory, links, person));
  return json(std::move(body));
}

Result<Response> merge_people(Directory& directory, const PersonLinks&, const Request& request) {
  LUY_TRY(const PersonId keep, body_id<PersonId>(request, "keep"));
  LUY_TRY(const PersonId gone, body_id<PersonId>(request, "gone"));
  LUY_TRY(const std::string reason, body_text(request, "reason"));
  LUY_TRY(const auto proposed, directory.propose_merge(caller_of(request), keep, gone, reason));
  return proposed_response(proposed);
}

Result<Response> export_people(Directory& directory, const PersonLinks&, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::person_read, Object::anywhere()));
  LUY_TRY(const directory::SheetFormat format, sheet_format(request));
  const auto visible = [&](const Person& person) { return may_see(directory, request, person); };
  LUY_TRY(std::string bytes, directory.person_sheets().write(format, visible));
  return sheet_response(format, std::move(bytes));
}

Result<Response> import_people(Directory& directory, const PersonLinks&, const Request& request) {
  LUY_TRY(const directory::Preview preview, preview_of(request));
  LUY_TRY(const SheetBody body, sheet_body(request));
  LUY_TRY(const directory::ImportedSheet done,
          directory.person_sheets().read(caller_of(request), body.file(), preview));
  return json(sheet_json(done));
}

// Oneself: what everybody may see of their own, whatever their role.
Result<Response> get_me(Directory& directory, const PersonLinks& links, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  if (request.actor->must_change_password) return Error(directory::must_change_password);
  LUY_TRY(const Person person, directory.people().find(request.actor->person));
  LUY_TRY(object body, person_json(directory, links, person));
  for (const char* list : {"devices", "trainings", "commitments", "tasks"}) body[list] = array();
  if (links.me) LUY_TRY_VOID(links.me(request, body));
  return json(std::move(body));
}

using PeopleFunction = Result<Response> (*)(Directory&, const PersonLinks&, const Request&);

}  // namespace

std::vector<Route> people_routes(Directory& directory, const PersonLinks& links) {
  const auto handler = [&directory, links](PeopleFunction function) -> Handler {
    return [&directory, links, function](const Request& request) { return function(directory, links, request); };
  };
  const std::string people = "/api/v1/persons";
  constexpr Access session = Access::session;
  return {
      {Method::get, people, "listPersons", session, Action::person_read, handler(list_people)},
      {Method::post, people, "createPerson", session, Action::person_manage, handler(create_person)},
      {Method::get, people + "/{person}", "getPerson", session, Action::person_read, handler(get_person)},
      {Method::patch, people + "/{person}", "changePerson", session, Action::person_manage, handler(change_person)},
      {Method::post, people + "/merge", "mergePersons", session, Action::role_grant, handler(merge_people)},
      {Method::get, people + "/sheet", "exportPersons", session, Action::person_read, handler(export_people)},
      {Method::post, people + "/sheet", "importPersons", session, Action::person_manage, handler(import_people),
       sheet_body_bytes_max},
      {Method::get, "/api/v1/me", "getMe", session, Action::session_use, handler(get_me)},
  };
}

}  // namespace luy::api
