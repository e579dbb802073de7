#include "directory/session.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>

#include "base/encoding.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "directory/stored/account.h"
#include "directory/stored/factor.h"
#include "directory/stored/failure.h"
#include "directory/stored/session.h"

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
  bool public_place = false;
  bool outside = false;
  std::string address;
  bool federated = false;
  bool two_factors = false;
};

std::string make_token(Random& random) {
  std::array<std::uint8_t, token_bytes> bytes{};
  random.fill(bytes);
  return to_base64url(as_text(bytes));
}

Result<StoredSession> load_session(Connection& c, const Hash& token) {
  std::optional<StoredSession> found;
  LUY_TRY_VOID(c.query(
      "SELECT account, created_at, last_seen, ends_at, public_place, outside, address, source, two_factors FROM session"
      " WHERE token_sha256 = $1",
      {std::span<const std::uint8_t>(token)}, [&](const Row& row) {
        found = {AccountId::trusted(row.text(0)),
                 from_millis(row.integer(1)),
                 from_millis(row.integer(2)),
                 from_millis(row.integer(3)),
                 row.integer(4) != 0,
                 row.integer(5) != 0,
                 std::string(row.text(6)),
                 !row.null(7),
                 row.integer(8) != 0};
      }));
  if (!found) return Error(session_over);
  return *found;
}

Actor actor_of(const Account& account, Day today) {
  Actor actor;
  actor.account = account.id;
  actor.person = account.person;
  actor.username = account.username;
  actor.display_name = account.display_name;
  std::copy_if(account.grants.begin(), account.grants.end(), std::back_inserter(actor.grants),
               [&](const Grant& grant) { return grant.valid_on(today); });
  actor.must_change_password = account.must_change_password;
  return actor;
}

// Whether an address lies outside the networks that the account's agency and its superiors named. While none is named,
// the private ranges (RFC 1918, RFC 4193) and the machine itself are taken for the agency's own.
Result<bool> is_outside(Connection& c, const Account& account, std::string_view address) {
  LUY_TRY(const auto chain, load_superiors(c, account.agency));
  std::vector<std::string> networks;
  for (const AgencyId& agency : chain) {
    LUY_TRY(const AgencyProfile profile, load_profile(c, agency));
    networks.insert(networks.end(), profile.networks.begin(), profile.networks.end());
  }
  if (networks.empty()) {
    networks = {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1/128", "fc00::/7"};
  }
  for (const std::string& text : networks) {
    LUY_TRY(const Network network, Network::parse(text));
    if (network.contains(address)) return false;
  }
  return true;
}

// Remembers the password that was, as far as the policy asks.
Result<void> keep_old(Connection& c, const Account& account, const std::string& hash, std::size_t history) {
  if (history == 0) return {};
  const std::string_view id(account.id.text());
  LUY_TRY_VOID(
      c.run("INSERT INTO old_password (account, set_at, password_hash) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING",
            {id, to_millis(account.password_set_at), std::string_view(hash)}));
  LUY_TRY_VOID(
      c.run("DELETE FROM old_password WHERE account = $1 AND set_at NOT IN (SELECT set_at FROM old_password"
            " WHERE account = $1 ORDER BY set_at DESC LIMIT $2)",
            {id, static_cast<std::int64_t>(history)}));
  return {};
}

// What only who knows the password is told.
Result<void> check_usable(const StoredAccount& stored, Time now) {
  const Account& account = stored.account;
  if (!account.enabled) return Error(account_disabled);
  if (!account.one_time_until) return {};
  const bool over = now >= *account.one_time_until || account.password_set_at > now + clock_slack;
  if (over) return Error(account.seal_broken ? seal_over : one_time_expired);
  // Whoever issued it knows it, too: the owner learns that somebody was there before them.
  if (account.must_change_password && stored.one_time_used_at) {
    return Error(one_time_used, to_rfc3339(*stored.one_time_used_at) + " (" + stored.one_time_used_from + ")");
  }
  return {};
}

}  // namespace

