// `luy-hub setup`: keys, databases, the first agency and its administrator, and a token for the first machine. Running
// it again changes nothing that is there, but for a fresh token and, while the issued password was never changed, a
// fresh one-time password.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/password.h"

namespace luy::hub {

struct SetupOptions {
  std::filesystem::path data;
  std::string agency_code;
  std::string agency_name;
  std::string person_name;  // The user name when empty.
  std::string username;
  directory::PasswordCost passwords;
};

struct SetupResult {
  std::string agency;
  std::string username;
  std::optional<std::string> password;  // Only when one was issued just now.
  std::string fingerprint;
  std::string token;
  Time token_expires_at;
};

Result<SetupResult> set_up(const SetupOptions& options, const Clock& clock, Random& random);

// `luy-hub reset-password`: a new one-time password for an account, by whoever may run programs as the hub on its
// server. With the hub stopped. `enable` also unlocks a disabled account; `factors` takes its second factors away, for
// whom lost them where nobody else could decide it.
struct ResetPassword {
  std::filesystem::path data;
  std::string username;
  bool enable = false;
  bool factors = false;
};
struct PasswordReset {
  std::string username;
  std::string password;
  bool enabled = true;  // Without, nobody can sign in with it.
};
// Errors: not_set_up, data_in_use, directory::account_unknown, those of every part.
Result<PasswordReset> reset_password(const ResetPassword& wanted, const Clock& clock, Random& random);
std::string to_text(const PasswordReset& reset);

// What the command prints: for people (Vietnamese, then English), or one JSON object.
std::string to_text(const SetupResult& result);
std::string to_json(const SetupResult& result);

}  // namespace luy::hub
