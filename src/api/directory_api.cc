#include "api/directory_api.h"

#include "api/directory_api_parts.h"
#include "api/session_cookie.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;

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
  body["must_enrol_factor"] = actor.must_enrol_factor;
  body["public_place"] = session.public_place;
  return json(std::move(body));
}

Result<Response> get_session(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  LUY_TRY(const directory::Session session,
          directory.sessions().authenticate(request.session_token, directory::Touch::no));
  return session_response(directory, session);
}

bool public_place_of(const Request& request) {
  const value* given = request.body.as_object().if_contains("public_place");
  return given != nullptr && given->is_bool() && given->get_bool();
}

Result<Response> sign_in(Directory& directory, const Request& request) {
  LUY_TRY(const std::string username, body_text(request, "username"));
  LUY_TRY(const std::string password, body_text(request, "password"));
  LUY_TRY(const auto code, body_maybe_text(request, "code"));
  request.audited = true;  // By the service itself.
  directory::SignIn attempt{username, password, request.client_address, request.session_token};
  const std::string given = code.value_or("");
  attempt.code = given;
  attempt.public_place = public_place_of(request);
  attempt.program = program_of(request);
  LUY_TRY(const auto source, body_maybe_text(request, "source"));
  if (!source) {
    LUY_TRY(const directory::SignedIn signed_in, directory.sessions().sign_in(attempt));
    return signed_in_response(directory, signed_in);
  }
  const auto id = directory::SourceId::parse(*source);
  if (!id) return Error(directory::source_unknown);
  LUY_TRY(const directory::SignedIn signed_in, directory.federation().sign_in(*id, attempt));
  return signed_in_response(directory, signed_in);
}

Result<Response> sign_in_with_passkey(Directory& directory, const Request& request) {
  request.audited = true;
  PasskeyParts parts;
  LUY_TRY(directory::PasskeySignIn attempt, passkey_sign_in(request, parts));
  attempt.address = request.client_address;
  attempt.old_token = request.session_token;
  attempt.public_place = public_place_of(request);
  attempt.program = program_of(request);
  LUY_TRY(const directory::SignedIn signed_in, directory.sessions().sign_in_with_passkey(attempt));
  return signed_in_response(directory, signed_in);
}

Result<Response> sign_out(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  const auto ending = directory.sessions().authenticate(request.session_token, directory::Touch::no);
  LUY_TRY_VOID(directory.sessions().sign_out(request.session_token, request.client_address));
  Response response = no_content();
  response.headers.emplace_back("Set-Cookie", ended_session_cookie());
  // Nothing stays behind in a public place (article 7.2.c).
  if (ending && ending->public_place) {
    response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"storage\"");
  }
  return response;
}

Result<Response> change_password(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  LUY_TRY(const std::string current, body_text(request, "current"));
  LUY_TRY(const std::string wanted, body_text(request, "new"));
  request.audited = true;
  LUY_TRY(const directory::SignedIn signed_in,
          directory.sessions().change_password(
              {request.session_token, current, wanted, request.client_address, program_of(request)}));
  return signed_in_response(directory, signed_in);
}

}  // namespace

Result<Response> signed_in_response(const Directory& directory, const directory::SignedIn& signed_in) {
  LUY_TRY(Response response, session_response(directory, signed_in.session));
  response.headers.emplace_back("Set-Cookie", session_cookie(signed_in.token));
  return response;
}

std::string_view program_of(const Request& request) {
  const auto found = request.headers.find("user-agent");
  return found == request.headers.end() ? std::string_view() : std::string_view(found->second);
}

boost::json::object agency_json(const directory::Agency& agency) {
  object out;
  out["id"] = agency.id.text();
  out["code"] = agency.code;
  out["name"] = agency.name;
  out["header_name"] = agency.header_name;
  out["kind"] = name_of(agency.kind);
  out["superior"] = agency.superior ? value(agency.superior->text()) : value(nullptr);
  out["valid_from"] = to_iso(agency.valid_from);
  out["valid_to"] = agency.valid_to ? value(to_iso(*agency.valid_to)) : value(nullptr);
  return out;
}

std::vector<Route> directory_routes(directory::Directory& directory, const PersonLinks& links) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string session = "/api/v1/session";
  std::vector<Route> all = {
      {Method::get, session, "getSession", Access::session, Action::session_use, handler(get_session)},
      {Method::post, session, "signIn", Access::open, Action::session_use, handler(sign_in)},
      {Method::post, session + "/passkey", "signInWithPasskey", Access::open, Action::session_use,
       handler(sign_in_with_passkey)},
      {Method::del, session, "signOut", Access::session, Action::session_use, handler(sign_out)},
      {Method::post, session + "/password", "changePassword", Access::session, Action::session_use,
       handler(change_password)},
  };
  for (auto& part :
       {account_routes(directory), agency_routes(directory), profile_routes(directory), factor_routes(directory),
        people_routes(directory, links), token_routes(directory), source_routes(directory), act_routes(directory)})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace luy::api
