#include "directory/stored/factor.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "directory/totp.h"

namespace luy::directory {
namespace {

using records::Connection;
using records::Row;

// 120 bits: from 112 on a plain hash may be kept (ASVS 5.0, 6.5.2).
constexpr std::size_t recovery_bytes = 15;
constexpr std::size_t recovery_group = 4;

// "abcd efgh…" and "ABCDEFGH…" are the same code.
std::string plain_code(std::string_view typed) {
  std::string out;
  for (const char c : typed) {
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
    if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

}  // namespace

Result<FactorState> load_factors(Connection& c, const AccountId& account) {
  FactorState out;
  const std::string_view id(account.text());
  LUY_TRY_VOID(c.query("SELECT factor_failures FROM account WHERE id = $1", {id},
                       [&](const Row& row) { out.failures = row.integer(0); }));
  LUY_TRY_VOID(
      c.query("SELECT 1 FROM totp WHERE account = $1 AND confirmed = 1", {id}, [&](const Row&) { out.totp = true; }));
  LUY_TRY_VOID(c.query("SELECT count(*) FROM recovery_code WHERE account = $1", {id},
                       [&](const Row& row) { out.recovery_left = row.integer(0); }));
  LUY_TRY_VOID(c.query("SELECT id, name, created_at, last_used FROM passkey WHERE account = $1 ORDER BY id", {id},
                       [&](const Row& row) {
                         Passkey one{PasskeyId::trusted(row.text(0)), std::string(row.text(1)),
                                     from_millis(row.integer(2)), std::nullopt};
                         if (const auto used = row.maybe_integer(3)) one.last_used = from_millis(*used);
                         out.passkeys.push_back(std::move(one));
                       }));
  return out;
}

Result<void> take_code(Connection& c, const AccountId& account, std::string_view code, Time now) {
  const std::string_view id(account.text());
  std::int64_t failures = 0;
  LUY_TRY_VOID(c.query("SELECT factor_failures FROM account WHERE id = $1", {id},
                       [&](const Row& row) { failures = row.integer(0); }));
  if (failures >= factor_failures_max) return Error(factor_stopped);
  if (code.empty()) return Error(factor_required);
  const std::string typed = plain_code(code);
  std::string secret;
  std::int64_t last = 0;
  LUY_TRY_VOID(
      c.query("SELECT secret, last_step FROM totp WHERE account = $1 AND confirmed = 1", {id}, [&](const Row& row) {
        secret = row.blob(0);
        last = row.integer(1);
      }));
  if (!secret.empty()) {
    if (const auto step = totp_match(secret, typed, now, last)) {
      LUY_TRY_VOID(c.run("UPDATE totp SET last_step = $1 WHERE account = $2", {*step, id}));
      return {};
    }
  }
  const Hash hash = sha256(typed);
  LUY_TRY(const auto taken, c.run("DELETE FROM recovery_code WHERE account = $1 AND code_sha256 = $2",
                                  {id, std::span<const std::uint8_t>(hash)}));
  if (taken == 0) return Error(factor_wrong);
  return {};
}

Result<void> count_wrong_code(Connection& c, const AccountId& account) {
  LUY_TRY_VOID(c.run("UPDATE account SET factor_failures = factor_failures + 1 WHERE id = $1",
                     {std::string_view(account.text())}));
  return {};
}

Result<void> forget_wrong_codes(Connection& c, const AccountId& account) {
  LUY_TRY_VOID(c.run("UPDATE account SET factor_failures = 0 WHERE id = $1", {std::string_view(account.text())}));
  return {};
}

Result<void> drop_factors_since(Connection& c, const AccountId& account, Time since) {
  const std::string_view id(account.text());
  LUY_TRY(const auto apps, c.run("DELETE FROM totp WHERE account = $1 AND created_at >= $2", {id, to_millis(since)}));
  LUY_TRY(const auto keys,
          c.run("DELETE FROM passkey WHERE account = $1 AND created_at >= $2", {id, to_millis(since)}));
  if (apps + keys != 0) LUY_TRY_VOID(c.run("DELETE FROM recovery_code WHERE account = $1", {id}));
  return {};
}

Result<std::vector<std::string>> new_recovery_codes(Connection& c, const AccountId& account, Random& random) {
  const std::string_view id(account.text());
  LUY_TRY_VOID(c.run("DELETE FROM recovery_code WHERE account = $1", {id}));
  std::vector<std::string> out;
  for (std::size_t i = 0; i < recovery_codes; ++i) {
    std::array<std::uint8_t, recovery_bytes> bytes{};
    random.fill(bytes);
    const std::string code = to_base32(as_text(bytes));
    const Hash hash = sha256(code);
    LUY_TRY_VOID(c.run("INSERT INTO recovery_code (account, code_sha256) VALUES ($1, $2)",
                       {id, std::span<const std::uint8_t>(hash)}));
    std::string grouped;
    for (std::size_t at = 0; at < code.size(); at += recovery_group) {
      grouped += (at == 0 ? "" : "-") + code.substr(at, recovery_group);
    }
    out.push_back(std::move(grouped));
  }
  return out;
}

Result<std::optional<StoredPasskey>> load_passkey(Connection& c, std::string_view credential_id) {
  std::optional<StoredPasskey> found;
  LUY_TRY_VOID(
      c.query("SELECT id, account, party, algorithm, public_key, sign_count FROM passkey"
              " WHERE credential_id = $1",
              {as_bytes(credential_id)}, [&](const Row& row) {
                StoredPasskey one;
                one.id = PasskeyId::trusted(row.text(0));
                one.account = AccountId::trusted(row.text(1));
                one.party = row.text(2);
                one.key.algorithm = static_cast<PasskeyAlgorithm>(row.integer(3));
                one.key.der = row.blob(4);
                one.sign_count = static_cast<std::uint32_t>(row.integer(5));
                found = std::move(one);
              }));
  return found;
}

Result<void> note_passkey_use(Connection& c, const PasskeyId& passkey, std::uint32_t sign_count, Time now) {
  LUY_TRY_VOID(c.run("UPDATE passkey SET sign_count = $1, last_used = $2 WHERE id = $3",
                     {std::int64_t{sign_count}, to_millis(now), std::string_view(passkey.text())}));
  return {};
}

}  // namespace luy::directory
