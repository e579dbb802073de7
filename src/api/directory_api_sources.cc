// Sign-in sources, and which accounts sign in through them.
#include "api/directory_api_parts.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;
using directory::SignSource;
using directory::SourceId;

// What everybody sees on the sign-in page: nothing of where it is.
Result<Response> list_sign_in_sources(Directory& directory, const Request&) {
  LUY_TRY(const auto sources, directory.federation().list());
  array items;
  for (const SignSource& one : sources) {
    if (!one.settings.enabled) continue;
    items.push_back({{"id", one.id.text()}, {"kind", name_of(one.settings.kind())}, {"name", one.settings.name}});
  }
  return json(object{{"items", std::move(items)}});
}

Result<Response> list_sources(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::source_manage, Object::anywhere()));
  LUY_TRY(const auto sources, directory.federation().list());
  array items;
  for (const SignSource& one : sources) {
    const Object place{directory.agencies().lineage(one.settings.agency), std::nullopt, false};
    if (!directory::may(*request.actor, Action::source_manage, place).allowed) continue;
    LUY_TRY(object line, source_json(directory, one));
    items.push_back(std::move(line));
  }
  return json(object{{"items", std::move(items)}});
}

Response proposed_source(const Directory::ProposedSource& made) {
  object body{{"done", made.proposed.done}, {"source", made.source.text()}};
  body["act"] = made.proposed.waiting ? value(made.proposed.waiting->text()) : value(nullptr);
  return json(std::move(body), made.proposed.done ? 200 : 202);
}

Response proposed_act(const directory::Proposed& proposed) {
  object body{{"done", proposed.done}};
  body["act"] = proposed.waiting ? value(proposed.waiting->text()) : value(nullptr);
  return json(std::move(body), proposed.done ? 200 : 202);
}

Result<Response> create_source(Directory& directory, const Request& request) {
  LUY_TRY(const directory::SourceSettings wanted, directory::source_from_json(request.body));
  LUY_TRY(const auto made, directory.propose_source(caller_of(request), wanted));
  return proposed_source(made);
}

Result<Response> change_source(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<SourceId>("source", "source"));
  LUY_TRY(const directory::SourceSettings wanted, directory::source_from_json(request.body));
  LUY_TRY(const auto made, directory.propose_source_change(caller_of(request), id, wanted));
  return proposed_source(made);
}

Result<Response> remove_source(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<SourceId>("source", "source"));
  LUY_TRY(const directory::Proposed proposed, directory.propose_source_removal(caller_of(request), id));
  return proposed_act(proposed);
}

Result<Response> list_identities(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY(const directory::Account account, directory.accounts().find(id));
  LUY_TRY_VOID(
      authorise(request, Action::account_read, {directory.agencies().lineage(account.agency), account.id, false}));
  LUY_TRY(const auto identities, directory.federation().identities(id));
  array items;
  for (const directory::FederatedIdentity& one : identities) {
    items.push_back({{"source", {{"id", one.source.text()}, {"name", one.source_name}}},
                     {"subject", one.subject},
                     {"linked_at", to_rfc3339(one.linked_at)},
                     {"last_used", time_or_null(one.last_used)}});
  }
  return json(object{{"items", std::move(items)}});
}

Result<Response> link_identity(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY(const auto source, body_id<SourceId>(request, "source"));
  LUY_TRY(const std::string subject, body_text(request, "subject"));
  LUY_TRY(const directory::Proposed proposed, directory.propose_identity(caller_of(request), id, source, subject));
  return proposed_act(proposed);
}

Result<Response> unlink_identity(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<AccountId>("account", "account"));
  LUY_TRY(const auto source, request.id_param<SourceId>("source", "source"));
  LUY_TRY_VOID(directory.federation().unlink(caller_of(request), id, source));
  return no_content();
}

}  // namespace

Result<object> source_json(const Directory& directory, const SignSource& source) {
  object out = to_json(source.settings);
  LUY_TRY(const directory::Agency agency, directory.agencies().find(source.settings.agency));
  out["id"] = source.id.text();
  out["agency"] = {{"id", agency.id.text()}, {"name", agency.name}};
  out["created_at"] = to_rfc3339(source.created_at);
  out["last_sync"] = time_or_null(source.last_sync);
  out["problem"] = nullptr;
  if (!source.problem_vi.empty()) out["problem"] = {{"vi", source.problem_vi}, {"en", source.problem_en}};
  return out;
}

std::vector<Route> source_routes(Directory& directory) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string sources = "/api/v1/sources";
  const std::string one = sources + "/{source}";
  const std::string identities = "/api/v1/accounts/{account}/identities";
  constexpr Access session = Access::session;
  return {
      {Method::get, "/api/v1/sign-in/sources", "listSignInSources", Access::open, Action::session_use,
       handler(list_sign_in_sources)},
      {Method::get, sources, "listSources", session, Action::source_manage, handler(list_sources)},
      {Method::post, sources, "createSource", session, Action::source_manage, handler(create_source)},
      {Method::put, one, "changeSource", session, Action::source_manage, handler(change_source)},
      {Method::del, one, "removeSource", session, Action::source_manage, handler(remove_source)},
      {Method::get, identities, "listIdentities", session, Action::account_read, handler(list_identities)},
      {Method::post, identities, "linkIdentity", session, Action::source_manage, handler(link_identity)},
      {Method::del, identities + "/{source}", "unlinkIdentity", session, Action::account_manage,
       handler(unlink_identity)},
  };
}

}  // namespace luy::api
