// Accounts, roles, delegations, and the table of rights with the reasons why one may not.
#include "api/directory_api_parts.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;

Result<directory::Role> role_of(std::string_view name) {
  const auto role = directory::role_from_name(name);
  if (!role) return Error(bad_request, "role");
  return *role;
}

Result<Response> list_accounts(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::account_read, Object::anywhere()));
  LUY_TRY(const auto accounts, directory.accounts().list());
  array out;
  for (const directory::Account& account : accounts) {
    const Object place{directory.agencies().lineage(account.agency), account.id, false};
    if (!directory::may(*request.actor, Action::account_read, place).allowed) continue;
    LUY_TRY(object line, account_json(directory, account));
    out.push_back(std::move(line));
  }
  return json(object{{"accounts", std::move(out)}});
}

Result<Response> get_account(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY(const directory::Account account, directory.accounts().find(id));
  LUY_TRY_VOID(
      authorise(request, Action::account_read, {directory.agencies().lineage(account.agency), account.id, false}));
  LUY_TRY(object body, account_json(directory, account));
  return json(std::move(body));
}

Result<Response> create_account(Directory& directory, const Request& request) {
  directory::NewAccount wanted;
  if (const value* person = request.body.as_object().if_contains("person"); person != nullptr && !person->is_null()) {
    LUY_TRY(wanted.person, body_id<PersonId>(request, "person"));
  } else {
    LUY_TRY(wanted.agency, body_id<AgencyId>(request, "agency"));
    LUY_TRY(wanted.person_name, body_text(request, "person_name"));
  }
  LUY_TRY(wanted.username, body_text(request, "username"));
  if (const value* grants = request.body.as_object().if_contains("grants")) {
    for (const value& item : grants->as_array()) {
      const auto agency = AgencyId::parse(item.at("agency").as_string());
      if (!agency) return Error(bad_request, "agency");
      LUY_TRY(const directory::Role role, role_of(item.at("role").as_string()));
      wanted.grants.push_back({role, *agency});
    }
  }
  LUY_TRY(const directory::IssuedAccount issued, directory.accounts().create(caller_of(request), wanted));
  LUY_TRY(object account, account_json(directory, issued.account));
  return json(object{{"account", std::move(account)}, {"one_time_password", issued.one_time_password}}, 201);
}

// Of somebody else; one's own are under /sessions.
Result<Response> list_account_sessions(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY(const directory::Account account, directory.accounts().find(id));
  LUY_TRY_VOID(
      authorise(request, Action::account_manage, {directory.agencies().lineage(account.agency), std::nullopt, false}));
  LUY_TRY(array lines, sessions_json(directory, id, request.session_token));
  return json(object{{"sessions", std::move(lines)}});
}

Result<Response> end_account_sessions(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY_VOID(directory.accounts().end_sessions(caller_of(request), id));
  return no_content();
}

Result<Response> update_account(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  const value* enabled = request.body.as_object().if_contains("enabled");
  if (enabled == nullptr) return Error(bad_request, "enabled");
  if (enabled->as_bool()) {
    LUY_TRY(const auto proposed, directory.propose_enable(caller_of(request), id));
    if (proposed.waiting) return proposed_response(proposed);
  } else {
    LUY_TRY_VOID(directory.accounts().disable(caller_of(request), id));
  }
  LUY_TRY(const directory::Account account, directory.accounts().find(id));
  LUY_TRY(object body, account_json(directory, account));
  return json(std::move(body));
}

Result<Response> issue_password(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  const object* body = request.body.if_object();
  const value* take = body == nullptr ? nullptr : body->if_contains("take_factors");
  const bool too = take != nullptr && take->is_bool() && take->get_bool();
  LUY_TRY(const auto made, directory.propose_password(caller_of(request), id, Directory::Envelope::open,
                                                      too ? Directory::FactorsToo::yes : Directory::FactorsToo::no));
  object answer{{"done", made.proposed.done}, {"act", nullptr}, {"one_time_password", made.password}};
  if (made.proposed.waiting) answer["act"] = made.proposed.waiting->text();
  answer["passkeys"] = made.passkeys;
  return json(std::move(answer), made.proposed.done ? 200 : 202);
}

Result<Response> grant_role(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY(const std::string name, body_text(request, "role"));
  LUY_TRY(const directory::Role role, role_of(name));
  LUY_TRY(const AgencyId agency, body_id<AgencyId>(request, "agency"));
  directory::Grant grant{role, agency};
  LUY_TRY(const auto first, body_maybe_day(request, "valid_from"));
  grant.valid_from = first.value_or(Day{});
  LUY_TRY(grant.valid_to, body_maybe_day(request, "valid_to"));
  LUY_TRY(const auto proposed, directory.propose_grant(caller_of(request), id, grant));
  return proposed_response(proposed);
}

Result<Response> revoke_role(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  const auto role = directory::role_from_name(request.param("role").value_or(""));
  if (!role) return Error(not_found, "role");
  LUY_TRY(const auto agency, request.id_param<AgencyId>("agency", "agency"));
  LUY_TRY(const directory::Account account, directory.roles().revoke(caller_of(request), id, *role, agency));
  LUY_TRY(object body, account_json(directory, account));
  return json(std::move(body));
}

