// Passwords: hashing with argon2id on a bounded number of threads, the rules for new ones, and one-time passwords.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace luy::directory {

inline constexpr ErrorKind passwords_busy{"directory.passwords_busy", ErrorClass::busy,
                                          "Có quá nhiều người đang đăng nhập cùng lúc. Hãy thử lại sau ít giây.",
                                          "Too many people are signing in at once. Try again in a few seconds."};
inline constexpr ErrorKind password_too_short{"directory.password_too_short", ErrorClass::invalid,
                                              "Mật khẩu mới phải có ít nhất 12 ký tự.",
                                              "The new password must have at least 12 characters."};
inline constexpr ErrorKind password_too_long{"directory.password_too_long", ErrorClass::invalid,
                                             "Mật khẩu mới dài quá 256 ký tự.",
                                             "The new password has more than 256 characters."};
inline constexpr ErrorKind password_bad_text{"directory.password_bad_text", ErrorClass::invalid,
                                             "Mật khẩu mới chứa ký tự điều khiển.",
                                             "The new password holds control characters."};
inline constexpr ErrorKind password_has_username{"directory.password_has_username", ErrorClass::invalid,
                                                 "Mật khẩu mới không được chứa tên đăng nhập.",
                                                 "The new password must not contain the user name."};
inline constexpr ErrorKind password_common{
    "directory.password_common", ErrorClass::invalid,
    "Mật khẩu mới quá dễ đoán. Hãy dùng một câu dài hoặc nhiều từ không liên quan.",
    "The new password is too easy to guess. Use a long sentence or several unrelated words."};
inline constexpr ErrorKind password_unchanged{"directory.password_unchanged", ErrorClass::invalid,
                                              "Mật khẩu mới phải khác mật khẩu cũ.",
                                              "The new password must differ from the old one."};

inline constexpr std::size_t password_characters_min = 12;
inline constexpr std::size_t password_characters_max = 256;

// What one hash costs. The default is 130 to 255 ms on a small server; tests take the least there is.
struct PasswordCost {
  unsigned long long passes = 3;
  std::size_t memory_bytes = std::size_t{64} << 20;
};
inline constexpr PasswordCost password_cost_of_tests{1, 8192};

// Argon2id (libsodium's encoded form, "$argon2id$v=19$m=65536,t=3,p=1$…", with its parameters and salt in it).
// Thread-safe; a call takes its full time on the calling thread.
class PasswordHasher {
 public:
  static constexpr std::size_t running_max = 2;   // Bounds the memory: two times 64 MiB.
  static constexpr std::size_t waiting_max = 16;  // About two seconds of work.

  explicit PasswordHasher(PasswordCost cost = {});

  // Errors: passwords_busy.
  Result<std::string> hash(std::string_view password);
  Result<bool> verify(const std::string& hash, std::string_view password);
  // Takes the time of verify() and answers nothing: for an account that does not exist.
  Result<void> verify_nobody(std::string_view password);
  // Whether `hash` was made at another cost than today's.
  bool needs_rehash(const std::string& hash) const;

 private:
  class Turn;
  std::string hash_now(std::string_view password) const;

  const PasswordCost cost_;
  const std::string nobody_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::size_t running_ = 0;
  std::size_t waiting_ = 0;
};

// What a pack asks of passwords, beside what is always refused (control characters, the user name, common words).
struct PasswordPolicy {
  std::string_view name;
  std::size_t characters_min = password_characters_min;
  std::size_t characters_min_with_factor = password_characters_min;  // Where the account has a second factor.
  std::size_t classes_min = 0;  // Of: small letters, capitals, digits, signs; asked of who has no factor.
  std::size_t history = 0;      // Passwords of before that may not come back.
  std::chrono::days administrator_age_max{0};  // After that an administrator must change it; 0 = never.
};
// OWASP ASVS 5.0, 6.2: length and a list of common ones, no composition rules, no ageing.
inline constexpr PasswordPolicy password_policy_asvs{"asvs", 12, 12, 0, 0, std::chrono::days(0)};
// TCVN 14423:2026 as far as it is known to us (docs/adr/0112): 14 characters of all four classes, or 8 beside a second
// factor; none of the last ten; administrators change theirs every two months.
inline constexpr PasswordPolicy password_policy_tcvn{"tcvn", 14, 8, 4, 10, std::chrono::days(60)};

inline constexpr ErrorKind password_too_plain{
    "directory.password_too_plain", ErrorClass::invalid,
    "Mật khẩu mới phải có cả chữ thường, chữ hoa, chữ số và ký tự đặc biệt, hoặc hãy thêm xác thực hai bước.",
    "The new password needs small letters, capitals, digits and signs; or add a second factor."};
inline constexpr ErrorKind password_shorter_than{"directory.password_shorter_than", ErrorClass::invalid,
                                                 "Mật khẩu mới phải có ít nhất {} ký tự.",
                                                 "The new password must have at least {} characters."};
inline constexpr ErrorKind password_used_before{"directory.password_used_before", ErrorClass::invalid,
                                                "Mật khẩu mới đã được dùng trước đây.",
                                                "The new password was used before."};

// Whether `password` may become the account's. Errors: password_too_short, _too_long, _bad_text, _has_username,
// _common.
Result<void> check_new_password(std::string_view password, std::string_view username);
// The same by a policy. Errors: also password_shorter_than, password_too_plain.
Result<void> check_new_password(std::string_view password, std::string_view username, const PasswordPolicy& policy,
                                bool second_factor);

// 20 characters in groups of five ("k7m2p-…"), without look-alikes, 99 bits.
std::string make_one_time_password(Random& random);

}  // namespace luy::directory
