// Acts that wait for a second person: the inbox, and the decision.
#include <algorithm>
#include <array>
#include <map>

#include "api/directory_api_parts.h"

namespace luy::api {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using directory::Action;
using directory::Directory;
using directory::Object;
using directory::PendingAct;

constexpr std::int64_t acts_max = 500;

// Names of accounts, each asked for once in an answer.
class Names {
 public:
  explicit Names(const Directory& directory) : directory_(directory) {}
  Result<value> of(const std::optional<AccountId>& account) {
    if (!account) return value(nullptr);
    auto [found, fresh] = names_.emplace(*account, "");
    if (fresh) {
      LUY_TRY(const directory::Account known, directory_.accounts().find(*account));
      found->second = known.display_name;
    }
    return value({{"id", account->text()}, {"name", found->second}});
  }

 private:
  const Directory& directory_;
  std::map<AccountId, std::string> names_;
};

Result<object> act_json(const Directory& directory, const PendingAct& act, const AccountId& viewer, Names& names) {
  const directory::RoleTitle title = directory.acts().title_of(act.kind);
  LUY_TRY(const directory::Agency place, directory.agencies().find(act.agency));
  object out;
  out["id"] = act.id.text();
  out["kind"] = act.kind;
  out["title"] = {{"vi", title.vi}, {"en", title.en}};
  out["object"] = act.object;
  out["agency"] = act.agency.text();
  out["place"] = {{"id", place.id.text()}, {"name", place.name}};
  out["before"] = act.before;
  out["after"] = act.after;
  const value* gains = act.after.if_contains("gains");
  out["gains"] = gains != nullptr && gains->is_array() ? gains->get_array() : array();
  out["proposed_by"] = act.proposed_by.text();
  LUY_TRY(out["proposer"], names.of(act.proposed_by));
  out["proposed_at"] = to_rfc3339(act.proposed_at);
  out["ends_at"] = to_rfc3339(act.ends_at);
  out["state"] = name_of(act.state);
  out["decided_by"] = act.decided_by ? value(act.decided_by->text()) : value(nullptr);
  LUY_TRY(out["decider"], names.of(act.decided_by));
  out["decided_at"] = time_or_null(act.decided_at);
  out["note"] = act.note;
  const auto may = directory.acts().check_decider(viewer, act.id);
  out["may_decide"] = may.has_value();
  out["why_not"] = may ? value(nullptr) : value({{"vi", may.error().vi()}, {"en", may.error().en()}});
  return out;
}

Result<directory::ActFilter> filter_of(const Request& request) {
  constexpr std::array<std::string_view, 4> states = {"waiting", "agreed", "refused", "expired"};
  directory::ActFilter filter;
  if (const auto state = request.param("state")) {
    const auto found = std::find(states.begin(), states.end(), *state);
    if (found == states.end()) return Error(bad_request, "state");
    filter.state = static_cast<PendingAct::State>(found - states.begin());
  }
  filter.kind = request.param("kind").value_or("");
  const std::string mine = request.param("mine").value_or("false");
  if (mine != "true" && mine != "false") return Error(bad_request, "mine");
  if (mine == "true") filter.proposed_by = request.actor->account;
  if (const auto cursor = request.param("cursor")) {
    filter.before = directory::ActId::parse(*cursor);
    if (!filter.before) return Error(bad_request, "cursor");
  }
  return filter;
}

bool may_see(const Directory& directory, const Request& request, const PendingAct& act) {
  const Object place{directory.agencies().lineage(act.agency), act.proposed_by, false};
  return directory::may(*request.actor, Action::act_read, place).allowed;
}

// How many acts wait for the one who asks.
Result<std::size_t> waiting_for(const Directory& directory, const Request& request) {
  directory::ActFilter waiting;
  waiting.state = PendingAct::State::waiting;
  LUY_TRY(const auto acts, directory.acts().list(waiting));
  std::size_t count = 0;
  for (const PendingAct& act : acts) {
    if (!may_see(directory, request, act)) continue;
    if (directory.acts().check_decider(request.actor->account, act.id)) ++count;
  }
  return count;
}

Result<Response> list_acts(Directory& directory, const Request& request) {
  LUY_TRY_VOID(authorise(request, Action::act_read, Object::anywhere()));
  LUY_TRY(const auto limit, request.number_param("limit", acts_max, 1, acts_max));
  LUY_TRY(const directory::ActFilter filter, filter_of(request));
  std::optional<AgencyId> agency;
  if (const auto given = request.param("agency")) {
    agency = AgencyId::parse(*given);
    if (!agency) return Error(bad_request, "agency");
    LUY_TRY_VOID(authorise(request, Action::act_read, {directory.agencies().lineage(*agency), std::nullopt, false}));
  }
  LUY_TRY(const bool holds, directory.acts().holds());
  LUY_TRY(const auto acts, directory.acts().list(filter));
  LUY_TRY(const std::size_t waiting, waiting_for(directory, request));
  Names names(directory);
  array out;
  value next = nullptr;
  for (const PendingAct& act : acts) {
    const auto chain = directory.agencies().lineage(act.agency);
    const bool there = !agency || std::find(chain.begin(), chain.end(), *agency) != chain.end();
    if (!there || !may_see(directory, request, act)) continue;
    if (out.size() == static_cast<std::size_t>(limit)) {
      next = out.back().at("id");
      break;
    }
    LUY_TRY(object line, act_json(directory, act, request.actor->account, names));
    out.push_back(std::move(line));
  }
  return json(object{{"holds", holds}, {"acts", std::move(out)}, {"next", std::move(next)}, {"waiting", waiting}});
}

Result<Response> agree_act(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<directory::ActId>("act", "act"));
  LUY_TRY_VOID(directory.acts().agree(caller_of(request), id));
  return no_content();
}

Result<Response> refuse_act(Directory& directory, const Request& request) {
  LUY_TRY(const auto id, request.id_param<directory::ActId>("act", "act"));
  LUY_TRY(const auto note, body_maybe_text(request, "note"));
  LUY_TRY_VOID(directory.acts().refuse(caller_of(request), id, note.value_or("")));
  return no_content();
}

}  // namespace

std::vector<Route> act_routes(Directory& directory) {
  const auto handler = [&directory](DirectoryFunction function) { return directory_handler(directory, function); };
  const std::string acts = "/api/v1/acts";
  constexpr Access session = Access::session;
  return {
      {Method::get, acts, "listActs", session, Action::act_read, handler(list_acts)},
      {Method::post, acts + "/{act}/agree", "agreeAct", session, Action::act_decide, handler(agree_act)},
      {Method::post, acts + "/{act}/refuse", "refuseAct", session, Action::act_read, handler(refuse_act)},
  };
}

}  // namespace luy::api
