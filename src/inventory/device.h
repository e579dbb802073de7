// A device as the inventory knows it: the row people keep, and the newest facts reduced to what duties are judged by.
// Plain values; a DeviceState never changes once published, so any thread may hold one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "fact/fact.h"

namespace luy::inventory {

// What kind of device it is; names are stored: never renamed. `mobile` is the regulation's own word (article 3.9):
// laptops, tablets and telephones.
enum class DeviceClass : std::uint8_t { server, workstation, mobile, network, storage, other };
inline constexpr std::size_t device_class_count = 6;
std::string_view name_of(DeviceClass device_class);
std::optional<DeviceClass> device_class_from_name(std::string_view name);

// From the chassis and the system, as long as nobody has said better (docs/adr/0071-device-class.md).
DeviceClass guess_class(const fact::Os& os, const fact::Hardware& hardware);

struct Device {
  DeviceId id;
  AgencyId agency;
  std::string identity_key;  // fact::Identity::key: what a machine is recognised by when it enrols again.
  std::string name;
  DeviceClass device_class = DeviceClass::other;
  bool class_set = false;  // A person chose the class: facts no longer change it.
  std::string place;
  std::string person_in_charge;    // As somebody wrote it.
  std::optional<PersonId> person;  // Who has it, of the people the directory knows.
  Time enrolled_at;
  std::optional<Time> last_seen;  // When the hub last received anything from it; hub's clock.
  std::uint64_t last_seq = 0;     // Evidence number of what came then; meaningless without last_seen.
  std::optional<Time> retired_at;
};

// A value with where it comes from. `collected_at` is the device's clock, but never later than `received_at` (the
// hub's): a device whose clock runs ahead cannot claim to be fresher than its message.
template <class T>
struct Learnt {
  T value;
  Time collected_at;
  Time received_at;
  std::uint64_t seq = 0;  // Number of the evidence record.
  std::string method;
};

// Of the list of packages: how it stands against the approvals. The list itself stays in the inventory.
struct SoftwareSummary {
  std::size_t total = 0;
  std::size_t unapproved = 0;
  std::vector<std::string> examples;  // The first unapproved names, at most software_examples_max, in order of name.
  // The first covering approval to end, and the beginning and end of its term; end = first instant it no longer covers.
  struct Ending {
    std::string product;
    Time begins;
    Time ends;
    bool operator==(const Ending&) const = default;
  };
  std::optional<Ending> first_ending;
  // The acts in which the covering approvals were given, newest first, at most approval_acts_max.
  struct Act {
    AgencyId agency;
    Time at;
    bool operator==(const Act&) const = default;
  };
  std::vector<Act> acts;
  bool operator==(const SoftwareSummary&) const = default;
};
inline constexpr std::size_t software_examples_max = 3;
inline constexpr std::size_t approval_acts_max = 10;

// Of the pending updates: the age of the oldest decides.
struct PatchSummary {
  bool lists_present = false;
  std::optional<Time> lists_date;
  std::optional<Time> lists_valid_until;
  std::size_t security_count = 0;
  std::string oldest_package;  // Empty when security_count is 0.
  std::optional<Time> oldest_offered;
  bool restart_required = false;
  std::string unknown_because;  // Not empty: what is pending could not be learnt, for this reason.
};

// Of the accounts: those that matter to a duty (can log in, have no password, or must change an issued one).
struct AccountSummary {
  bool shadow_readable = false;
  std::size_t total = 0;
  std::vector<fact::Account> relevant;  // In order of name.
  // Accounts with a locked password whose SSH keys could not be read, so that nobody knows whether they can log in; and
  // the first of them.
  std::size_t keys_unknown = 0;
  std::string keys_unknown_of{};
};

inline constexpr std::size_t seen_per_device_max = 64;
inline constexpr std::size_t neighbours_per_device_max = 1024;  // Of the /22 that a town hall has at most.

// One device at one moment. Each part is shared with the states before and after it that hold the same value.
struct DeviceState {
  Device device;
  std::string os;             // os-release PRETTY_NAME; empty until known.
  std::string agent_version;  // Empty until known.
  std::vector<std::string>
      addresses;  // Of interfaces that are up, without loopback and link-local ones, no prefix length.

  // shared_ptr: a new state of the same device takes over what did not change. Null = not reported yet.
  template <class T>
  using Part = std::shared_ptr<const Learnt<T>>;
  Part<SoftwareSummary> software;
  Part<PatchSummary> updates;
  Part<fact::Antivirus> antivirus;
  Part<AccountSummary> accounts;
  Part<fact::Disks> disks;
  Part<fact::Interfaces> interfaces;
  Part<fact::Wifi> wifi;  // Only the networks it is connected to, and at most seen_per_device_max in the air.
  Part<fact::Neighbours> neighbours;  // At most neighbours_per_device_max.
  Part<fact::Domain> domain;
  Part<fact::Shares> shares;
  Part<fact::Agent> agent;
  Part<fact::Hardening> hardening;
  Part<fact::SoftwareGate> software_gate;
  Part<fact::Removable> removable;
  Part<fact::Backup> backup;
};
// shared_ptr: readers keep a state for as long as they like while newer ones are published.
using StatePointer = std::shared_ptr<const DeviceState>;

// What a kind of fact is called within a sentence.
struct KindTitle {
  std::string_view vi;
  std::string_view en;
};
KindTitle title_of(fact::Kind kind);

// What something depends on or what changed: fact kinds, and matters that are not facts.
enum class Topic : std::uint8_t {
  row = fact::kind_count,  // Class, agency, person in charge, retirement.
  seen,                    // Something arrived.
  software,                // The summary against the approvals.
  wifi_register,
};
class TopicSet {
 public:
  constexpr TopicSet() = default;
  constexpr TopicSet& add(fact::Kind kind) { return set(static_cast<unsigned>(kind)); }
  constexpr TopicSet& add(Topic topic) { return set(static_cast<unsigned>(topic)); }
  constexpr TopicSet& add(TopicSet other) {
    bits_ |= other.bits_;
    return *this;
  }
  constexpr bool has(fact::Kind kind) const { return (bits_ >> static_cast<unsigned>(kind) & 1U) != 0; }
  constexpr bool has(Topic topic) const { return (bits_ >> static_cast<unsigned>(topic) & 1U) != 0; }
  constexpr bool any_of(TopicSet other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const TopicSet&) const = default;

 private:
  constexpr TopicSet& set(unsigned bit) {
    bits_ |= 1U << bit;
    return *this;
  }
  std::uint32_t bits_ = 0;
};
static_assert(fact::kind_count + 4 <= 32);

// One fact as stored, for the device page. `body` is JSON; of packages it is only the manager and the count.
struct StoredFact {
  fact::Kind kind = fact::Kind::identity;
  Time collected_at;
  Time received_at;
  Time changed_at;  // When its content last changed; what always moves (free space, the agent's load) does not count.
  std::string method;
  std::uint64_t seq = 0;
  std::string body;
};

// One line of a device's past.
struct HistoryEntry {
  Time at;
  fact::Kind kind = fact::Kind::identity;
  std::uint64_t seq = 0;
  bool first = false;  // The first fact of this kind.
  // Of packages: how many came, went and changed their version.
  std::int64_t added = 0;
  std::int64_t removed = 0;
  std::int64_t updated = 0;
};

}  // namespace luy::inventory
