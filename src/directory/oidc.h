// OpenID Connect, the part that is pure: what an ID token of a provider says and whether to believe it (OpenID Connect
// Core 1.0 section 3.1.3.7, RFC 7519, RFC 7517, RFC 7518), and what goes along with a browser that is sent to sign in
// there (RFC 7636, RFC 6749 section 10.12). Fetching keys and redeeming codes is for whoever owns sockets.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"

namespace luy::directory {

// The detail names what is wrong, never a claim's value.
inline constexpr ErrorKind id_token_refused{
    "directory.id_token_refused", ErrorClass::unauthenticated,
    "Không thể tin kết quả đăng nhập của nguồn ngoài: {}. Hãy đăng nhập lại; nếu lặp lại, báo quản trị hệ thống.",
    "The outside source's answer cannot be believed: {}. Sign in again; if it happens again, tell the administrator."};
inline constexpr ErrorKind key_set_invalid{"directory.key_set_invalid", ErrorClass::invalid,
                                           "Bộ khóa của nguồn đăng nhập không hợp lệ: {}.",
                                           "The key set of the sign-in source is not valid: {}."};
inline constexpr ErrorKind sign_in_state_over{
    "directory.sign_in_state_over", ErrorClass::unauthenticated,
    "Lượt đăng nhập qua nguồn ngoài này đã hết hạn hoặc không bắt đầu từ trình duyệt này. Hãy đăng nhập lại.",
    "This sign-in through an outside source has expired, or did not begin in this browser. Sign in again."};

inline constexpr std::size_t id_token_bytes_max = 16 << 10;
inline constexpr std::size_t key_set_bytes_max = 64 << 10;
inline constexpr std::size_t keys_max = 32;
inline constexpr int rsa_bits_min = 2048;  // RFC 7518 section 3.3.
// Clocks of two servers differ by so much at most.
inline constexpr Duration id_token_leeway = std::chrono::seconds(60);
// A token older than this was not made for the sign-in that is under way.
inline constexpr Duration id_token_age_max = std::chrono::minutes(10);
inline constexpr std::size_t subject_chars_max = 255;  // OpenID Connect Core 1.0 section 2.

// The keys of a provider that sign ID tokens: RSA of 2,048 bits and more, and P-256. Others are skipped.
class KeySet {
 public:
  // Errors: key_set_invalid: no JSON, too large, no usable key, two of one id.
  static Result<KeySet> parse(std::string_view json);
  std::size_t size() const;
  struct Key;
  // Of that id; nullptr when there is none.
  const Key* find(std::string_view kid) const;

 private:
  std::shared_ptr<const std::map<std::string, Key, std::less<>>> keys_;  // Shared by copies; constant.
};

struct ExpectedToken {
  std::string_view issuer;
  std::string_view client;  // The client id that the provider gave us.
  std::string_view nonce;
  Time now;
  std::optional<std::string_view> access_token{};  // When there is one, at_hash must fit it, if the token has any.
};

struct IdClaims {
  std::string subject;
  std::string username;  // preferred_username.
  std::string name;
  std::string email;
  std::vector<std::string> methods;  // amr (RFC 8176): how the provider was convinced.
  std::string context;               // acr.
};

// What a signed ID token says, when every check holds: RS256, PS256 or ES256 by the key that it names, whose type fits;
// issuer, audience, authorised party, nonce, times. Errors: id_token_refused.
Result<IdClaims> check_id_token(std::string_view token, const KeySet& keys, const ExpectedToken& expected);

// S256 of a verifier (RFC 7636 section 4.2).
std::string code_challenge(std::string_view verifier);

// Sign-ins that are under way at a provider. In memory: who is sent away while the hub restarts begins anew.
// Thread-safe.
class SignInStates {
 public:
  static constexpr Duration lifetime = std::chrono::minutes(10);
  static constexpr std::size_t waiting_max = 1000;  // Above that the oldest goes.

  struct Begun {
    std::string state;    // Goes to the provider and comes back.
    std::string browser;  // Goes into a cookie: only the browser that began may end it.
    std::string nonce;
    std::string verifier;
  };
  struct Ended {
    std::string source;
    std::string nonce;
    std::string verifier;
    bool public_place = false;
  };

  SignInStates(const Clock& clock, Random& random) : clock_(clock), random_(random) {}

  Begun begin(std::string source, bool public_place);
  // Once for each state, also when it is refused. Errors: sign_in_state_over.
  Result<Ended> end(std::string_view state, std::string_view browser, std::string_view source);

 private:
  struct Waiting {
    std::string browser;
    Ended ended;
    Time until;
  };
  const Clock& clock_;
  Random& random_;
  std::mutex mutex_;
  std::map<std::string, Waiting, std::less<>> waiting_;
};

}  // namespace luy::directory
