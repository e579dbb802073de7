// Sessions in one's own list, second factors, signing in by a passkey.
#include "api/directory_api_parts.h"
#include "base/encoding.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;

constexpr std::string_view issuer = "Lũy";

directory::Caller self(const Request& request) {
  request.audited = true;
  return caller_of(request);
}

// Bytes in base64url without padding, as a browser's toJSON() has them.
Result<std::string> body_bytes(const Request& request, std::string_view name) {
  LUY_TRY(std::string text, body_text(request, name));
  for (char& c : text) {
    if (c == '-') c = '+';
    if (c == '_') c = '/';
  }
  text.append((4 - text.size() % 4) % 4, '=');
  auto bytes = from_base64(text);
  if (!bytes) return Error(bad_request, std::string(name));
  return *std::move(bytes);
}

Result<directory::RelyingParty> party_of(const Request& request) {
  const auto host = request.headers.find("host");
  const auto party = directory::relying_party_of(host == request.headers.end() ? "" : host->second);
  if (!party) return Error(directory::host_unnamed);
  return *party;
}

// Whoever issued a password knows it, too: nothing is added to the account before its owner has changed it.
Result<void> check_owner(const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  if (request.actor->must_change_password) return Error(directory::must_change_password);
  return {};
}

// With a stolen session one could otherwise add a key of one's own: the password is asked again.
Result<void> confirm(Directory& directory, const Request& request) {
  LUY_TRY_VOID(check_owner(request));
  LUY_TRY(const std::string password, body_text(request, "password"));
  request.audited = true;
  return directory.sessions().confirm_password(*request.actor, password, request.client_address);
}

bool must_keep_factor(const Request& request) {
  for (const directory::Grant& grant : request.actor->grants) {
    if (grant.role == directory::Role::system_admin) return true;
  }
  return false;
}

Result<Response> list_sessions(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  LUY_TRY(array lines, sessions_json(directory, request.actor->account, request.session_token));
  return json(object{{"sessions", std::move(lines)}});
}

Result<Response> end_session(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  LUY_TRY_VOID(directory.sessions().end(self(request), request.param("session").value_or("")));
  return no_content();
}

Result<Response> challenge_passkey(Directory& directory, const Request& request) {
  LUY_TRY(const auto party, party_of(request));
  return json(object{{"challenge", to_base64url(directory.factors().challenge_for_sign_in())}, {"rp_id", party.id}});
}

Result<Response> get_factors(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  LUY_TRY(const directory::FactorState state, directory.factors().state(request.actor->account));
  array passkeys;
  for (const directory::Passkey& one : state.passkeys) {
    passkeys.push_back({{"id", one.id.text()},
                        {"name", one.name},
                        {"created_at", to_rfc3339(one.created_at)},
                        {"last_used", time_or_null(one.last_used)}});
  }
  return json(object{{"totp", state.totp},
                     {"recovery_left", state.recovery_left},
                     {"passkeys", std::move(passkeys)},
                     {"failures", state.failures}});
}

Result<Response> offer_totp(Directory& directory, const Request& request) {
  LUY_TRY_VOID(confirm(directory, request));
  LUY_TRY(const auto offer, directory.factors().offer_totp(self(request), issuer));
  return json(object{{"secret", offer.secret}, {"uri", offer.uri}});
}

Response codes_json(const std::vector<std::string>& codes) {
  array out;
  for (const std::string& code : codes) out.emplace_back(code);
  return json(object{{"recovery_codes", std::move(out)}});
}

Result<Response> confirm_totp(Directory& directory, const Request& request) {
  LUY_TRY_VOID(check_owner(request));
  LUY_TRY(const std::string code, body_text(request, "code"));
  LUY_TRY(const auto codes, directory.factors().confirm_totp(self(request), code, request.session_token));
  return codes_json(codes);
}

Result<Response> remove_totp(Directory& directory, const Request& request) {
  LUY_TRY_VOID(confirm(directory, request));
  LUY_TRY_VOID(directory.factors().remove_totp(self(request), must_keep_factor(request)));
  return no_content();
}

Result<Response> renew_recovery(Directory& directory, const Request& request) {
  LUY_TRY_VOID(confirm(directory, request));
  LUY_TRY(const auto codes, directory.factors().renew_recovery(self(request)));
  return codes_json(codes);
}

Result<Response> offer_passkey(Directory& directory, const Request& request) {
  LUY_TRY_VOID(confirm(directory, request));
  LUY_TRY(const auto party, party_of(request));
  const directory::Actor& actor = *request.actor;
  return json(object{{"challenge", to_base64url(directory.factors().challenge_for(actor.account))},
                     {"rp_id", party.id},
                     {"user_id", to_base64url(actor.account.text())},
                     {"username", actor.username},
                     {"display_name", actor.display_name}});
}

