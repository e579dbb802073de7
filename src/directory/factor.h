// Second factors of an account: an authenticator app (TOTP), recovery codes, passkeys. The account's owner enrols them;
// somebody else can only take them all away, and that takes two.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "directory/webauthn.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind factor_required{"directory.factor_required", ErrorClass::unauthenticated,
                                           "Hãy nhập mã xác thực (ứng dụng hoặc mã dự phòng).",
                                           "Enter the code of your authenticator app, or a recovery code."};
inline constexpr ErrorKind factor_wrong{"directory.factor_wrong", ErrorClass::unauthenticated,
                                        "Mã xác thực không đúng hoặc đã dùng.",
                                        "The code is wrong or was used already."};
inline constexpr ErrorKind factor_stopped{
    "directory.factor_stopped", ErrorClass::denied,
    "Đã nhập sai mã xác thực 10 lần bằng đúng mật khẩu. Tài khoản dừng nhận mã; hãy đề nghị quản trị hệ thống đặt lại.",
    "Ten wrong codes were entered with the right password. No code is taken any more; ask an administrator to reset."};
inline constexpr ErrorKind factor_unknown{"directory.factor_unknown", ErrorClass::not_found,
                                          "Không tìm thấy phương thức xác thực này.", "There is no such factor."};
inline constexpr ErrorKind factor_exists{"directory.factor_exists", ErrorClass::conflict,
                                         "Tài khoản đã có ứng dụng xác thực. Hãy gỡ trước khi thêm mới.",
                                         "The account has an authenticator app already. Remove it first."};
inline constexpr ErrorKind factor_last{"directory.factor_last", ErrorClass::conflict,
                                       "Không thể gỡ phương thức xác thực cuối cùng của quản trị hệ thống.",
                                       "The last factor of an administrator cannot be removed."};
inline constexpr ErrorKind challenge_over{"directory.challenge_over", ErrorClass::unauthenticated,
                                          "Yêu cầu đăng nhập bằng khóa đã hết hạn. Hãy thử lại.",
                                          "The passkey request is over. Try again."};
inline constexpr ErrorKind host_unnamed{"directory.host_unnamed", ErrorClass::invalid,
                                        "Khóa đăng nhập cần địa chỉ bằng tên miền, không phải địa chỉ IP.",
                                        "Passkeys need the console to be opened by a host name, not by an address."};

// A guess hits one of three codes in a million; ten guesses make 3·10⁻⁵ for the life of a password.
inline constexpr std::int64_t factor_failures_max = 10;
inline constexpr std::size_t recovery_codes = 10;
inline constexpr std::size_t passkeys_max = 10;
inline constexpr std::chrono::minutes challenge_lifetime{5};

using PasskeyId = Id<struct PasskeyTag>;

struct Passkey {
  PasskeyId id;
  std::string name;
  Time created_at;
  std::optional<Time> last_used;
};

struct FactorState {
  bool totp = false;
  std::int64_t recovery_left = 0;
  std::vector<Passkey> passkeys;
  std::int64_t failures = 0;  // Wrong codes with the right password since it was last changed.
  bool any() const { return totp || !passkeys.empty(); }
};

// Challenges for passkeys: nothing is kept until one was answered rightly, so that nobody can fill anything; then the
// challenge is remembered until it would be over. Thread-safe.
class Challenges {
 public:
  Challenges(const Clock& clock, Random& random);
  // `about` binds it: an account's id for a registration, empty for signing in. 48 bytes.
  std::string make(std::string_view about);
  // Errors: challenge_over, also for one that was used.
  Result<void> check(std::string_view challenge, std::string_view about) const;
  Result<void> use(std::string_view challenge, std::string_view about);

 private:
  const Clock& clock_;
  Random& random_;
  Hash key_{};
  mutable std::mutex mutex_;
  std::set<std::pair<std::int64_t, std::string>> used_;  // By end.
};

// Thread-safe. `account` is always the signed-in person's own, but for reset().
class Factors {
 public:
  Factors(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random)
      : database_(database), audit_(audit), clock_(clock), random_(random), challenges_(clock, random) {}

  Result<FactorState> state(const AccountId& account) const;

  // A new secret, not in use until confirmed by a code made with it. Errors: factor_exists.
  struct TotpOffer {
    std::string secret;  // Base 32.
    std::string uri;
  };
  Result<TotpOffer> offer_totp(const Caller& caller, std::string_view issuer);
  // Takes the app into use; answers fresh recovery codes, told once. Ends the account's other sessions, not the one of
  // `session`. Errors: factor_unknown (nothing offered), factor_wrong.
  Result<std::vector<std::string>> confirm_totp(const Caller& caller, std::string_view code, std::string_view session);
  Result<std::vector<std::string>> renew_recovery(const Caller& caller);
  // Errors: factor_unknown; factor_last for whom must have one.
  Result<void> remove_totp(const Caller& caller, bool must_keep_one);

  std::string challenge_for(const AccountId& account) { return challenges_.make(account.text()); }
  std::string challenge_for_sign_in() { return challenges_.make(""); }
  // Errors: challenge_over, passkey_refused, bad_value (name, too many, known already).
  Result<Passkey> add_passkey(const Caller& caller, const RelyingParty& party, std::string_view challenge,
                              std::string_view client_data, std::string_view attestation, std::string_view name,
                              std::string_view session);
  Result<void> remove_passkey(const Caller& caller, const PasskeyId& passkey, bool must_keep_one);

  // All factors of somebody else, when they lost them; ends their sessions. Needs second_factor_reset on the account,
  // and to hold every right that it holds. Errors: the policy's, cannot_grant, account_unknown, own_account.
  Result<void> reset(const Caller& caller, const AccountId& account);
  Result<void> reset_in(records::Connection& connection, const Caller& caller, const AccountId& account);

  Challenges& challenges() { return challenges_; }

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
  Challenges challenges_;
};

}  // namespace luy::directory
