#include "directory/factor.h"

#include <array>

#include "base/encoding.h"
#include "directory/stored/account.h"
#include "directory/stored/factor.h"
#include "directory/stored/four_eyes.h"
#include "directory/stored/rights.h"
#include "directory/stored/value.h"
#include "directory/totp.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

constexpr std::size_t nonce_bytes = 8;
constexpr std::size_t time_bytes = 8;
constexpr std::size_t challenge_bytes = nonce_bytes + time_bytes + sizeof(Hash);

AuditEntry entry_of(std::string act, const Caller& caller) {
  return {std::move(act), "account:" + caller.account->text(), Outcome::done, "", {}, {}};
}

Result<void> end_others(Connection& c, const AccountId& account, std::string_view session) {
  const Hash hash = sha256(session);
  LUY_TRY_VOID(c.run("DELETE FROM session WHERE account = $1 AND token_sha256 <> $2",
                     {std::string_view(account.text()), std::span<const std::uint8_t>(hash)}));
  return {};
}

}  // namespace

Challenges::Challenges(const Clock& clock, Random& random) : clock_(clock), random_(random) {
  random_.fill(key_);
}

std::string Challenges::make(std::string_view about) {
  std::string out(nonce_bytes, '\0');
  std::array<std::uint8_t, nonce_bytes> nonce{};
  random_.fill(nonce);
  out.assign(as_text(nonce));
  put_u64(out, static_cast<std::uint64_t>(to_micros(clock_.now() + challenge_lifetime)));
  const Hash mac = hmac_sha256(as_text(key_), out + std::string(about));
  return out + std::string(as_text(mac));
}

Result<void> Challenges::check(std::string_view challenge, std::string_view about) const {
  if (challenge.size() != challenge_bytes) return Error(challenge_over);
  const std::string_view head = challenge.substr(0, nonce_bytes + time_bytes);
  const Hash mac = hmac_sha256(as_text(key_), std::string(head) + std::string(about));
  if (!equal_constant_time(as_text(mac), challenge.substr(head.size()))) return Error(challenge_over);
  ByteReader reader(head.substr(nonce_bytes));
  const auto ends = static_cast<std::int64_t>(reader.u64());
  const std::int64_t now = to_micros(clock_.now());
  if (now >= ends || ends - now > Duration(challenge_lifetime).count()) return Error(challenge_over);
  const std::lock_guard lock(mutex_);
  if (used_.contains({ends, std::string(challenge)})) return Error(challenge_over);
  return {};
}

Result<void> Challenges::use(std::string_view challenge, std::string_view about) {
  LUY_TRY_VOID(check(challenge, about));
  ByteReader reader(challenge.substr(nonce_bytes));
  const auto ends = static_cast<std::int64_t>(reader.u64());
  const std::lock_guard lock(mutex_);
  used_.erase(used_.begin(), used_.lower_bound({to_micros(clock_.now()), std::string()}));
  if (!used_.insert({ends, std::string(challenge)}).second) return Error(challenge_over);
  return {};
}

Result<FactorState> Factors::state(const AccountId& account) const {
  return database_.read([&](Connection& c) { return load_factors(c, account); });
}

Result<Factors::TotpOffer> Factors::offer_totp(const Caller& caller, std::string_view issuer) {
  std::array<std::uint8_t, totp_secret_bytes> secret{};
  random_.fill(secret);
  return audit_.perform(caller, entry_of("factor_offer", caller), [&](Connection& c, AuditEntry&) -> Result<TotpOffer> {
    LUY_TRY(const FactorState now, load_factors(c, *caller.account));
    if (now.totp) return Error(factor_exists);
    LUY_TRY_VOID(c.run(
        "INSERT INTO totp (account, secret, confirmed, last_step, created_at) VALUES ($1, $2, 0, 0, $3)"
        " ON CONFLICT (account) DO UPDATE SET secret = $2, confirmed = 0, last_step = 0, created_at = $3",
        {std::string_view(caller.account->text()), std::span<const std::uint8_t>(secret), to_millis(clock_.now())}));
    return TotpOffer{to_base32(as_text(secret)), totp_uri(as_text(secret), caller.username, issuer)};
  });
}

Result<std::vector<std::string>> Factors::confirm_totp(const Caller& caller, std::string_view code,
                                                       std::string_view session) {
  return audit_.perform(caller, entry_of("factor_add", caller),
                        [&](Connection& c, AuditEntry& entry) -> Result<std::vector<std::string>> {
                          std::string secret;
                          LUY_TRY_VOID(c.query("SELECT secret FROM totp WHERE account = $1 AND confirmed = 0",
                                               {std::string_view(caller.account->text())},
                                               [&](const Row& row) { secret = row.blob(0); }));
                          if (secret.empty()) return Error(factor_unknown);
                          const auto step = totp_match(secret, code, clock_.now(), 0);
                          if (!step) return Error(factor_wrong);
                          LUY_TRY_VOID(c.run("UPDATE totp SET confirmed = 1, last_step = $1 WHERE account = $2",
                                             {*step, std::string_view(caller.account->text())}));
                          LUY_TRY_VOID(end_others(c, *caller.account, session));
                          entry.after["factor"] = "totp";
                          return new_recovery_codes(c, *caller.account, random_);
                        });
}

