#include "api/directory_api.h"

#include "api/session_cookie.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;

// A text of the body; the contract has checked it where there is one.
Result<std::string> text_of(const Request& request, std::string_view name) {
  const object* body = request.body.if_object();
  const value* found = body == nullptr ? nullptr : body->if_contains(name);
  if (found == nullptr || !found->is_string()) return Error(bad_request, std::string(name));
  return std::string(found->as_string());
}

value time_or_null(const std::optional<Time>& time) {
  return time ? value(to_rfc3339(*time)) : value(nullptr);
}

Object own(const Request& request) {
  Object self;
  if (request.actor) self.account = request.actor->account;
  return self;
}

Result<array> grants_json(const Directory& directory, const std::vector<directory::Grant>& grants) {
  array out;
  for (const directory::Grant& grant : grants) {
    LUY_TRY(const directory::Agency agency, directory.agencies().find(grant.agency));
    out.push_back({{"role", name_of(grant.role)}, {"agency", grant.agency.text()}, {"agency_name", agency.name}});
  }
  return out;
}

Result<Response> session_response(const Directory& directory, const directory::Session& session) {
  const directory::Actor& actor = session.actor;
  array actions;
  for (std::size_t i = 0; i < directory::action_count; ++i) {
    const auto action = static_cast<Action>(i);
    if (directory::may(actor, action, Object::anywhere()).allowed) actions.emplace_back(name_of(action));
  }
  object body;
  body["username"] = actor.username;
  body["display_name"] = actor.display_name;
  body["must_change_password"] = actor.must_change_password;
  LUY_TRY(body["grants"], grants_json(directory, actor.grants));
  body["actions"] = std::move(actions);
  body["expires_at"] = to_rfc3339(session.expires_at);
  return json(std::move(body));
}

Result<Response> signed_in_response(const Directory& directory, const directory::SignedIn& signed_in) {
  LUY_TRY(Response response, session_response(directory, signed_in.session));
  response.headers.emplace_back("Set-Cookie", session_cookie(signed_in.token));
  return response;
}

Result<Response> get_session(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own(request)));
  LUY_TRY(const directory::Session session,
          directory.sessions().authenticate(request.session_token, directory::Touch::no));
  return session_response(directory, session);
}

Result<Response> sign_in(Directory& directory, const Request& request) {
  LUY_TRY(const std::string username, text_of(request, "username"));
  LUY_TRY(const std::string password, text_of(request, "password"));
  request.audited = true;  // By the service itself.
  LUY_TRY(const directory::SignedIn signed_in,
          directory.sessions().sign_in({username, password, request.client_address, request.session_token}));
  return signed_in_response(directory, signed_in);
}

Result<Response> sign_out(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own(request)));
  LUY_TRY_VOID(directory.sessions().sign_out(request.session_token, request.client_address));
  Response response = no_content();
  response.headers.emplace_back("Set-Cookie", ended_session_cookie());
  return response;
}

Result<Response> change_password(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own(request)));
  LUY_TRY(const std::string current, text_of(request, "current"));
  LUY_TRY(const std::string wanted, text_of(request, "new"));
  request.audited = true;
  LUY_TRY(const directory::SignedIn signed_in,
          directory.sessions().change_password({request.session_token, current, wanted, request.client_address}));
  return signed_in_response(directory, signed_in);
}

Result<Response> list_agencies(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::agency_read, Object::anywhere()));
  LUY_TRY(const auto agencies, directory.agencies().list());
  array out;
  for (const directory::Agency& agency : agencies) {
    const Object place{directory.agencies().lineage(agency.id), std::nullopt, false};
    if (directory::may(*request.actor, Action::agency_read, place).allowed) out.push_back(agency_json(agency));
  }
  return json(object{{"agencies", std::move(out)}});
}

Result<Response> create_agency(Directory& directory, const Request& request) {
  directory::NewAgency wanted;
  LUY_TRY(wanted.code, text_of(request, "code"));
  LUY_TRY(wanted.name, text_of(request, "name"));
  LUY_TRY(const std::string superior, text_of(request, "superior"));
  const auto id = AgencyId::parse(superior);
  if (!id) return Error(bad_request, "superior");
  wanted.superior = *id;
  if (request.body.as_object().contains("valid_from")) {
    LUY_TRY(const std::string day, text_of(request, "valid_from"));
    wanted.valid_from = day_from_iso(day);
    if (!wanted.valid_from) return Error(bad_request, "valid_from");
  }
  LUY_TRY(const directory::Agency agency, directory.agencies().create(caller_of(request), wanted));
  return json(agency_json(agency), 201);
}

Result<Response> list_accounts(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::account_read, Object::anywhere()));
  LUY_TRY(const auto accounts, directory.accounts().list());
  array out;
  for (const directory::Account& account : accounts) {
    const Object place{directory.agencies().lineage(account.agency), account.id, false};
    if (!directory::may(*request.actor, Action::account_read, place).allowed) continue;
    object line;
    line["id"] = account.id.text();
    line["username"] = account.username;
    line["display_name"] = account.display_name;
    line["enabled"] = account.enabled;
    line["must_change_password"] = account.must_change_password;
    line["last_sign_in"] = time_or_null(account.last_sign_in);
    LUY_TRY(line["grants"], grants_json(directory, account.grants));
    out.push_back(std::move(line));
  }
  return json(object{{"accounts", std::move(out)}});
}

}  // namespace

boost::json::object agency_json(const directory::Agency& agency) {
  object out;
  out["id"] = agency.id.text();
  out["code"] = agency.code;
  out["name"] = agency.name;
  out["superior"] = agency.superior ? value(agency.superior->text()) : value(nullptr);
  out["valid_from"] = to_iso(agency.valid_from);
  out["valid_to"] = agency.valid_to ? value(to_iso(*agency.valid_to)) : value(nullptr);
  return out;
}

std::vector<Route> directory_routes(directory::Directory& directory) {
  using Function = Result<Response> (*)(Directory&, const Request&);
  const auto handler = [&directory](Function function) -> Handler {
    return [&directory, function](const Request& request) { return function(directory, request); };
  };
  const std::string session = "/api/v1/session";
  return {
      {Method::get, session, "getSession", Access::session, Action::session_use, handler(get_session)},
      {Method::post, session, "signIn", Access::open, Action::session_use, handler(sign_in)},
      {Method::del, session, "signOut", Access::session, Action::session_use, handler(sign_out)},
      {Method::post, session + "/password", "changePassword", Access::session, Action::session_use,
       handler(change_password)},
      {Method::get, "/api/v1/agencies", "listAgencies", Access::session, Action::agency_read, handler(list_agencies)},
      {Method::post, "/api/v1/agencies", "createAgency", Access::session, Action::agency_manage,
       handler(create_agency)},
      {Method::get, "/api/v1/accounts", "listAccounts", Access::session, Action::account_read, handler(list_accounts)},
  };
}

}  // namespace luy::api
