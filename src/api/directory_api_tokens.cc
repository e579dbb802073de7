// API tokens: one's own, and those of others for whom may end them.
#include "api/directory_api_parts.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;

Result<object> token_json(const Directory& directory, const directory::ApiToken& token) {
  array actions;
  for (const Action action : token.actions) actions.emplace_back(name_of(action));
  object out;
  out["id"] = token.id.text();
  out["name"] = token.name;
  out["account"] = {{"id", token.account.text()}, {"name", token.owner}};
  out["actions"] = std::move(actions);
  out["agency"] = nullptr;
  if (token.agency) {
    LUY_TRY(const directory::Agency agency, directory.agencies().find(*token.agency));
    out["agency"] = {{"id", agency.id.text()}, {"name", agency.name}};
  }
  out["created_at"] = to_rfc3339(token.created_at);
  out["expires_at"] = to_rfc3339(token.expires_at);
  out["last_used"] = time_or_null(token.last_used);
  out["last_address"] = token.last_address.empty() ? value(nullptr) : value(token.last_address);
  out["revoked_at"] = time_or_null(token.revoked_at);
  return out;
}

Result<Response> list_tokens(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::token_own, own_object(request)));
  const std::string given = request.param("all").value_or("false");
  if (given != "true" && given != "false") return Error(bad_request, "all");
  const bool all = given == "true";
  if (all) LUY_TRY_VOID(authorise(request, Action::token_manage, Object::anywhere()));
  std::optional<AccountId> own;
  if (!all) own = request.actor->account;
  LUY_TRY(const auto tokens, directory.tokens().list(own));
  array items;
  for (const directory::ApiToken& token : tokens) {
    const Object place{directory.agencies().lineage(token.works_in), std::nullopt, false};
    const bool shown =
        token.account == request.actor->account || directory::may(*request.actor, Action::token_manage, place).allowed;
    if (!shown) continue;
    LUY_TRY(object line, token_json(directory, token));
    items.push_back(std::move(line));
  }
  return json(object{{"items", std::move(items)}});
}

// With a stolen session one could otherwise make a key that outlives it: the password is asked again.
Result<Response> create_token(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::token_own, own_object(request)));
  directory::NewToken wanted;
  LUY_TRY(wanted.name, body_text(request, "name"));
  const value* actions = request.body.as_object().if_contains("actions");
  if (actions == nullptr || !actions->is_array()) return Error(bad_request, "actions");
  for (const value& one : actions->get_array()) {
    const auto action = one.is_string() ? directory::action_from_name(one.get_string()) : std::nullopt;
    if (!action) return Error(bad_request, "actions");
    wanted.actions.push_back(*action);
  }
  LUY_TRY(const auto agency, body_maybe_text(request, "agency"));
  if (agency) {
    wanted.agency = AgencyId::parse(*agency);
    if (!wanted.agency) return Error(bad_request, "agency");
  }
  LUY_TRY(const std::string until, body_text(request, "expires_at"));
  const auto expires = from_rfc3339(until);
  if (!expires) return Error(bad_request, "expires_at");
  wanted.expires_at = *expires;
  LUY_TRY(const std::string password, body_text(request, "password"));
  request.audited = true;
  LUY_TRY_VOID(directory.sessions().confirm_password(*request.actor, password, request.client_address));
  LUY_TRY(const directory::MadeToken made, directory.tokens().create(caller_of(request), wanted));
  LUY_TRY(object item, token_json(directory, made.item));
  return json(object{{"token", made.token}, {"item", std::move(item)}}, 201);
}

Result<Response> revoke_token(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<directory::TokenId>("token", "token"));
  LUY_TRY_VOID(directory.tokens().revoke(caller_of(request), id));
  return no_content();
}

}  // namespace

std::vector<Route> token_routes(Directory& directory) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string tokens = "/api/v1/tokens";
  constexpr Access session = Access::session;
  return {
      {Method::get, tokens, "listTokens", session, Action::token_own, handler(list_tokens)},
      {Method::post, tokens, "createToken", session, Action::token_own, handler(create_token)},
      {Method::del, tokens + "/{token}", "revokeToken", session, Action::token_own, handler(revoke_token)},
  };
}

}  // namespace luy::api
