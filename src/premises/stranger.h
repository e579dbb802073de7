// Machines that agents see on their networks and that stand nowhere: no agent, no register. One entry for each hardware
// address in an agency, with what the officer said it is. Pure but for the book.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/audit.h"
#include "inventory/inventory.h"
#include "premises/equipment_book.h"
#include "premises/watch.h"
#include "records/database.h"

namespace luy::premises {

inline constexpr ErrorKind stranger_unknown{
    "premises.stranger_unknown", ErrorClass::not_found,
    "Không có thiết bị lạ với địa chỉ {}. Có thể thiết bị vừa được ghi vào sổ hoặc đã lâu không thấy; hãy tải lại "
    "trang.",
    "There is no unknown device with the address {}. It may have been registered meanwhile, or was not seen for long: "
    "load the page again."};

// The regulation names no time for them: a working week and a weekend.
inline constexpr std::chrono::days stranger_decide_within{7};
// What was seen longer ago is forgotten; undecided ones whose address was made up for one visit go sooner, since a
// telephone brings a new one every day.
inline constexpr std::chrono::days stranger_kept{90};
inline constexpr std::chrono::days stranger_random_kept{14};
inline constexpr std::size_t strangers_max = 20'000;       // More are not taken up, and the list says so.
inline constexpr std::size_t stranger_addresses_max = 8;   // Of one entry, and
inline constexpr std::size_t stranger_witnesses_max = 16;  // as many devices that saw it.
inline constexpr std::size_t strangers_decided_max = 200;  // At once.

// What somebody said it is. Names are stored and travel.
enum class StrangerKind : std::uint8_t {
  network_device,
  printer,
  phone,
  guest,
  to_enrol,  // It is to be given an agent.
  foreign,   // It does not belong here and is to be found.
};
std::string_view name_of(StrangerKind kind);
std::optional<StrangerKind> stranger_kind_from_name(std::string_view name);

struct StrangerKey {
  AgencyId agency;
  std::string mac;  // "02:00:00:00:00:0a"
  auto operator<=>(const StrangerKey&) const = default;
};
struct StrangerDecision {
  StrangerKind kind = StrangerKind::foreign;
  std::string reason;
  std::string by;
  Time at;
};
struct Stranger {
  StrangerKey key;
  std::set<std::string> addresses;
  std::string name;  // What it calls itself; "" where it tells none.
  std::set<DeviceId> seen_by;
  Time first_seen, last_seen;
  std::uint64_t seq = 0;  // Of the newest fact that has it.
  std::optional<StrangerDecision> decision;
};
// Whether the address is one that its machine made up (IEEE 802: locally administered), as telephones do.
bool is_random(std::string_view mac);

// Hardware addresses that stand somewhere, and the addresses of registered devices whose hardware address is not on
// record.
struct KnownMachines {
  std::set<std::string> macs;
  std::set<std::pair<AgencyId, std::string>> addresses;
};
KnownMachines known_machines(const std::vector<inventory::StatePointer>& devices,
                             const std::vector<EquipmentBook::Entry>& equipment,
                             const std::vector<inventory::WifiNetwork>& wireless, const std::set<std::string>& others);

// What agents see now that is not known. Neighbours on a machine's own virtual networks are inside it and left out.
std::map<StrangerKey, Stranger> strangers_seen(const std::vector<inventory::StatePointer>& devices,
                                               const KnownMachines& known, Time now);

// Threads: every function from any thread; those that write wait for the disk.
class StrangerBook {
 public:
  // Errors: those of the database.
  static Result<std::unique_ptr<StrangerBook>> open(records::Database& database, directory::AuditTrail& audit,
                                                    const Clock& clock);

  // Takes up what is seen, drops what is known by now or was not seen for long. Errors: those of the database.
  Result<void> look(const std::map<StrangerKey, Stranger>& seen, const KnownMachines& known);

  // In order of agency, undecided first, then newest.
  std::vector<Stranger> list() const;
  bool is_full() const;

  // All or none; nullopt takes what was said back. The act is "stranger_decide". Errors: stranger_unknown,
  // text_invalid, holds_secret, those of the database.
  Result<void> decide(const directory::Caller& caller, const AgencyId& agency, const std::vector<std::string>& macs,
                      std::optional<StrangerDecision> decision);

 private:
  StrangerBook(records::Database& database, directory::AuditTrail& audit, const Clock& clock)
      : database_(database), audit_(audit), clock_(clock) {}
  records::Database& database_;
  directory::AuditTrail& audit_;
  const Clock& clock_;
  mutable std::shared_mutex mutex_;  // Guards what follows; not held while the disk works.
  std::map<StrangerKey, Stranger> all_;
};

// Foreign ones each by itself; those that nobody decided on in time as one for the agency.
Conditions conditions_of(const std::vector<Stranger>& strangers, Time now);

}  // namespace luy::premises