object delegation_json(const directory::Delegation& delegation) {
  object out;
  out["id"] = delegation.id.text();
  out["from"] = delegation.from.text();
  out["to"] = delegation.to.text();
  out["role"] = name_of(delegation.role);
  out["agency"] = delegation.agency.text();
  out["valid_from"] = to_iso(delegation.valid_from);
  out["valid_to"] = to_iso(delegation.valid_to);
  out["note"] = delegation.note;
  out["ended_at"] = time_or_null(delegation.ended_at);
  return out;
}

// Those that one gave, received, or may see as somebody who sees the accounts of the agency.
Result<Response> list_delegations(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::account_read, Object::anywhere()));
  LUY_TRY(const auto delegations, directory.roles().delegations());
  array out;
  for (const directory::Delegation& one : delegations) {
    const auto chain = directory.agencies().lineage(one.agency);
    const bool seen = directory::may(*request.actor, Action::account_read, {chain, one.from, false}).allowed ||
                      directory::may(*request.actor, Action::account_read, {chain, one.to, false}).allowed;
    if (seen) out.push_back(delegation_json(one));
  }
  return json(object{{"delegations", std::move(out)}});
}

Result<Response> create_delegation(Directory& directory, const Request& request) {
  directory::NewDelegation wanted;
  LUY_TRY_VOID(authorise(request, Action::role_delegate, own_object(request)));
  wanted.from = request.actor->account;
  LUY_TRY(wanted.to, body_id<AccountId>(request, "to"));
  LUY_TRY(const std::string name, body_text(request, "role"));
  LUY_TRY(wanted.role, role_of(name));
  LUY_TRY(wanted.agency, body_id<AgencyId>(request, "agency"));
  LUY_TRY(wanted.valid_from, body_maybe_day(request, "valid_from"));
  LUY_TRY(const auto last, body_maybe_day(request, "valid_to"));
  if (!last) return Error(bad_request, "valid_to");
  wanted.valid_to = *last;
  LUY_TRY(const auto note, body_maybe_text(request, "note"));
  wanted.note = note.value_or("");
  LUY_TRY(const auto proposed, directory.propose_delegation(caller_of(request), wanted));
  return proposed_response(proposed);
}

Result<Response> end_delegation(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<directory::DelegationId>("delegation", "delegation"));
  LUY_TRY_VOID(directory.roles().end_delegation(caller_of(request), id));
  return no_content();
}

// The whole table, and for each act what it is to the one who asks: allowed somewhere, or why not.
Result<Response> get_policy(Directory&, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::session_use, own_object(request)));
  constexpr std::array<std::string_view, directory::reach_count> reaches = {"none", "own", "agency", "subtree", "town"};
  array roles;
  for (std::size_t i = 0; i < directory::role_count; ++i) {
    const auto role = static_cast<directory::Role>(i);
    const directory::RoleTitle title = directory::title_of(role);
    roles.push_back({{"name", name_of(role)}, {"title", {{"vi", title.vi}, {"en", title.en}}}});
  }
  array actions;
  for (std::size_t i = 0; i < directory::action_count; ++i) {
    const auto action = static_cast<Action>(i);
    const directory::Decision decision = directory::may(*request.actor, action, Object::anywhere());
    const directory::RoleTitle title = directory::title_of(action);
    object reach;
    for (std::size_t r = 0; r < directory::role_count; ++r) {
      const auto role = static_cast<directory::Role>(r);
      reach[name_of(role)] = reaches[static_cast<std::size_t>(directory::reach_of(role, action))];
    }
    object line;
    line["name"] = name_of(action);
    line["title"] = {{"vi", title.vi}, {"en", title.en}};
    line["takes_two"] = directory::takes_two(action);
    line["token"] = directory::token_may_carry(action);
    line["reach"] = std::move(reach);
    line["allowed"] = decision.allowed;
    line["why_not"] = decision.allowed ? value(nullptr) : value({{"vi", decision.vi}, {"en", decision.en}});
    actions.push_back(std::move(line));
  }
  return json(object{{"roles", std::move(roles)}, {"actions", std::move(actions)}});
}

}  // namespace

std::vector<Route> account_routes(Directory& directory) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string accounts = "/api/v1/accounts";
  const std::string account = accounts + "/{account}";
  const std::string delegations = "/api/v1/delegations";
  constexpr Access session = Access::session;
  return {
      {Method::get, "/api/v1/policy", "getPolicy", session, Action::session_use, handler(get_policy)},
      {Method::get, accounts, "listAccounts", session, Action::account_read, handler(list_accounts)},
      {Method::post, accounts, "createAccount", session, Action::account_manage, handler(create_account)},
      {Method::get, account, "getAccount", session, Action::account_read, handler(get_account)},
      {Method::patch, account, "updateAccount", session, Action::account_manage, handler(update_account)},
      {Method::get, account + "/sessions", "listAccountSessions", session, Action::account_manage,
       handler(list_account_sessions)},
      {Method::del, account + "/sessions", "endAccountSessions", session, Action::account_manage,
       handler(end_account_sessions)},
      {Method::post, account + "/password", "issuePassword", session, Action::account_manage, handler(issue_password)},
      {Method::post, account + "/roles", "grantRole", session, Action::role_grant, handler(grant_role)},
      {Method::del, account + "/roles/{role}/{agency}", "revokeRole", session, Action::role_grant,
       handler(revoke_role)},
      {Method::get, delegations, "listDelegations", session, Action::account_read, handler(list_delegations)},
      {Method::post, delegations, "createDelegation", session, Action::role_delegate, handler(create_delegation)},
      {Method::del, delegations + "/{delegation}", "endDelegation", session, Action::account_read,
       handler(end_delegation)},
  };
}

}  // namespace luy::api
