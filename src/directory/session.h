// Sessions: signing in and out, and the living session behind a token. A token is 256 random bits; only its SHA-256 is
// stored. A session ends when it is idle too long, after its absolute time, and at once when it is signed out, the
// password is changed or issued anew, or the account is disabled.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/audit.h"
#include "directory/factor.h"
#include "directory/password.h"
#include "directory/policy.h"
#include "directory/profile.h"
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
inline constexpr ErrorKind one_time_used{
    "directory.one_time_used", ErrorClass::denied,
    "Mật khẩu được cấp đã được dùng để đăng nhập lúc {}. Nếu không phải bạn, hãy báo ngay và đề nghị cấp lại.",
    "The issued password was used to sign in at {}. If that was not you, say so at once and ask for a new one."};
inline constexpr ErrorKind seal_over{
    "directory.seal_over", ErrorClass::denied,
    "Phong bì khẩn cấp đã mở quá 8 giờ. Hãy niêm phong tài khoản này lại bằng mật khẩu mới.",
    "The emergency envelope was opened more than 8 hours ago. Seal the account anew with another password."};
inline constexpr ErrorKind sealed_password{
    "directory.sealed_password", ErrorClass::conflict,
    "Không thể đổi mật khẩu của tài khoản khẩn cấp. Hãy niêm phong lại tài khoản này.",
    "The password of an emergency account is not changed; seal the account anew."};
inline constexpr ErrorKind wrong_password{"directory.wrong_password", ErrorClass::invalid,
                                          "Mật khẩu hiện tại không đúng.", "The present password is wrong."};
inline constexpr ErrorKind session_over{"directory.session_over", ErrorClass::unauthenticated,
                                        "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.",
                                        "The session is over. Sign in again."};

inline constexpr ErrorKind session_unknown{"directory.session_unknown", ErrorClass::not_found,
                                           "Không tìm thấy phiên làm việc này.", "There is no such session."};

// Who must have a second factor. Whoever has one is always asked for it.
enum class SecondFactorRule : std::uint8_t {
  when_enrolled,  // Nobody must.
  required,       // Administrators, and everybody from outside their agency's networks.
};

struct SessionLimits {
  Duration idle = std::chrono::minutes(15);
  Duration idle_administrator = std::chrono::minutes(5);  // Who holds system_admin anywhere.
  Duration absolute = std::chrono::hours(8);
  Duration idle_public = std::chrono::minutes(5);  // In a public place (article 7.2.c).
  Duration absolute_public = std::chrono::hours(1);
  SecondFactorRule second_factor = SecondFactorRule::when_enrolled;
  PasswordPolicy passwords = password_policy_asvs;
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
  bool public_place = false;
};

// As its owner sees it in their list.
struct SessionLine {
  std::string id;
  Time created_at;
  Time last_seen;
  std::string address;
  std::string program;
  bool public_place = false;
  bool present = false;  // The one that asks.
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
  std::string_view code{};     // Of the authenticator app, or a recovery code; where the account has a factor.
  bool public_place = false;
  std::string_view program{};  // The browser's name for itself.
};

struct PasskeySignIn {
  std::string_view credential_id;
  std::string_view challenge;  // Of Factors::challenge_for_sign_in().
  PasskeyUse use;
  RelyingParty party;
  std::string_view address;
  std::string_view old_token;
  bool public_place = false;
  std::string_view program{};
};
inline constexpr std::size_t program_bytes_max = 200;

// Somebody whom a sign-in source vouched for (federation.h).
struct FederatedSignIn {
  std::string_view source;     // Its id.
  std::string_view subject;    // The key of the one who signs in there.
  bool two_factors = false;    // The source vouches for two, and is believed in that: ours is not asked for.
  std::string_view code{};     // Of ours.
  std::string_view counted{};  // As which wrong passwords were counted; empty for a source that takes none from us.
  std::string_view address{};
  std::string_view old_token{};
  bool public_place = false;
  std::string_view program{};
};

// Whether a request is a sign of life of the person. A live stream or a page that refreshes itself is none.
enum class Touch : std::uint8_t { yes, no };

// Thread-safe.
class Sessions {
 public:
  Sessions(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random, PasswordHasher& hasher,
           Factors& factors, SessionLimits limits)
      : database_(database),
        audit_(audit),
        clock_(clock),
        random_(random),
        hasher_(hasher),
        factors_(factors),
        limits_(limits) {}

