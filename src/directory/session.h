// Sessions: signing in and out, and the living session behind a token. A token is 256 random bits; only its SHA-256 is
// stored. A session ends when it is idle too long, after its absolute time, and at once when it is signed out, the
// password is changed or issued anew, or the account is disabled.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/audit.h"
#include "directory/password.h"
#include "directory/policy.h"
#include "records/database.h"

namespace luy::directory {

// One answer for a wrong password and for a name that nobody has.
inline constexpr ErrorKind sign_in_failed{"directory.sign_in_failed", ErrorClass::unauthenticated,
                                          "Tên đăng nhập hoặc mật khẩu không đúng.",
                                          "The user name or the password is wrong."};
inline constexpr ErrorKind sign_in_paused{
    "directory.sign_in_paused", ErrorClass::busy,
    "Đã nhập sai nhiều lần. Hãy thử lại sau {} giây, hoặc đề nghị quản trị hệ thống cấp lại mật khẩu.",
    "Too many wrong attempts. Try again in {} seconds, or ask the system administrator for a new password."};
// Told only to whom knows the password.
inline constexpr ErrorKind account_disabled{"directory.account_disabled", ErrorClass::denied,
                                            "Tài khoản đã bị khóa. Hãy liên hệ quản trị hệ thống.",
                                            "The account is disabled. Ask the system administrator."};
inline constexpr ErrorKind one_time_expired{
    "directory.one_time_expired", ErrorClass::denied,
    "Mật khẩu được cấp đã hết hạn 24 giờ. Hãy đề nghị quản trị hệ thống cấp lại.",
    "The issued password has passed its 24 hours. Ask the system administrator for a new one."};
inline constexpr ErrorKind wrong_password{"directory.wrong_password", ErrorClass::invalid,
                                          "Mật khẩu hiện tại không đúng.", "The present password is wrong."};
inline constexpr ErrorKind session_over{"directory.session_over", ErrorClass::unauthenticated,
                                        "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.",
                                        "The session is over. Sign in again."};

struct SessionLimits {
  Duration idle = std::chrono::minutes(15);
  Duration idle_administrator = std::chrono::minutes(5);  // Who holds system_admin anywhere.
  Duration absolute = std::chrono::hours(8);
};

// After `free` wrong passwords in a row each further one is answered only after a pause that doubles from `first` to
// `longest`; forgotten after `memory` without another.
struct PauseRule {
  std::int64_t free = 0;
  Duration first{};
  Duration longest{};
  Duration memory{};
};
inline constexpr PauseRule pause_per_account{5, std::chrono::seconds(30), std::chrono::minutes(15),
                                             std::chrono::hours(24)};
// A whole office may share an address.
inline constexpr PauseRule pause_per_address{20, std::chrono::seconds(30), std::chrono::minutes(15),
                                             std::chrono::hours(1)};
// Names and addresses remembered at most; the oldest go first.
inline constexpr std::int64_t sign_in_failures_max = 10'000;
inline constexpr std::int64_t sessions_per_account_max = 10;
// A session is marked as seen at most this often, so it may end by so much too early, never too late.
inline constexpr Duration seen_granularity = std::chrono::seconds(30);
// A session or issued password from farther in the future than this means that a clock was wrong: it is not valid.
inline constexpr Duration clock_slack = std::chrono::minutes(5);

struct Session {
  Actor actor;
  Time expires_at;  // The earlier of idle and absolute end, as of now.
};

struct SignedIn {
  std::string token;  // For the cookie; 43 characters of base64url.
  Session session;
};

struct SignIn {
  std::string_view username;
  std::string_view password;
  std::string_view address;
  std::string_view old_token;  // Of a session that the browser still holds; it ends. May be empty.
};

// Whether a request is a sign of life of the person. A live stream or a page that refreshes itself is none.
enum class Touch : std::uint8_t { yes, no };

// Thread-safe.
class Sessions {
 public:
  Sessions(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random, PasswordHasher& hasher,
           SessionLimits limits)
      : database_(database), audit_(audit), clock_(clock), random_(random), hasher_(hasher), limits_(limits) {}

  // Errors: sign_in_failed, sign_in_paused, account_disabled, one_time_expired, passwords_busy. Takes as long for a
  // name that nobody has as for a wrong password.
  Result<SignedIn> sign_in(const SignIn& attempt);

  // The living session behind a token. Errors: session_over.
  Result<Session> authenticate(std::string_view token, Touch touch);

  struct Change {
    std::string_view token;
    std::string_view current;
    std::string_view wanted;
    std::string_view address;
  };
  // The signed-in person's own password. Ends every session of the account and answers a new one. Errors: session_over,
  // wrong_password (counted like a wrong sign-in), sign_in_paused, password_unchanged, those of check_new_password(),
  // passwords_busy.
  Result<SignedIn> change_password(const Change& change);

  // Ending a session that is over already is no error.
  Result<void> sign_out(std::string_view token, std::string_view address);

 private:
  Result<void> check_pauses(std::string_view username, std::string_view address) const;
  Result<void> count_wrong(const Caller& caller, AuditEntry entry, std::string_view username);
  Result<SignedIn> begin(records::Connection& connection, const Account& account);
  Session session_of(const Account& account, Time ends_at, Time last_seen) const;

  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
  PasswordHasher& hasher_;
  const SessionLimits limits_;
};

}  // namespace luy::directory
