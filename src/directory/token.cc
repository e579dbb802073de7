#include "directory/token.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "directory/stored/account.h"
#include "directory/stored/token.h"
#include "directory/stored/value.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::size_t secret_bytes = 32;
constexpr std::size_t token_chars = token_prefix.size() + 43;

constexpr std::array<Action, 21> personal = {
    Action::session_use,     Action::agency_manage, Action::account_manage,      Action::role_grant,
    Action::role_delegate,   Action::act_decide,    Action::second_factor_reset, Action::person_manage,
    Action::leave_manage,    Action::account_link,  Action::access_review,       Action::commitment_manage,
    Action::commitment_sign, Action::token_own,     Action::token_manage,        Action::source_manage,
    Action::notice_manage,   Action::hold_release,  Action::retention_manage,    Action::evidence_erase,
    Action::provider_answer};

constexpr std::string_view columns =
    "SELECT t.id, t.account, a.person, p.name, p.agency, t.name, t.actions, t.agency, t.created_at, t.expires_at,"
    " t.last_used, t.last_address, t.revoked_at FROM api_token t JOIN account a ON a.id = t.account"
    " JOIN person p ON p.id = a.person ";

std::optional<Time> maybe_time(const Row& row, int column) {
  const auto millis = row.maybe_integer(column);
  if (!millis) return std::nullopt;
  return from_millis(*millis);
}

std::string joined(const std::vector<Action>& actions) {
  std::string out;
  for (const Action action : actions) out += (out.empty() ? "" : " ") + std::string(name_of(action));
  return out;
}

// An act that this version does not know any more carries nothing.
std::vector<Action> actions_of(std::string_view text) {
  std::vector<Action> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (const auto action = action_from_name(text.substr(0, end))) out.push_back(*action);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

ApiToken token_of(const Row& row) {
  ApiToken out;
  out.id = TokenId::trusted(row.text(0));
  out.account = AccountId::trusted(row.text(1));
  out.person = PersonId::trusted(row.text(2));
  out.owner = row.text(3);
  out.works_in = AgencyId::trusted(row.text(4));
  out.name = row.text(5);
  out.actions = actions_of(row.text(6));
  if (const auto agency = row.maybe_text(7)) out.agency = AgencyId::trusted(*agency);
  out.created_at = from_millis(row.integer(8));
  out.expires_at = from_millis(row.integer(9));
  out.last_used = maybe_time(row, 10);
  out.last_address = row.text(11);
  out.revoked_at = maybe_time(row, 12);
  return out;
}

boost::json::object as_json(const ApiToken& token) {
  boost::json::array actions;
  for (const Action action : token.actions) actions.emplace_back(name_of(action));
  boost::json::object out;
  out["account"] = token.account.text();
  out["name"] = token.name;
  out["actions"] = std::move(actions);
  if (token.agency) out["agency"] = token.agency->text();
  out["expires_at"] = to_rfc3339(token.expires_at);
  return out;
}

// What a token's agency does to the rights of its owner: the roots that lie in it.
Result<TokenScope> scope_of(Connection& c, const ApiToken& token, const std::vector<Grant>& grants) {
  TokenScope out;
  out.id = token.id.text();
  out.name = token.name;
  for (const Action action : token.actions) out.carries[static_cast<std::size_t>(action)] = true;
  if (!token.agency) return out;
  LUY_TRY(out.above, load_superiors(c, *token.agency));
  for (const Grant& grant : grants) {
    for (const AgencyId& root : {grant.agency, grant.town()}) {
      LUY_TRY(const auto chain, load_superiors(c, root));
      const bool inside = std::find(chain.begin(), chain.end(), *token.agency) != chain.end();
      if (inside && root != *token.agency) out.below.push_back(root);
    }
  }
  return out;
}

}  // namespace

bool token_may_carry(Action action) {
  return std::find(personal.begin(), personal.end(), action) == personal.end();
}

Result<std::size_t> end_tokens(Connection& c, const AccountId& account, Time now) {
  LUY_TRY(const auto ended, c.run("UPDATE api_token SET revoked_at = $1 WHERE account = $2 AND revoked_at IS NULL"
                                  " AND expires_at > $1",
                                  {to_millis(now), std::string_view(account.text())}));
  return static_cast<std::size_t>(ended);
}

