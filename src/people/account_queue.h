// The accounts on devices with what is wrong with each, and whose an unclaimed one may be by its name. Pure: the newest
// facts, the links, the people and the moment go in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fact/fact.h"
#include "inventory/device.h"
#include "people/account_link.h"
#include "people/person.h"

namespace luy::people {

enum class Problem : std::uint8_t {
  ownerless,        // Nobody answers for it.
  owner_gone,       // Whoever did is out of service.
  shared,           // Several use it: as the link says, or it logged in at the same minute on several machines.
  dormant,          // Unused for as long as duty 10.2 allows, and not locked.
  over_privileged,  // Has rights of an administrator that nobody wanted, or no longer.
  unreadable,       // Whether it can log in cannot be known.
};
inline constexpr std::size_t problem_count = 6;
std::string_view name_of(Problem problem);
std::optional<Problem> problem_from_name(std::string_view name);

// Logins of one person's accounts within one minute, on so many machines, are not one person's.
inline constexpr std::size_t machines_at_once = 3;

struct Proposal {
  PersonId person;
  std::string by;  // The form of the name that fits: "annv".
};

struct DeviceAccount {
  inventory::StatePointer device;
  fact::Account account;
  std::optional<AccountLink> link;  // One that holds today and is of this very account.
  std::optional<Proposal> proposed;
  std::vector<Problem> problems;
  std::optional<Time> since;  // Of the first problem, where that can be told.
  std::uint64_t seq = 0;      // Of the fact that says so.
  bool has(Problem problem) const;
};

// When an account was last used as far as anybody can tell: what duty 10.2 counts from.
Time last_use_of(const fact::Account& account, Time enrolled_at, Time now);

// The link that holds today for the account as the device reports it now.
std::optional<AccountLink> link_of(const std::map<LinkKey, AccountLink>& links, const DeviceId& device,
                                   const fact::Account& account, Day today);

// Every account on living devices that can log in or of which that is not known, by device, then by name.
std::vector<DeviceAccount> device_accounts(std::span<const inventory::StatePointer> devices,
                                           const std::map<LinkKey, AccountLink>& links, const Persons& persons,
                                           Duration dormant, Time now);

// What somebody called "Nguyễn Văn An" is likely to be named on machines: nguyenvanan, annv, nvan, an.nguyen, …, an.
std::vector<std::string> account_names_of(std::string_view person_name);

}  // namespace luy::people
