// listContacts, addContact, changeContact, verifyContact, removeContact.
#include "incident/handlers/values.h"

namespace luy::incident {
namespace {

namespace json = boost::json;
using api::Method;
using api::Request;
using api::Response;
using directory::Action;

json::object contact_json(const ApiDependencies& d, const Contact& contact) {
  const ContactRules& rules = d.cases.process().contacts;
  const ContactFields& fields = contact.fields;
  const Choice* kind = find_choice(rules.kinds, fields.kind);
  const auto until = verified_until(contact, rules);
  json::object out;
  out["id"] = contact.id.text();
  out["body"] = fields.body;
  out["kind"] = fields.kind;
  out["kind_title"] = text_json(kind != nullptr ? kind->title : Text{fields.kind, fields.kind});
  out["person"] = fields.person;
  out["position"] = fields.position;
  out["phone"] = fields.phone;
  out["email"] = fields.email;
  out["channel"] = fields.channel;
  out["around_the_clock"] = fields.is_around_the_clock;
  out["note"] = fields.note;
  out["verified"] = nullptr;
  if (contact.verification) {
    const Contact::Verification& one = *contact.verification;
    out["verified"] = json::object{{"at", to_rfc3339(one.at)}, {"by", one.by}, {"how", one.how}};
  }
  out["verified_until"] = time_json(until);
  out["stale"] = !until || *until <= d.clock.now();
  out["added_at"] = to_rfc3339(contact.added_at);
  out["added_by"] = contact.added_by;
  return out;
}

ContactFields fields_of(const json::object& body) {
  ContactFields out;
  out.body = text_at(body, "body");
  out.kind = text_at(body, "kind");
  out.person = text_at(body, "person");
  out.position = text_at(body, "position");
  out.phone = text_at(body, "phone");
  out.email = text_at(body, "email");
  out.channel = text_at(body, "channel");
  out.is_around_the_clock = flag_at(body, "around_the_clock");
  out.note = text_at(body, "note");
  return out;
}

ContactBook::Actor manager_of(const ApiDependencies& d, const Request& request) {
  return {api::caller_of(request), request.actor->display_name, town_object(d)};
}

// Whoever may not is refused before anything is said of the contact.
Result<ContactId> contact_at(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::contact_manage, town_object(d)));
  return request.id_param<ContactId>("contact", "contact");
}

Result<Response> list(const ApiDependencies& d, const Request& request) {
  LUY_TRY_VOID(api::authorise(request, Action::incident_read, directory::Object::anywhere()));
  LUY_TRY(const std::vector<Contact> all, d.contacts.list());
  const ContactRules& rules = d.cases.process().contacts;
  json::array items;
  for (const Contact& one : all) items.push_back(contact_json(d, one));
  return api::json(json::object{{"items", std::move(items)},
                                {"kinds", choices_json(rules.kinds)},
                                {"verify_days", std::chrono::duration_cast<days>(rules.verify).count()},
                                {"verify_source", text_json(rules.source)}});
}

Result<Response> add(const ApiDependencies& d, const Request& request) {
  request.audited = true;
  LUY_TRY(const Contact added, d.contacts.add(manager_of(d, request), fields_of(request.body.as_object())));
  return api::json(contact_json(d, added), 201);
}

Result<Response> change(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ContactId id, contact_at(d, request));
  request.audited = true;
  LUY_TRY(const Contact changed, d.contacts.change(manager_of(d, request), id, fields_of(request.body.as_object())));
  return api::json(contact_json(d, changed));
}

Result<Response> verify(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ContactId id, contact_at(d, request));
  const json::object& body = request.body.as_object();
  LUY_TRY(const Time at, time_at(body, "at"));
  request.audited = true;
  LUY_TRY(const Contact verified, d.contacts.verify(manager_of(d, request), id, text_at(body, "how"), at));
  return api::json(contact_json(d, verified));
}

Result<Response> remove(const ApiDependencies& d, const Request& request) {
  LUY_TRY(const ContactId id, contact_at(d, request));
  request.audited = true;
  LUY_TRY_VOID(d.contacts.remove(manager_of(d, request), id));
  return api::no_content();
}

}  // namespace

std::vector<api::Route> contact_routes(const Shared& d) {
  constexpr auto manage = Action::contact_manage;
  return {
      route(d, Method::get, "/api/v1/contacts", "listContacts", Action::incident_read, list),
      route(d, Method::post, "/api/v1/contacts", "addContact", manage, add),
      route(d, Method::put, "/api/v1/contacts/{contact}", "changeContact", manage, change),
      route(d, Method::post, "/api/v1/contacts/{contact}/verification", "verifyContact", manage, verify),
      route(d, Method::del, "/api/v1/contacts/{contact}", "removeContact", manage, remove),
  };
}

}  // namespace luy::incident
