// Whose the accounts on devices are (articles 7.3 and 10.2): an account that can log in is one person's, a service's
// that a person answers for, or shared. A link belongs to a name and its number on the system: an account that was
// made anew under the old name is nobody's.
//
// Threads: every function from any thread; readers never wait for the disk.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "directory/audit.h"
#include "people/person.h"
#include "records/database.h"

namespace luy::people {

inline constexpr ErrorKind account_not_seen{"people.account_not_seen", ErrorClass::not_found,
                                            "Thiết bị không báo có tài khoản {}.",
                                            "The device does not report an account {}."};
inline constexpr ErrorKind person_unknown{"people.person_unknown", ErrorClass::not_found, "Không tìm thấy người này.",
                                          "There is no such person."};
inline constexpr ErrorKind person_gone{"people.person_gone", ErrorClass::conflict,
                                       "{} không còn công tác nên không thể chịu trách nhiệm.",
                                       "{} is no longer in service and cannot answer for anything."};
inline constexpr ErrorKind link_invalid{"people.link_invalid", ErrorClass::invalid,
                                        "Liên kết tài khoản không hợp lệ: {}.", "The link is not valid: {}."};
inline constexpr ErrorKind own_administrator{
    "people.own_administrator", ErrorClass::denied,
    "Không ai tự nhận tài khoản quản trị cho mình. Hãy nhờ người khác xác nhận.",
    "Nobody takes an administrator's account for themselves. Have somebody else confirm it."};

inline constexpr std::size_t links_per_call_max = 200;
inline constexpr days link_days_max{366};  // Of an expiry and of an administrator's term, from today.

enum class LinkKind : std::uint8_t { personal, service, shared };
std::string_view name_of(LinkKind kind);
std::optional<LinkKind> link_kind_from_name(std::string_view name);

struct LinkKey {
  DeviceId device;
  std::string name;
  auto operator<=>(const LinkKey&) const = default;
};

// The device of an act that linked one of its accounts (AccountLink::act); nullopt for any other act.
std::optional<DeviceId> device_of_act(std::string_view act);

struct AccountLink {
  LinkKey key;
  std::int64_t uid = 0;
  std::optional<PersonId> person;  // Of a shared account perhaps nobody.
  LinkKind kind = LinkKind::personal;
  std::optional<Day> administrator_until;  // The last day on which its rights of an administrator are wanted.
  std::optional<Day> expires;              // The last day of the link.
  std::string reason;
  Named by;
  Time at;
  std::string act;  // As the audit trail knows it ("proof_of").
  bool valid_on(Day day) const { return !expires || day <= *expires; }
};

// A link as somebody wants it, beside what the device says of the account.
struct WantedLink {
  LinkKey key;
  std::int64_t uid = 0;
  bool administrator = false;  // The account has those rights.
  AgencyId agency;             // The device's.
  std::string device_name;
  std::optional<Person> person;
  LinkKind kind = LinkKind::personal;
  std::optional<Day> administrator_until{};
  std::optional<Day> expires{};
};

class LinkBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    std::function<void(const std::vector<DeviceId>&)> changed;  // After the commit. May be empty.
  };
  static Result<std::unique_ptr<LinkBook>> open(Dependencies dependencies);  // Errors: those of the database.

  using Permit = std::function<Result<void>(const AgencyId&)>;  // Asked in the transaction with the device's agency.
  // All or none, each with its own entry in the audit trail. Errors: those of `permit`, person_gone, link_invalid,
  // own_administrator, text_invalid (a reason is wanted), those of the database.
  Result<std::vector<AccountLink>> link(const directory::Caller& caller, const Who& who, const Permit& permit,
                                        std::span<const WantedLink> wanted, const std::string& reason);
  // Errors: those of `permit`, account_not_seen when there is none, those of the database.
  Result<void> unlink(const directory::Caller& caller, const Permit& permit, const LinkKey& key,
                      const AgencyId& agency);

  std::optional<AccountLink> find(const LinkKey& key) const;
  std::vector<AccountLink> of_person(const PersonId& person) const;
  std::map<LinkKey, AccountLink> all() const;

 private:
  explicit LinkBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<AccountLink> checked(const Who& who, const WantedLink& wanted, const std::string& reason) const;

  const Dependencies d_;
  std::mutex acting_;  // What is kept in memory changes in the order of the commits.
  mutable std::mutex mutex_;
  std::map<LinkKey, AccountLink> links_;
};

}  // namespace luy::people