Result<Response> add_passkey(Directory& directory, const Request& request) {
  LUY_TRY_VOID(check_owner(request));
  LUY_TRY(const auto party, party_of(request));
  LUY_TRY(const std::string challenge, body_bytes(request, "challenge"));
  LUY_TRY(const std::string client_data, body_bytes(request, "client_data"));
  LUY_TRY(const std::string attestation, body_bytes(request, "attestation"));
  LUY_TRY(const std::string name, body_text(request, "name"));
  LUY_TRY(const directory::Passkey made, directory.factors().add_passkey(self(request), party, challenge, client_data,
                                                                         attestation, name, request.session_token));
  return json(object{{"id", made.id.text()},
                     {"name", made.name},
                     {"created_at", to_rfc3339(made.created_at)},
                     {"last_used", nullptr}},
              201);
}

Result<Response> remove_passkey(Directory& directory, const Request& request) {
  LUY_TRY_VOID(confirm(directory, request));
  LUY_TRY(const auto id, request.id_param<directory::PasskeyId>("passkey", "passkey"));
  LUY_TRY_VOID(directory.factors().remove_passkey(self(request), id, must_keep_factor(request)));
  return no_content();
}

Result<Response> reset_factors(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY(const auto proposed, directory.propose_factor_reset(caller_of(request), id));
  return proposed_response(proposed);
}

Result<Response> seal_account(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY(const auto made, directory.propose_password(caller_of(request), id, Directory::Envelope::sealed));
  return proposed_response(made.proposed, value(made.password));
}

}  // namespace

Result<array> sessions_json(Directory& directory, const AccountId& account, std::string_view token) {
  LUY_TRY(const auto lines, directory.sessions().list(account, token));
  array out;
  for (const directory::SessionLine& line : lines) {
    out.push_back({{"id", line.id},
                   {"created_at", to_rfc3339(line.created_at)},
                   {"last_seen", to_rfc3339(line.last_seen)},
                   {"address", line.address},
                   {"program", line.program},
                   {"public_place", line.public_place},
                   {"present", line.present}});
  }
  return out;
}

Result<directory::PasskeySignIn> passkey_sign_in(const Request& request, PasskeyParts& parts) {
  LUY_TRY(parts.party, party_of(request));
  LUY_TRY(parts.credential_id, body_bytes(request, "credential_id"));
  LUY_TRY(parts.challenge, body_bytes(request, "challenge"));
  LUY_TRY(parts.client_data, body_bytes(request, "client_data"));
  LUY_TRY(parts.authenticator_data, body_bytes(request, "authenticator_data"));
  LUY_TRY(parts.signature, body_bytes(request, "signature"));
  directory::PasskeySignIn out;
  out.credential_id = parts.credential_id;
  out.challenge = parts.challenge;
  out.use = {parts.client_data, parts.authenticator_data, parts.signature};
  out.party = parts.party;
  return out;
}

std::vector<Route> factor_routes(Directory& directory) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string factors = "/api/v1/factors";
  const std::string account = "/api/v1/accounts/{account}";
  constexpr Access session = Access::session;
  constexpr Action use = Action::session_use;
  return {
      {Method::get, "/api/v1/sessions", "listSessions", session, use, handler(list_sessions)},
      {Method::del, "/api/v1/sessions/{session}", "endSession", session, use, handler(end_session)},
      {Method::post, "/api/v1/session/passkey/challenge", "challengePasskey", Access::open, use,
       handler(challenge_passkey)},
      {Method::get, factors, "getFactors", session, use, handler(get_factors)},
      {Method::post, factors + "/totp", "offerTotp", session, use, handler(offer_totp)},
      {Method::post, factors + "/totp/confirm", "confirmTotp", session, use, handler(confirm_totp)},
      {Method::post, factors + "/totp/remove", "removeTotp", session, use, handler(remove_totp)},
      {Method::post, factors + "/recovery", "renewRecovery", session, use, handler(renew_recovery)},
      {Method::post, factors + "/passkeys/challenge", "offerPasskey", session, use, handler(offer_passkey)},
      {Method::post, factors + "/passkeys", "addPasskey", session, use, handler(add_passkey)},
      {Method::post, factors + "/passkeys/{passkey}/remove", "removePasskey", session, use, handler(remove_passkey)},
      {Method::post, account + "/factors/reset", "resetFactors", session, Action::second_factor_reset,
       handler(reset_factors)},
      {Method::post, account + "/seal", "sealAccount", session, Action::account_manage, handler(seal_account)},
  };
}

}  // namespace luy::api
