// Where people may sign in from besides here, and who they are there. A source is set up, changed and removed by two
// people; an identity there is tied to an account here by two people, too, for whoever holds it signs in as the
// account. Identities are the stable key of an object at the source, never a name or an address. What somebody may do
// is never taken from a source.
//
// Asking a source takes sockets, which are a module's above (ask_passwords_by); every pause, lock and second factor of
// the product counts here as it does for its own passwords.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/account.h"
#include "directory/audit.h"
#include "directory/session.h"
#include "directory/sign_source.h"
#include "records/database.h"

namespace luy::directory {

inline constexpr ErrorKind source_unknown{"directory.source_unknown", ErrorClass::not_found,
                                          "Không tìm thấy nguồn đăng nhập này.", "There is no such sign-in source."};
inline constexpr ErrorKind sources_too_many{"directory.sources_too_many", ErrorClass::conflict,
                                            "Đã có 20 nguồn đăng nhập. Hãy xóa nguồn không dùng nữa.",
                                            "There are 20 sign-in sources. Remove those that are not used any more."};
inline constexpr ErrorKind source_silent{
    "directory.source_silent", ErrorClass::unavailable,
    "Nguồn đăng nhập không trả lời hoặc từ chối máy chủ này: {}. Hãy thử lại sau, hoặc đăng nhập bằng mật khẩu của "
    "Lũy.",
    "The sign-in source does not answer, or refuses this server: {}. Try again later, or sign in with a password of "
    "Lũy's own."};
inline constexpr ErrorKind source_busy{"directory.source_busy", ErrorClass::busy,
                                       "Nhiều người đang đăng nhập qua nguồn này. Hãy thử lại sau ít giây.",
                                       "Many people are signing in through this source. Try again in a few seconds."};
inline constexpr ErrorKind identity_unlinked{
    "directory.identity_unlinked", ErrorClass::unauthenticated,
    "Nguồn đăng nhập nhận ra bạn, nhưng chưa có tài khoản nào gắn với mã {}. Hãy gửi mã này cho quản trị hệ thống.",
    "The sign-in source knows you, but no account here is tied to the key {}. Give the key to the administrator."};
inline constexpr ErrorKind identity_unknown{"directory.identity_unknown", ErrorClass::not_found,
                                            "Tài khoản không gắn với nguồn đăng nhập này.",
                                            "The account is not tied to this sign-in source."};
inline constexpr ErrorKind identity_taken{
    "directory.identity_taken", ErrorClass::conflict,
    "Danh tính này đã gắn với tài khoản {}, hoặc tài khoản đã có danh tính khác ở nguồn này. Hãy gỡ trước.",
    "This identity is tied to the account {} already, or the account to another one of this source. Untie it first."};
inline constexpr ErrorKind identity_sealed{"directory.identity_sealed", ErrorClass::denied,
                                           "Tài khoản khẩn cấp không đăng nhập qua nguồn ngoài.",
                                           "An account for emergencies does not sign in through an outside source."};
inline constexpr ErrorKind account_elsewhere{"directory.account_elsewhere", ErrorClass::conflict,
                                             "Tài khoản {} không thuộc cơ quan của nguồn đăng nhập này.",
                                             "The account {} does not belong to the agency of this sign-in source."};

inline constexpr std::size_t sources_max = 20;
inline constexpr std::size_t identity_chars_max = 255;  // OpenID Connect Core 1.0 section 2; keys of LDAP are shorter.

struct SignSource {
  SourceId id;
  SourceSettings settings;
  Time created_at;
  std::optional<Time> last_sync{};
  std::string problem_vi{}, problem_en{};  // Why it could not be asked the last time; empty when it could.
};

struct FederatedIdentity {
  SourceId source;
  std::string source_name;
  std::string subject;
  AccountId account;
  Time linked_at;
  std::optional<Time> last_used{};
};

// Thread-safe once ask_passwords_by() was called.
class Federation {
 public:
  Federation(records::Database& database, AuditTrail& audit, const Clock& clock, Sessions& sessions)
      : database_(database), audit_(audit), clock_(clock), sessions_(sessions) {}

  // By name.
  Result<std::vector<SignSource>> list() const;
  Result<SignSource> find(const SourceId& source) const;  // Errors: source_unknown.
  Result<std::vector<FederatedIdentity>> identities(const AccountId& account) const;

  // Inside a transaction, for acts of two people (Directory::propose_source and its neighbours). Each needs
  // source_manage on the source's agency, before and after. A source's kind, key and issuer stay what they are: with
  // others its identities would mean somebody else. Errors: the policy's, source_unknown, source_invalid,
  // sources_too_many, agency_unknown.
  Result<void> create_in(records::Connection& connection, const Caller& caller, const SourceId& id,
                         const SourceSettings& settings, AuditEntry& entry);
  Result<void> change_in(records::Connection& connection, const Caller& caller, const SourceId& id,
                         const SourceSettings& settings, AuditEntry& entry);
  // With its identities and the sessions that began through it; people and accounts stay.
  Result<void> remove_in(records::Connection& connection, const Caller& caller, const SourceId& id, AuditEntry& entry);
  // Needs source_manage on the source's agency, and what issuing the account a password needs. Errors: also
  // account_unknown, own_account, cannot_grant, identity_sealed, identity_taken, account_elsewhere, bad_value
  // (subject).
  Result<void> link_in(records::Connection& connection, const Caller& caller, const FederatedIdentity& wanted,
                       AuditEntry& entry);

  // At once, by one person: nobody gains by it. Ends the sessions that began through it. Errors: the policy's,
  // source_unknown.
  Result<void> switch_off(const Caller& caller, const SourceId& source);
  // The same for one account. Needs account_manage as disabling does. Errors: the policy's, account_unknown,
  // identity_unknown.
  Result<void> unlink(const Caller& caller, const AccountId& account, const SourceId& source);

  // Who knows whether a password is right at a source that is an LDAP directory: the subject. Errors: sign_in_failed
  // for a wrong one and a name that nobody has there; source_silent, source_busy.
  using PasswordCheck =
      std::function<Result<std::string>(const SignSource&, std::string_view username, std::string_view password)>;
  void ask_passwords_by(PasswordCheck check) { check_ = std::move(check); }

  // With a password of the source. Errors: source_unknown, also for one that is switched off or takes no passwords;
  // those of the check; those of Sessions::sign_in_federated(); sign_in_paused.
  Result<SignedIn> sign_in(const SourceId& source, const SignIn& attempt);

  // What asking the source came to; written down when it is another than before. Errors: those of the database.
  Result<void> note_result(const SourceId& source, const std::optional<Error>& problem);

 private:
  records::Database& database_;
  AuditTrail& audit_;
  const Clock& clock_;
  Sessions& sessions_;
  PasswordCheck check_;
};

}  // namespace luy::directory