  // An issued password signs in once. Errors: sign_in_failed, sign_in_paused, account_disabled, one_time_expired,
  // one_time_used, seal_over, passwords_busy; with the right password only: factor_required, factor_wrong,
  // factor_stopped. Takes as long for a name that nobody has as for a wrong password. A sign-in while another session
  // lives at another address leaves the entry session_two_places.
  Result<SignedIn> sign_in(const SignIn& attempt);
  // By a passkey alone, which is two factors in one. Errors: passkey_refused, challenge_over, account_disabled,
  // seal_over.
  Result<SignedIn> sign_in_with_passkey(const PasskeySignIn& attempt);

  // By what a sign-in source says. The password here is not asked for, so neither is its change. Errors:
  // identity_unlinked, source_unknown (gone or switched off meanwhile), account_disabled, identity_sealed,
  // sign_in_paused (a code was typed), factor_required, factor_wrong, factor_stopped.
  Result<SignedIn> sign_in_federated(const FederatedSignIn& attempt);
  // The pauses and the count of a password that a source checks; `counted` is its name for the name typed. Errors of
  // the first: sign_in_paused.
  Result<void> check_source_pauses(std::string_view counted, std::string_view address) const;
  Result<void> count_wrong_at_source(std::string_view counted, std::string_view source, std::string_view address);

  // Whether `password` is the signed-in person's: asked again before their factors change. A wrong one counts like a
  // wrong sign-in. Errors: wrong_password, sign_in_paused, passwords_busy.
  Result<void> confirm_password(const Actor& actor, std::string_view password, std::string_view address);

  // Of one account, newest first. `token` is that of the session that asks.
  Result<std::vector<SessionLine>> list(const AccountId& account, std::string_view token) const;
  // One of the caller's own. Errors: session_unknown.
  Result<void> end(const Caller& caller, std::string_view id);

  // The living session behind a token. A sign of life from another address than the session's leaves the entry
  // session_two_places, once for each address, and ends a session in a public place; whether it comes from outside the
  // agency's networks is told by that address. Empty: not looked at. Errors: session_over.
  Result<Session> authenticate(std::string_view token, Touch touch, std::string_view address = {});

  struct Change {
    std::string_view token;
    std::string_view current;
    std::string_view wanted;
    std::string_view address;
    std::string_view program{};
  };
  // The signed-in person's own password. Ends every session of the account and answers a new one; of an issued one,
  // takes away every factor that was added since it was issued. Errors: session_over, sealed_password,
  // wrong_password (counted like a wrong sign-in), sign_in_paused, password_unchanged, those of check_new_password(),
  // passwords_busy.
  Result<SignedIn> change_password(const Change& change);

  // Ending a session that is over already is no error.
  Result<void> sign_out(std::string_view token, std::string_view address);

 private:
  Result<void> check_pauses(std::string_view username, std::string_view address) const;
  Result<void> count_wrong(const Caller& caller, AuditEntry entry, std::string_view username);
  struct Place {
    std::string_view address;
    std::string_view program;
    bool public_place = false;
    std::string_view source{};  // Of a session that a source vouched for.
    bool two_factors = false;   // By that source.
  };
  Result<SignedIn> begin(records::Connection& connection, const Account& account, const Place& place);
  Result<void> note_two_places(records::Connection& connection, const Account& account, std::string_view address);
  Result<void> note_moved(const Hash& token, const AccountId& account, std::string_view from, std::string_view address,
                          bool ends);
  Result<void> ring_seal(records::Connection& connection, const Account& account, std::string_view address);
  // Where the account has a factor: takes the code, and counts a wrong one, whatever becomes of the sign-in.
  Result<void> check_code(const Account& account, const SignIn& attempt);
  struct Ends {
    Time created_at;
    Time last_seen;
    Time ends_at;
    bool public_place = false;
    bool outside = false;
    bool federated = false;
    bool two_factors = false;
  };
  Result<Session> session_of(records::Connection& connection, const Account& account, const Ends& ends) const;
  Result<void> check_history(const Account& account, const std::string& hash, std::string_view wanted) const;

  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
  PasswordHasher& hasher_;
  Factors& factors_;
  const SessionLimits limits_;
};

}  // namespace luy::directory