Result<void> end_session(Connection& c, std::string_view token) {
  if (token.empty()) return {};
  const Hash hash = sha256(token);
  LUY_TRY_VOID(c.run("DELETE FROM session WHERE token_sha256 = $1", {std::span<const std::uint8_t>(hash)}));
  return {};
}

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
  // Of an account that cannot be used no code is asked: the transaction below says why.
  if (check_usable(*found, clock_.now())) LUY_TRY_VOID(check_code(known, attempt));
  std::string new_hash;
  if (hasher_.needs_rehash(found->password_hash)) {
    LUY_TRY(new_hash, hasher_.hash(attempt.password));
  }
  return audit_.perform(caller, entry_of("sign_in", known), [&](Connection& c, AuditEntry&) -> Result<SignedIn> {
    LUY_TRY(StoredAccount stored, load_account(c, known.id));
    Account& account = stored.account;
    // The password was changed between the check and now.
    if (stored.password_hash != found->password_hash) return Error(sign_in_failed);
    LUY_TRY_VOID(check_usable(stored, clock_.now()));
    if (account.must_change_password) {
      LUY_TRY_VOID(c.run("UPDATE account SET one_time_used_at = $1, one_time_used_from = $2 WHERE id = $3",
                         {to_millis(clock_.now()), attempt.address, std::string_view(account.id.text())}));
    }
    if (!new_hash.empty()) {
      LUY_TRY_VOID(c.run("UPDATE account SET password_hash = $1 WHERE id = $2",
                         {std::string_view(new_hash), std::string_view(account.id.text())}));
    }
    LUY_TRY_VOID(forget_failures(c, failure_subject_of_account(account.username)));
    LUY_TRY_VOID(end_session(c, attempt.old_token));
    LUY_TRY_VOID(c.run("UPDATE account SET last_sign_in = $1 WHERE id = $2",
                       {to_millis(clock_.now()), std::string_view(account.id.text())}));
    return begin(c, account, {attempt.address, attempt.program, attempt.public_place});
  });
}

Result<void> Sessions::check_code(const Account& account, const SignIn& attempt) {
  const Caller caller = caller_known(account, attempt.address);
  LUY_TRY(const auto wrong, database_.write([&](Connection& c) -> Result<std::optional<Error>> {
    LUY_TRY(const FactorState factors, load_factors(c, account.id));
    if (!factors.any()) return std::optional<Error>();
    auto taken = take_code(c, account.id, attempt.code, clock_.now());
    if (taken) return std::optional<Error>();
    if (taken.error().is(factor_required)) return std::optional<Error>(taken.error());
    if (!taken.error().is(factor_wrong) && !taken.error().is(factor_stopped)) return taken.error();
    AuditEntry entry = entry_of("sign_in", account);
    entry.outcome = Outcome::refused;
    entry.error = taken.error().name();
    LUY_TRY_VOID(audit_.note(c, caller, entry));
    LUY_TRY_VOID(count_wrong_code(c, account.id));
    LUY_TRY_VOID(count_failure(c, failure_subject_of_account(account.username), pause_per_account, clock_.now()));
    LUY_TRY_VOID(count_failure(c, failure_subject_of_address(attempt.address), pause_per_address, clock_.now()));
    return std::optional<Error>(taken.error());
  }));
  if (wrong) return *wrong;
  return {};
}