Result<std::vector<std::string>> Factors::renew_recovery(const Caller& caller) {
  return audit_.perform(caller, entry_of("factor_recovery", caller),
                        [&](Connection& c, AuditEntry&) -> Result<std::vector<std::string>> {
                          LUY_TRY(const FactorState now, load_factors(c, *caller.account));
                          if (!now.any()) return Error(factor_unknown);
                          return new_recovery_codes(c, *caller.account, random_);
                        });
}

Result<void> Factors::remove_totp(const Caller& caller, bool must_keep_one) {
  return audit_.perform(caller, entry_of("factor_remove", caller),
                        [&](Connection& c, AuditEntry& entry) -> Result<void> {
                          LUY_TRY(const FactorState now, load_factors(c, *caller.account));
                          if (!now.totp) return Error(factor_unknown);
                          if (must_keep_one && now.passkeys.empty()) return Error(factor_last);
                          entry.before["factor"] = "totp";
                          const std::string_view id(caller.account->text());
                          LUY_TRY_VOID(c.run("DELETE FROM totp WHERE account = $1", {id}));
                          if (now.passkeys.empty())
                            LUY_TRY_VOID(c.run("DELETE FROM recovery_code WHERE account = $1", {id}));
                          return {};
                        });
}

Result<Passkey> Factors::add_passkey(const Caller& caller, const RelyingParty& party, std::string_view challenge,
                                     std::string_view client_data, std::string_view attestation, std::string_view name,
                                     std::string_view session) {
  LUY_TRY_VOID(challenges_.check(challenge, caller.account->text()));
  const auto made = check_registration(party, challenge, client_data, attestation);
  return audit_.perform(
      caller, entry_of("factor_add", caller), [&](Connection& c, AuditEntry& entry) -> Result<Passkey> {
        if (!made) return made.error();
        LUY_TRY_VOID(challenges_.use(challenge, caller.account->text()));
        LUY_TRY(const FactorState now, load_factors(c, *caller.account));
        if (now.passkeys.size() >= passkeys_max) return Error(bad_value, "passkeys");
        const Time at = clock_.now();
        Passkey out{PasskeyId::make(at, random_), "", at, std::nullopt};
        LUY_TRY(out.name, checked_text("name", name, name_bytes_max));
        LUY_TRY(const auto added,
                c.run("INSERT INTO passkey (id, account, credential_id, party, algorithm, public_key, sign_count, name,"
                      " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
                      {std::string_view(out.id.text()), std::string_view(caller.account->text()),
                       as_bytes(made->credential_id), std::string_view(party.id),
                       static_cast<std::int64_t>(made->key.algorithm), as_bytes(made->key.der),
                       std::int64_t{made->sign_count}, std::string_view(out.name), to_millis(at)}));
        if (added == 0) return Error(bad_value, "credential");
        LUY_TRY_VOID(end_others(c, *caller.account, session));
        entry.after["factor"] = "passkey:" + out.id.text();
        return out;
      });
}

Result<void> Factors::remove_passkey(const Caller& caller, const PasskeyId& passkey, bool must_keep_one) {
  return audit_.perform(
      caller, entry_of("factor_remove", caller), [&](Connection& c, AuditEntry& entry) -> Result<void> {
        LUY_TRY(const FactorState now, load_factors(c, *caller.account));
        if (must_keep_one && !now.totp && now.passkeys.size() <= 1) return Error(factor_last);
        LUY_TRY(const auto gone, c.run("DELETE FROM passkey WHERE id = $1 AND account = $2",
                                       {std::string_view(passkey.text()), std::string_view(caller.account->text())}));
        if (gone == 0) return Error(factor_unknown);
        entry.before["factor"] = "passkey:" + passkey.text();
        return {};
      });
}

Result<void> Factors::reset_in(Connection& c, const Caller& caller, const AccountId& id) {
  LUY_TRY(const StoredAccount stored, load_account(c, id));
  LUY_TRY(const Object object, object_of(c, stored.account));
  LUY_TRY_VOID(caller.require(Action::second_factor_reset, object));
  if (caller.account == id) return Error(own_account);
  for (const Grant& grant : stored.account.grants) LUY_TRY_VOID(check_holds(c, caller, grant));
  for (const std::string_view table : {"totp", "recovery_code", "passkey"}) {
    LUY_TRY_VOID(c.run("DELETE FROM " + std::string(table) + " WHERE account = $1", {std::string_view(id.text())}));
  }
  LUY_TRY_VOID(forget_wrong_codes(c, id));
  return end_sessions(c, id);
}

Result<void> Factors::reset(const Caller& caller, const AccountId& account) {
  return audit_.perform(caller, {"second_factor_reset", "account:" + account.text(), Outcome::done, "", {}, {}},
                        [&](Connection& c, AuditEntry&) -> Result<void> {
                          LUY_TRY_VOID(check_alone(c, caller, clock_.now()));
                          return reset_in(c, caller, account);
                        });
}

}  // namespace luy::directory
