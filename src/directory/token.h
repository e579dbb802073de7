// API tokens: what a program signs in with in its owner's name, never with more rights than the owner holds at that
// moment, only for the acts it was made for, and where it is asked for, only in one agency and below. A token is 256
// random bits; only its SHA-256 is stored. It ends on its day, when it is revoked, and with its owner's account.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/audit.h"
#include "directory/policy.h"
#include "directory/session.h"
#include "records/database.h"

namespace luy::directory {

// One answer for a token that nobody has, that is over, and whose owner may not sign in.
inline constexpr ErrorKind token_over{"directory.token_over", ErrorClass::unauthenticated,
                                      "Mã truy cập API không còn hiệu lực. Hãy lập mã mới trên trang tài khoản.",
                                      "The API token is not valid any more. Make another on the account page."};
inline constexpr ErrorKind token_unknown{"directory.token_unknown", ErrorClass::not_found,
                                         "Không tìm thấy mã truy cập API này.", "There is no such API token."};
inline constexpr ErrorKind token_action{
    "directory.token_action", ErrorClass::denied,
    "Mã truy cập API không thể mang quyền này: {}. Việc này phải do người đăng nhập thực hiện.",
    "An API token cannot carry this right: {}. It takes somebody who is signed in."};
inline constexpr ErrorKind tokens_too_many{"directory.tokens_too_many", ErrorClass::conflict,
                                           "Bạn đã có 20 mã truy cập API đang hiệu lực. Hãy hủy mã không dùng nữa.",
                                           "You have 20 living API tokens. Revoke those that are not used any more."};
inline constexpr ErrorKind token_sealed{"directory.token_sealed", ErrorClass::denied,
                                        "Tài khoản khẩn cấp không được lập mã truy cập API.",
                                        "An account for emergencies has no API tokens."};

inline constexpr std::string_view token_prefix = "luy_";
inline constexpr days token_lifetime_max{366};
inline constexpr std::size_t tokens_per_account_max = 20;
inline constexpr std::size_t token_name_bytes_max = 200;
// Its use is written down at most this often: each change waits for the disk.
inline constexpr Duration token_seen_granularity = std::chrono::minutes(1);

using TokenId = Id<struct TokenTag>;

// Whether a token may carry the act at all: never one's own session and factors, consent to other people's acts, or who
// may do what.
bool token_may_carry(Action action);

struct ApiToken {
  TokenId id;
  AccountId account;
  PersonId person;
  std::string owner;  // The person's name.
  AgencyId works_in;  // Where the owner works.
  std::string name;
  std::vector<Action> actions;
  std::optional<AgencyId> agency;  // Only there and below.
  Time created_at;
  Time expires_at;
  std::optional<Time> last_used;
  std::string last_address;
  std::optional<Time> revoked_at;
};

struct NewToken {
  std::string name;
  std::vector<Action> actions;
  std::optional<AgencyId> agency;
  Time expires_at;
};

struct MadeToken {
  std::string token;  // Told once.
  ApiToken item;
};

// Thread-safe.
class Tokens {
 public:
  Tokens(records::Database& database, AuditTrail& audit, const Clock& clock, Random& random)
      : database_(database), audit_(audit), clock_(clock), random_(random) {}

  // A token of the caller's own; their password was confirmed before. Needs token_own, and to hold every action
  // somewhere. Errors: the policy's, token_action, token_sealed, tokens_too_many, agency_unknown, bad_value (name,
  // actions, expires_at: in the future and within token_lifetime_max).
  Result<MadeToken> create(const Caller& caller, const NewToken& wanted);
  // One's own, or of somebody else with token_manage where they work. A token that is over already is left as it is.
  // Errors: the policy's, token_unknown.
  Result<void> revoke(const Caller& caller, const TokenId& token);
  // Newest first; of one account, or all. Those that are over, too.
  Result<std::vector<ApiToken>> list(const std::optional<AccountId>& account = std::nullopt) const;

  // Who a token speaks for, with no more than it carries. Errors: token_over.
  Result<Actor> authenticate(std::string_view token, std::string_view address);

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace luy::directory