Result<SignedIn> Sessions::sign_in_with_passkey(const PasskeySignIn& attempt) {
  const Caller nobody{std::nullopt, "", std::string(attempt.address), nullptr};
  AuditEntry entry{"sign_in_passkey", "", Outcome::done, "", {}, {}};
  LUY_TRY_VOID(check_pauses("", attempt.address));
  LUY_TRY_VOID(factors_.challenges().check(attempt.challenge, ""));
  LUY_TRY(const auto found, database_.read([&](Connection& c) { return load_passkey(c, attempt.credential_id); }));
  Result<std::uint32_t> count = Error(passkey_refused, "credential");
  if (found && found->party == attempt.party.id) {
    count = check_use(attempt.party, attempt.challenge, found->key, found->sign_count, attempt.use);
  }
  if (found) entry.object = "account:" + found->account.text();
  if (!count) {
    entry.outcome = Outcome::refused;
    entry.error = count.error().name();
    // A key that is wrong is counted against the address; the name typed is none.
    LUY_TRY_VOID(audit_.perform(nobody, std::move(entry), [&](Connection& c, AuditEntry&) {
      return count_failure(c, failure_subject_of_address(attempt.address), pause_per_address, clock_.now());
    }));
    return count.error();
  }
  LUY_TRY(const StoredAccount owner, database_.read([&](Connection& c) { return load_account(c, found->account); }));
  return audit_.perform(caller_known(owner.account, attempt.address), std::move(entry),
                        [&](Connection& c, AuditEntry&) -> Result<SignedIn> {
                          LUY_TRY(const StoredAccount stored, load_account(c, found->account));
                          if (!stored.account.enabled) return Error(account_disabled);
                          if (stored.account.seal_broken) LUY_TRY_VOID(check_usable(stored, clock_.now()));
                          // Used by another request since it was looked at.
                          LUY_TRY(const auto now, load_passkey(c, attempt.credential_id));
                          if (!now || now->sign_count != found->sign_count) return Error(challenge_over);
                          LUY_TRY_VOID(factors_.challenges().use(attempt.challenge, ""));
                          LUY_TRY_VOID(note_passkey_use(c, found->id, *count, clock_.now()));
                          LUY_TRY_VOID(end_session(c, attempt.old_token));
                          LUY_TRY_VOID(c.run("UPDATE account SET last_sign_in = $1 WHERE id = $2",
                                             {to_millis(clock_.now()), std::string_view(stored.account.id.text())}));
                          return begin(c, stored.account, {attempt.address, attempt.program, attempt.public_place});
                        });
}

Result<void> Sessions::confirm_password(const Actor& actor, std::string_view password, std::string_view address) {
  LUY_TRY_VOID(check_pauses(actor.username, address));
  LUY_TRY(const StoredAccount stored, database_.read([&](Connection& c) { return load_account(c, actor.account); }));
  LUY_TRY(const bool right, hasher_.verify(stored.password_hash, password));
  if (right) return {};
  AuditEntry entry = entry_of("password_confirm", stored.account);
  entry.outcome = Outcome::refused;
  entry.error = wrong_password.name;
  LUY_TRY_VOID(count_wrong(caller_known(stored.account, address), std::move(entry), actor.username));
  return Error(wrong_password);
}

Result<std::vector<SessionLine>> Sessions::list(const AccountId& account, std::string_view token) const {
  const Hash present = sha256(token);
  const Time now = clock_.now();
  std::vector<SessionLine> out;
  LUY_TRY_VOID(database_.read([&](Connection& c) -> Result<void> {
    LUY_TRY(const StoredAccount stored, load_account(c, account));
    return c.query(
        "SELECT id, created_at, last_seen, address, program, public_place, token_sha256, ends_at"
        " FROM session WHERE account = $1 ORDER BY created_at DESC, id DESC",
        {std::string_view(account.text())}, [&](const Row& row) {
          SessionLine line{std::string(row.text(0)),       from_millis(row.integer(1)), from_millis(row.integer(2)),
                           std::string(row.text(3)),       std::string(row.text(4)),    row.integer(5) != 0,
                           row.blob(6) == as_text(present)};
          const bool over = now >= from_millis(row.integer(7)) ||
                            now >= line.last_seen + idle_limit(limits_, stored.account, line.public_place);
          if (!over) out.push_back(std::move(line));
        });
  }));
  return out;
}

