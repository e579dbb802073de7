// What somebody else should learn about a session: two places at once, a cookie that moved, an opened envelope.
#include <span>

#include "directory/session.h"
#include "directory/stored/account.h"
#include "directory/stored/session.h"

namespace luy::directory {

using records::Connection;
using records::Row;

// Somebody else may be using the account (duties 7.2 and 10.1): not refused, since people do have two machines, but
// noted as a finding.
Result<void> Sessions::note_two_places(Connection& c, const Account& account, std::string_view address) {
  boost::json::array elsewhere;
  const Time now = clock_.now();
  LUY_TRY_VOID(
      c.query("SELECT address, max(last_seen) FROM session WHERE account = $1 AND address <> $2 AND last_seen > $3"
              " AND ends_at > $4 GROUP BY address ORDER BY max(last_seen) DESC, address",
              {std::string_view(account.id.text()), address, to_millis(now - idle_limit(limits_, account, false)),
               to_millis(now)},
              [&](const Row& row) {
                elsewhere.push_back({{"address", row.text(0)}, {"seen", to_rfc3339(from_millis(row.integer(1)))}});
              }));
  if (elsewhere.empty()) return {};
  AuditEntry entry = entry_of("session_two_places", account);
  entry.after["address"] = std::string(address);
  entry.after["also_at"] = std::move(elsewhere);
  return audit_.note(c, caller_known(account, address), entry);
}

// The envelope was opened. That is what it is for, but everybody learns of it, each time; its password ends some hours
// after the first, and then the account has to be sealed anew.
Result<void> Sessions::ring_seal(Connection& c, const Account& account, std::string_view address) {
  AuditEntry entry = entry_of("break_glass_use", account);
  entry.alarm = true;
  if (account.sealed) {
    LUY_TRY_VOID(c.run("UPDATE account SET sealed = 2, one_time_until = $1 WHERE id = $2",
                       {to_millis(clock_.now() + broken_seal_lifetime), std::string_view(account.id.text())}));
  }
  return audit_.note(c, caller_known(account, address), entry);
}

// A cookie that turns up elsewhere was stolen, or its owner took the machine along: the owner and the duty that watches
// for it (10.1) learn of it.
Result<void> Sessions::note_moved(const Hash& token, const AccountId& id, std::string_view from,
                                  std::string_view address, bool ends) {
  const std::span<const std::uint8_t> key(token);
  return database_.write([&](Connection& c) -> Result<void> {
    LUY_TRY(const auto added, c.run("INSERT INTO session_address (token_sha256, address) VALUES ($1, $2)"
                                    " ON CONFLICT DO NOTHING",
                                    {key, address}));
    if (added == 0) return {};
    LUY_TRY(const StoredAccount stored, load_account(c, id));
    AuditEntry entry = entry_of("session_two_places", stored.account);
    entry.after["address"] = std::string(address);
    entry.after["also_at"] =
        boost::json::array{boost::json::object{{"address", std::string(from)}, {"seen", to_rfc3339(clock_.now())}}};
    if (ends) {
      entry.after["ended"] = true;
      LUY_TRY_VOID(c.run("DELETE FROM session WHERE token_sha256 = $1", {key}));
    }
    return audit_.note(c, caller_known(stored.account, address), entry);
  });
}

}  // namespace luy::directory