Result<MadeToken> Tokens::create(const Caller& caller, const NewToken& wanted) {
  AuditEntry entry{"token_create", "", Outcome::done, "", {}, {}};
  if (caller.account) entry.object = "account:" + caller.account->text();
  std::array<std::uint8_t, secret_bytes> secret{};
  random_.fill(secret);
  const std::string text = std::string(token_prefix) + to_base64url(as_text(secret));
  return audit_.perform(caller, std::move(entry), [&](Connection& c, AuditEntry& done) -> Result<MadeToken> {
    LUY_TRY_VOID(caller.require(Action::token_own, {{}, caller.account, false}));
    const Time now = clock_.now();
    LUY_TRY(const StoredAccount owner, load_account(c, *caller.account));
    if (owner.account.sealed || owner.account.seal_broken) return Error(token_sealed);
    ApiToken made;
    made.id = TokenId::make(now, random_);
    made.account = owner.account.id;
    made.person = owner.account.person;
    made.owner = owner.account.display_name;
    made.works_in = owner.account.agency;
    LUY_TRY(made.name, checked_text("name", wanted.name, token_name_bytes_max));
    if (wanted.actions.empty()) return Error(bad_value, "actions");
    if (wanted.expires_at <= now || wanted.expires_at > now + token_lifetime_max) {
      return Error(bad_value, "expires_at");
    }
    for (const Action action : wanted.actions) {
      if (!token_may_carry(action)) {
        const RoleTitle title = title_of(action);
        return Error(token_action, std::string(title.vi), std::string(title.en));
      }
      LUY_TRY_VOID(caller.require(action, Object::anywhere()));
      if (std::find(made.actions.begin(), made.actions.end(), action) == made.actions.end()) {
        made.actions.push_back(action);
      }
    }
    if (wanted.agency) LUY_TRY_VOID(load_superiors(c, *wanted.agency));
    made.agency = wanted.agency;
    made.created_at = now;
    made.expires_at = wanted.expires_at;
    std::int64_t living = 0;
    LUY_TRY_VOID(c.query("SELECT count(*) FROM api_token WHERE account = $1 AND revoked_at IS NULL AND expires_at > $2",
                         {std::string_view(made.account.text()), to_millis(now)},
                         [&](const Row& row) { living = row.integer(0); }));
    if (living >= static_cast<std::int64_t>(tokens_per_account_max)) return Error(tokens_too_many);
    const Hash hash = sha256(text);
    const std::string actions = joined(made.actions);
    std::optional<std::string> agency;
    if (made.agency) agency = made.agency->text();
    LUY_TRY_VOID(
        c.run("INSERT INTO api_token (id, account, name, token_sha256, actions, agency, created_at, expires_at)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
              {std::string_view(made.id.text()), std::string_view(made.account.text()), std::string_view(made.name),
               std::span<const std::uint8_t>(hash), std::string_view(actions), records::nullable(agency),
               to_millis(now), to_millis(made.expires_at)}));
    done.object = "token:" + made.id.text();
    done.after = as_json(made);
    return MadeToken{text, std::move(made)};
  });
}

Result<void> Tokens::revoke(const Caller& caller, const TokenId& id) {
  return audit_.perform(
      caller, {"token_revoke", "token:" + id.text(), Outcome::done, "", {}, {}},
      [&](Connection& c, AuditEntry& entry) -> Result<void> {
        std::optional<ApiToken> found;
        LUY_TRY_VOID(c.query(std::string(columns) + "WHERE t.id = $1", {std::string_view(id.text())},
                             [&](const Row& row) { found = token_of(row); }));
        if (!found) return Error(token_unknown);
        if (caller.account == found->account) {
          LUY_TRY_VOID(caller.require(Action::token_own, {{}, caller.account, false}));
        } else {
          LUY_TRY(const auto chain, load_superiors(c, found->works_in));
          LUY_TRY_VOID(caller.require(Action::token_manage, {chain, std::nullopt, false}));
        }
        entry.before = as_json(*found);
        LUY_TRY_VOID(
            c.run("UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL AND expires_at > $1",
                  {to_millis(clock_.now()), std::string_view(id.text())}));
        return {};
      });
}

Result<std::vector<ApiToken>> Tokens::list(const std::optional<AccountId>& account) const {
  std::vector<ApiToken> out;
  const auto take = [&](const Row& row) { out.push_back(token_of(row)); };
  LUY_TRY_VOID(database_.read([&](Connection& c) -> Result<void> {
    const std::string order = "ORDER BY t.created_at DESC, t.id DESC";
    if (!account) return c.query(std::string(columns) + order, {}, take);
    return c.query(std::string(columns) + "WHERE t.account = $1 " + order, {std::string_view(account->text())}, take);
  }));
  return out;
}

Result<Actor> Tokens::authenticate(std::string_view token, std::string_view address) {
  if (token.size() != token_chars || !token.starts_with(token_prefix)) return Error(token_over);
  const Time now = clock_.now();
  const Hash hash = sha256(token);
  ApiToken found;
  LUY_TRY(Actor actor, database_.read([&](Connection& c) -> Result<Actor> {
    std::optional<ApiToken> stored;
    LUY_TRY_VOID(c.query(std::string(columns) + "WHERE t.token_sha256 = $1", {std::span<const std::uint8_t>(hash)},
                         [&](const Row& row) { stored = token_of(row); }));
    if (!stored || stored->revoked_at || now >= stored->expires_at || stored->created_at > now + clock_slack) {
      return Error(token_over);
    }
    found = *std::move(stored);
    LUY_TRY(const StoredAccount owner, load_account(c, found.account));
    // An envelope is opened by a person; an account made one since keeps no other way in.
    if (!owner.account.enabled || owner.account.sealed || owner.account.seal_broken) return Error(token_over);
    LUY_TRY(Actor out, load_actor(c, found.account, day_of(now)));
    out.display_name = owner.account.display_name;
    // What was handed over for some days is used in person.
    std::erase_if(out.grants, [](const Grant& grant) { return grant.delegated_by.has_value(); });
    LUY_TRY(out.token, scope_of(c, found, out.grants));
    return out;
  }));
  const bool seen = found.last_used && found.last_address == address && now >= *found.last_used &&
                    now - *found.last_used < token_seen_granularity;
  if (seen) return actor;
  LUY_TRY(const auto alive, database_.write([&](Connection& c) {
    return c.run("UPDATE api_token SET last_used = $1, last_address = $2 WHERE id = $3 AND revoked_at IS NULL",
                 {to_millis(now), address, std::string_view(found.id.text())});
  }));
  if (alive == 0) return Error(token_over);
  return actor;
}

}  // namespace luy::directory