Result<void> Sessions::end(const Caller& caller, std::string_view id) {
  return audit_.perform(caller, {"session_end", "session:" + std::string(id.substr(0, 26)), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry&) -> Result<void> {
                          LUY_TRY(const auto gone, c.run("DELETE FROM session WHERE id = $1 AND account = $2",
                                                         {id, std::string_view(caller.account->text())}));
                          if (gone == 0) return Error(session_unknown);
                          return {};
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

Result<SignedIn> Sessions::begin(Connection& c, const Account& account, const Place& place) {
  const Time now = clock_.now();
  const std::string token = make_token(random_);
  const Hash hash = sha256(token);
  Time ends_at = now + (place.public_place ? limits_.absolute_public : limits_.absolute);
  if (account.seal_broken && account.one_time_until) ends_at = std::min(ends_at, *account.one_time_until);
  const std::string program = to_utf8(place.program.substr(0, program_bytes_max));
  const std::string id = make_id_text(now, random_);
  std::optional<std::string> source;
  if (!place.source.empty()) source = place.source;
  LUY_TRY(const bool outside, is_outside(c, account, place.address));
  LUY_TRY_VOID(note_two_places(c, account, place.address));
  if (account.sealed || account.seal_broken) LUY_TRY_VOID(ring_seal(c, account, place.address));
  LUY_TRY_VOID(c.run("DELETE FROM session WHERE ends_at <= $1", {to_millis(now)}));
  LUY_TRY_VOID(c.run("DELETE FROM session_address WHERE token_sha256 NOT IN (SELECT token_sha256 FROM session)"));
  LUY_TRY_VOID(
      c.run("INSERT INTO session (token_sha256, account, created_at, last_seen, ends_at, id, address, program,"
            " public_place, outside, source, two_factors) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            {std::span<const std::uint8_t>(hash), std::string_view(account.id.text()), to_millis(now), to_millis(now),
             to_millis(ends_at), std::string_view(id), place.address, std::string_view(program),
             std::int64_t{place.public_place ? 1 : 0}, std::int64_t{outside ? 1 : 0}, records::nullable(source),
             std::int64_t{place.two_factors ? 1 : 0}}));
  LUY_TRY_VOID(
      c.run("DELETE FROM session WHERE account = $1 AND token_sha256 NOT IN (SELECT token_sha256 FROM session"
            " WHERE account = $1 ORDER BY created_at DESC, token_sha256 = $2 DESC LIMIT $3)",
            {std::string_view(account.id.text()), std::span<const std::uint8_t>(hash), sessions_per_account_max}));
  LUY_TRY(
      Session session,
      session_of(c, account, {now, now, ends_at, place.public_place, outside, source.has_value(), place.two_factors}));
  return SignedIn{token, std::move(session)};
}

Result<Session> Sessions::session_of(Connection& c, const Account& account, const Ends& ends) const {
  const Time now = clock_.now();
  Session out{actor_of(account, day_of(now)), {}, ends.public_place};
  out.expires_at = std::min(ends.ends_at, ends.last_seen + idle_limit(limits_, account, ends.public_place));
  const bool administrator = is_administrator(account);
  const bool asked = limits_.second_factor == SecondFactorRule::required && !ends.two_factors;
  if (asked && (administrator || ends.outside)) {
    LUY_TRY(const FactorState factors, load_factors(c, account.id));
    out.actor.must_enrol_factor = !factors.any();
  }
  // Whoever came in without the password here has none to change first.
  if (ends.federated) {
    out.actor.must_change_password = false;
    return out;
  }
  const days age = limits_.passwords.administrator_age_max;
  if (administrator && age > days(0) && now >= account.password_set_at + age) out.actor.must_change_password = true;
  return out;
}

Result<Session> Sessions::authenticate(std::string_view token, Touch touch, std::string_view address) {
  if (token.size() != token_chars) return Error(session_over);
  const Time now = clock_.now();
  const Hash hash = sha256(token);
  StoredSession session;
  bool moved = false;
  LUY_TRY(Session living, database_.read([&](Connection& c) -> Result<Session> {
    LUY_TRY(session, load_session(c, hash));
    LUY_TRY(const StoredAccount stored, load_account(c, session.account));
    const Account& account = stored.account;
    const bool idle = now >= session.last_seen + idle_limit(limits_, account, session.public_place);
    const bool from_the_future = session.created_at > now + clock_slack;
    if (!account.enabled || idle || from_the_future || now >= session.ends_at) return Error(session_over);
    const bool seen = touch == Touch::yes && (now - session.last_seen >= seen_granularity || now < session.last_seen);
    bool outside = session.outside;
    if (touch == Touch::yes && !address.empty() && address != session.address) {
      LUY_TRY(outside, is_outside(c, account, address));
      moved = true;
      LUY_TRY_VOID(c.query("SELECT 1 FROM session_address WHERE token_sha256 = $1 AND address = $2",
                           {std::span<const std::uint8_t>(hash), address}, [&](const Row&) { moved = false; }));
    }
    return session_of(c, account,
                      {session.created_at, seen ? now : session.last_seen, session.ends_at, session.public_place,
                       outside, session.federated, session.two_factors});
  }));
  if (moved) {
    LUY_TRY_VOID(note_moved(hash, session.account, session.address, address, session.public_place));
    if (session.public_place) return Error(session_over);
  }
  // The row changes only now and then: each change waits for the disk.
  if (touch == Touch::yes && (now - session.last_seen >= seen_granularity || now < session.last_seen)) {
    LUY_TRY(const std::int64_t alive, database_.write([&](Connection& c) {
      return c.run("UPDATE session SET last_seen = $1 WHERE token_sha256 = $2",
                   {to_millis(now), std::span<const std::uint8_t>(hash)});
    }));
    if (alive == 0) return Error(session_over);
  }
  return living;
}

Result<void> Sessions::check_history(const Account& account, const std::string& hash, std::string_view wanted) const {
  if (limits_.passwords.history == 0) return {};
  std::vector<std::string> old = {hash};
  LUY_TRY_VOID(database_.read([&](Connection& c) {
    return c.query("SELECT password_hash FROM old_password WHERE account = $1 ORDER BY set_at DESC LIMIT $2",
                   {std::string_view(account.id.text()), static_cast<std::int64_t>(limits_.passwords.history)},
                   [&](const Row& row) { old.emplace_back(row.text(0)); });
  }));
  for (const std::string& one : old) {
    LUY_TRY(const bool same, hasher_.verify(one, wanted));
    if (same) return Error(password_used_before);
  }
  return {};
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
  if (before.account.sealed || before.account.seal_broken) return Error(sealed_password);
  if (change.current == change.wanted) return Error(password_unchanged);
  LUY_TRY(const FactorState factors, factors_.state(before.account.id));
  LUY_TRY_VOID(check_new_password(change.wanted, username, limits_.passwords, factors.any()));
  LUY_TRY_VOID(check_history(before.account, before.password_hash, change.wanted));
  LUY_TRY(const std::string hash, hasher_.hash(change.wanted));
  return audit_.perform(caller, entry_of("password_change", before.account),
                        [&](Connection& c, AuditEntry&) -> Result<SignedIn> {
                          LUY_TRY(const StoredSession own, load_session(c, sha256(change.token)));
                          LUY_TRY(StoredAccount stored, load_account(c, before.account.id));
                          if (stored.password_hash != before.password_hash || !stored.account.enabled)
                            return Error(session_over);
                          LUY_TRY_VOID(store_password(c, stored.account.id, {hash, clock_.now(), std::nullopt}));
                          LUY_TRY_VOID(keep_old(c, stored.account, before.password_hash, limits_.passwords.history));
                          // Who issued it could have added a key of their own.
                          if (stored.account.must_change_password) {
                            LUY_TRY_VOID(drop_factors_since(c, stored.account.id, stored.account.password_set_at));
                          }
                          // Who guessed codes with the old password starts anew with none.
                          LUY_TRY_VOID(forget_wrong_codes(c, stored.account.id));
                          LUY_TRY_VOID(end_sessions(c, stored.account.id));
                          LUY_TRY_VOID(forget_failures(c, failure_subject_of_account(username)));
                          stored.account.must_change_password = false;
                          stored.account.password_set_at = clock_.now();
                          return begin(c, stored.account, {change.address, change.program, own.public_place});
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
