#include "directory/session.h"

#include <algorithm>
#include <array>
#include <memory>

#include "base/encoding.h"
#include "base/hash.h"
#include "directory/stored/account.h"
#include "directory/stored/failure.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::size_t token_bytes = 32;
constexpr std::size_t token_chars = 43;

struct StoredSession {
  AccountId account;
  Time created_at;
  Time last_seen;
  Time ends_at;
};

std::string make_token(Random& random) {
  std::array<std::uint8_t, token_bytes> bytes{};
  random.fill(bytes);
  return to_base64url(as_text(bytes));
}

Result<StoredSession> load_session(Connection& c, const Hash& token) {
  std::optional<StoredSession> found;
  LUY_TRY_VOID(c.query("SELECT account, created_at, last_seen, ends_at FROM session WHERE token_sha256 = $1",
                       {std::span<const std::uint8_t>(token)}, [&](const Row& row) {
                         found = {AccountId::trusted(row.text(0)), from_millis(row.integer(1)),
                                  from_millis(row.integer(2)), from_millis(row.integer(3))};
                       }));
  if (!found) return Error(session_over);
  return *found;
}

Result<void> end_session(Connection& c, std::string_view token) {
  if (token.empty()) return {};
  const Hash hash = sha256(token);
  LUY_TRY_VOID(c.run("DELETE FROM session WHERE token_sha256 = $1", {std::span<const std::uint8_t>(hash)}));
  return {};
}

Actor actor_of(const Account& account) {
  Actor actor;
  actor.account = account.id;
  actor.person = account.person;
  actor.username = account.username;
  actor.display_name = account.display_name;
  actor.grants = account.grants;
  actor.must_change_password = account.must_change_password;
  return actor;
}

Duration idle_limit(const SessionLimits& limits, const Account& account) {
  const bool administrator = std::any_of(account.grants.begin(), account.grants.end(),
                                         [](const Grant& grant) { return grant.role == Role::system_admin; });
  return administrator ? limits.idle_administrator : limits.idle;
}

Caller caller_known(const Account& account, std::string_view address) {
  return {account.id, account.username, std::string(address), nullptr};
}

AuditEntry entry_of(std::string act, const Account& account) {
  return {std::move(act), "account:" + account.id.text(), Outcome::done, "", {}, {}};
}

// What only who knows the password is told.
Result<void> check_usable(const Account& account, Time now) {
  if (!account.enabled) return Error(account_disabled);
  if (!account.one_time_until) return {};
  if (now >= *account.one_time_until || account.password_set_at > now + clock_slack) return Error(one_time_expired);
  return {};
}

}  // namespace

Result<SignedIn> Sessions::sign_in(const SignIn& attempt) {
  LUY_TRY_VOID(check_pauses(attempt.username, attempt.address));
  auto found = database_.read([&](Connection& c) { return load_account_named(c, attempt.username); });
  if (!found) {
    if (!found.error().is(account_unknown)) return found.error();
    LUY_TRY_VOID(hasher_.verify_nobody(attempt.password));
    // The name is not written down: it may be a password typed into the wrong field.
    const Caller nobody{std::nullopt, "", std::string(attempt.address), nullptr};
    AuditEntry entry{"sign_in", "", Outcome::refused, std::string(sign_in_failed.name), {}, {}};
    LUY_TRY_VOID(count_wrong(nobody, std::move(entry), attempt.username));
    return Error(sign_in_failed);
  }
  const Account& known = found->account;
  const Caller caller = caller_known(known, attempt.address);
  LUY_TRY(const bool right, hasher_.verify(found->password_hash, attempt.password));
  if (!right) {
    AuditEntry entry = entry_of("sign_in", known);
    entry.outcome = Outcome::refused;
    entry.error = sign_in_failed.name;
    LUY_TRY_VOID(count_wrong(caller, std::move(entry), attempt.username));
    return Error(sign_in_failed);
  }
  std::string new_hash;
  if (hasher_.needs_rehash(found->password_hash)) {
    LUY_TRY(new_hash, hasher_.hash(attempt.password));
  }
  return audit_.perform(caller, entry_of("sign_in", known), [&](Connection& c, AuditEntry&) -> Result<SignedIn> {
    LUY_TRY(StoredAccount stored, load_account(c, known.id));
    Account& account = stored.account;
    // The password was changed between the check and now.
    if (stored.password_hash != found->password_hash) return Error(sign_in_failed);
    LUY_TRY_VOID(check_usable(account, clock_.now()));
    if (!new_hash.empty()) {
      LUY_TRY_VOID(c.run("UPDATE account SET password_hash = $1 WHERE id = $2",
                         {std::string_view(new_hash), std::string_view(account.id.text())}));
    }
    LUY_TRY_VOID(forget_failures(c, failure_subject_of_account(account.username)));
    LUY_TRY_VOID(end_session(c, attempt.old_token));
    LUY_TRY_VOID(c.run("UPDATE account SET last_sign_in = $1 WHERE id = $2",
                       {to_millis(clock_.now()), std::string_view(account.id.text())}));
    return begin(c, account);
  });
}

Result<void> Sessions::check_pauses(std::string_view username, std::string_view address) const {
  const Time now = clock_.now();
  LUY_TRY(const Duration left, database_.read([&](Connection& c) -> Result<Duration> {
    LUY_TRY(const Duration of_account, pause_left(c, failure_subject_of_account(username), pause_per_account, now));
    LUY_TRY(const Duration of_address, pause_left(c, failure_subject_of_address(address), pause_per_address, now));
    return std::max(of_account, of_address);
  }));
  if (left <= Duration(0)) return {};
  return Error(sign_in_paused, std::to_string(std::chrono::ceil<std::chrono::seconds>(left).count()));
}

