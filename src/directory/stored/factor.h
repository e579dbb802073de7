// Factors as rows; everything runs inside the caller's transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/factor.h"

namespace luy::directory {

Result<FactorState> load_factors(records::Connection& connection, const AccountId& account);

// Takes a code of the app or a recovery code, once. Errors: factor_required (no code given), factor_stopped,
// factor_wrong. Counts nothing: a failed transaction would take the count back.
Result<void> take_code(records::Connection& connection, const AccountId& account, std::string_view code, Time now);
Result<void> count_wrong_code(records::Connection& connection, const AccountId& account);
Result<void> forget_wrong_codes(records::Connection& connection, const AccountId& account);

// Takes away what was enrolled at `since` or later; the recovery codes, too, when nothing else is left or any of it
// was.
Result<void> drop_factors_since(records::Connection& connection, const AccountId& account, Time since);

// Makes and stores fresh recovery codes in place of all others.
Result<std::vector<std::string>> new_recovery_codes(records::Connection& connection, const AccountId& account,
                                                    Random& random);

struct StoredPasskey {
  PasskeyId id;
  AccountId account;
  std::string party;  // The host name it was made for.
  PasskeyKey key;
  std::uint32_t sign_count = 0;
};
// nullopt when nobody has it.
Result<std::optional<StoredPasskey>> load_passkey(records::Connection& connection, std::string_view credential_id);
Result<void> note_passkey_use(records::Connection& connection, const PasskeyId& passkey, std::uint32_t sign_count,
                              Time now);

}  // namespace luy::directory
