// The wireless networks in the air around an agency's devices, and how each stands to the register: what somebody must
// look at. Pure but for the book of those whose owner is known.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "directory/audit.h"
#include "inventory/inventory.h"
#include "premises/watch.h"
#include "records/database.h"

namespace luy::premises {

// What was in the air longer ago is not there any more.
inline constexpr std::chrono::days air_fresh{7};
inline constexpr std::size_t air_marks_max = 10'000;

inline constexpr ErrorKind air_invalid{"premises.air_invalid", ErrorClass::invalid,
                                       "Mạng không dây được đánh dấu không hợp lệ: {}.",
                                       "The wireless network that is marked is not valid: {}."};
inline constexpr ErrorKind air_too_many{"premises.air_too_many", ErrorClass::conflict,
                                        "Đã đánh dấu {} mạng lân cận, là số tối đa.",
                                        "{} networks are marked already, as many as there may be."};

enum class AirStanding : std::uint8_t {
  registered,
  weak,      // Registered, and sent with less than WPA2.
  impostor,  // It has the name of a registered network and is none of the access points on record.
  known,     // Somebody said whose it is.
  unknown,
};
std::string_view name_of(AirStanding standing);

struct AirKey {
  AgencyId agency;
  std::string ssid;
  std::string bssid;
  auto operator<=>(const AirKey&) const = default;
};
struct AirMark {
  std::string note;
  std::string by;
  Time at;
};
struct AirNetwork {
  AirKey key;
  std::string security;
  std::optional<std::int64_t> signal_dbm;  // Where it was strongest.
  AirStanding standing = AirStanding::unknown;
  std::optional<AirMark> mark;
  std::vector<DeviceId> seen_by;
  Time last_seen;
  std::uint64_t seq = 0;  // Of the newest fact that has it.
};

// Networks whose owner is known. Threads: every function from any thread; mark() waits for the disk.
class AirBook {
 public:
  // Errors: those of the database.
  static Result<std::unique_ptr<AirBook>> open(records::Database& database, directory::AuditTrail& audit,
                                               const Clock& clock);
  // nullopt takes the mark back; the act is "wifi_mark". Errors: air_invalid, air_too_many, text_invalid, holds_secret,
  // those of the database.
  Result<void> mark(const directory::Caller& caller, AirKey key, std::optional<AirMark> mark);
  std::map<AirKey, AirMark> marks() const;

 private:
  AirBook(records::Database& database, directory::AuditTrail& audit, const Clock& clock)
      : database_(database), audit_(audit), clock_(clock) {}
  records::Database& database_;
  directory::AuditTrail& audit_;
  const Clock& clock_;
  mutable std::shared_mutex mutex_;
  std::map<AirKey, AirMark> marks_;
};

// In order of agency, gravest first, then strongest.
std::vector<AirNetwork> networks_in_air(const std::vector<inventory::StatePointer>& devices,
                                        const std::vector<inventory::WifiNetwork>& registered,
                                        const std::map<AirKey, AirMark>& marks, Time now);

// Networks that are strangers, weak or impostors, and keys that are due in 14, 7 and 1 days.
Conditions conditions_of(const std::vector<AirNetwork>& air, const std::vector<inventory::WifiNetwork>& registered,
                         std::chrono::days key_age, Time now);

}  // namespace luy::premises