// `entry` says what was refused; it is written together with the count.
Result<void> Sessions::count_wrong(const Caller& caller, AuditEntry entry, std::string_view username) {
  return audit_.perform(caller, std::move(entry), [&](Connection& c, AuditEntry&) -> Result<void> {
    const Time now = clock_.now();
    LUY_TRY_VOID(count_failure(c, failure_subject_of_account(username), pause_per_account, now));
    return count_failure(c, failure_subject_of_address(caller.address), pause_per_address, now);
  });
}

Result<SignedIn> Sessions::begin(Connection& c, const Account& account) {
  const Time now = clock_.now();
  const std::string token = make_token(random_);
  const Hash hash = sha256(token);
  LUY_TRY_VOID(c.run("DELETE FROM session WHERE ends_at <= $1", {to_millis(now)}));
  LUY_TRY_VOID(
      c.run("INSERT INTO session (token_sha256, account, created_at, last_seen, ends_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            {std::span<const std::uint8_t>(hash), std::string_view(account.id.text()), to_millis(now), to_millis(now),
             to_millis(now + limits_.absolute)}));
  LUY_TRY_VOID(
      c.run("DELETE FROM session WHERE account = $1 AND token_sha256 NOT IN (SELECT token_sha256 FROM session"
            " WHERE account = $1 ORDER BY created_at DESC, token_sha256 = $2 DESC LIMIT $3)",
            {std::string_view(account.id.text()), std::span<const std::uint8_t>(hash), sessions_per_account_max}));
  return SignedIn{token, session_of(account, now + limits_.absolute, now)};
}

Session Sessions::session_of(const Account& account, Time ends_at, Time last_seen) const {
  return {actor_of(account), std::min(ends_at, last_seen + idle_limit(limits_, account))};
}

Result<Session> Sessions::authenticate(std::string_view token, Touch touch) {
  if (token.size() != token_chars) return Error(session_over);
  const Time now = clock_.now();
  const Hash hash = sha256(token);
  StoredSession session;
  LUY_TRY(const StoredAccount stored, database_.read([&](Connection& c) -> Result<StoredAccount> {
    LUY_TRY(session, load_session(c, hash));
    return load_account(c, session.account);
  }));
  const Account& account = stored.account;
  const bool idle = now >= session.last_seen + idle_limit(limits_, account);
  const bool from_the_future = session.created_at > now + clock_slack;
  if (!account.enabled || idle || from_the_future || now >= session.ends_at) return Error(session_over);
  // The row changes only now and then: each change waits for the disk.
  if (touch == Touch::yes && (now - session.last_seen >= seen_granularity || now < session.last_seen)) {
    LUY_TRY(const std::int64_t alive, database_.write([&](Connection& c) {
      return c.run("UPDATE session SET last_seen = $1 WHERE token_sha256 = $2",
                   {to_millis(now), std::span<const std::uint8_t>(hash)});
    }));
    if (alive == 0) return Error(session_over);
    session.last_seen = now;
  }
  return session_of(account, session.ends_at, session.last_seen);
}

Result<SignedIn> Sessions::change_password(const Change& change) {
  LUY_TRY(const Session session, authenticate(change.token, Touch::yes));
  const std::string& username = session.actor.username;
  LUY_TRY_VOID(check_pauses(username, change.address));
  LUY_TRY(const StoredAccount before,
          database_.read([&](Connection& c) { return load_account(c, session.actor.account); }));
  const Caller caller = caller_known(before.account, change.address);
  LUY_TRY(const bool right, hasher_.verify(before.password_hash, change.current));
  if (!right) {
    AuditEntry entry = entry_of("password_change", before.account);
    entry.outcome = Outcome::refused;
    entry.error = wrong_password.name;
    LUY_TRY_VOID(count_wrong(caller, std::move(entry), username));
    return Error(wrong_password);
  }
  if (change.current == change.wanted) return Error(password_unchanged);
  LUY_TRY_VOID(check_new_password(change.wanted, username));
  LUY_TRY(const std::string hash, hasher_.hash(change.wanted));
  return audit_.perform(caller, entry_of("password_change", before.account),
                        [&](Connection& c, AuditEntry&) -> Result<SignedIn> {
                          LUY_TRY_VOID(load_session(c, sha256(change.token)));
                          LUY_TRY(StoredAccount stored, load_account(c, before.account.id));
                          if (stored.password_hash != before.password_hash || !stored.account.enabled)
                            return Error(session_over);
                          LUY_TRY_VOID(store_password(c, stored.account.id, {hash, clock_.now(), std::nullopt}));
                          LUY_TRY_VOID(end_sessions(c, stored.account.id));
                          LUY_TRY_VOID(forget_failures(c, failure_subject_of_account(username)));
                          stored.account.must_change_password = false;
                          return begin(c, stored.account);
                        });
}

Result<void> Sessions::sign_out(std::string_view token, std::string_view address) {
  if (token.size() != token_chars) return {};
  auto found = database_.read([&](Connection& c) -> Result<StoredAccount> {
    LUY_TRY(const StoredSession session, load_session(c, sha256(token)));
    return load_account(c, session.account);
  });
  if (!found) return found.error().is(session_over) ? Result<void>() : Result<void>(found.error());
  return audit_.perform(caller_known(found->account, address), entry_of("sign_out", found->account),
                        [&](Connection& c, AuditEntry&) { return end_session(c, token); });
}

}  // namespace luy::directory
