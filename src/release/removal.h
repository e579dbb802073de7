// Codes for taking luy-agent off a machine: issued for one device by an authorised person, short, used once, kept as a
// digest alone. Root of a machine can take the agent off without; then it is told here, where the machine lets it.
// docs/adr/0250. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "directory/audit.h"
#include "records/database.h"

namespace luy::release {

inline constexpr ErrorKind removal_code_wrong{
    "release.removal_code_wrong", ErrorClass::denied,
    "Mã gỡ cài đặt không đúng, đã dùng, đã hết hạn hoặc dành cho máy khác. Hãy xin mã mới ở quản trị viên của hub.",
    "The removal code is wrong, used, expired or for another machine. Ask the hub's administrator for a new one."};
inline constexpr ErrorKind removal_reason_missing{"release.removal_reason_missing", ErrorClass::invalid,
                                                  "Hãy ghi lý do gỡ luy-agent khỏi máy.",
                                                  "Give the reason for taking luy-agent off the machine."};

inline constexpr std::chrono::hours removal_code_lifetime{24};
inline constexpr std::size_t removal_code_letters = 10;  // Of 32: 50 bits.
inline constexpr std::int64_t removal_failures_max = 5;  // Wrong codes, then the device's code is void.

struct RemovalCode {
  std::string code;  // "K7QF2-9XW4M"; shown once.
  Time ends_at{};
};
struct RemovalState {
  std::string issued_by;
  std::string reason;
  Time issued_at{};
  Time ends_at{};
  std::optional<Time> used_at;
};

class RemovalBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
  };
  explicit RemovalBook(Dependencies dependencies) : d_(dependencies) {}

  // The act "agent_removal_code"; an earlier code of the device is void. Errors: removal_reason_missing, the
  // database's.
  Result<RemovalCode> issue(const directory::Caller& caller, const DeviceId& device, const AgencyId& agency,
                            const std::string& reason, const std::string& by);
  // The act "agent_removal_allowed", or a refusal of it. Errors: removal_code_wrong, the database's.
  Result<void> use(const DeviceId& device, const AgencyId& agency, std::string_view code);
  // The act "agent_removed_without_code", which rings. `who`: as the machine says. Errors: the database's.
  Result<void> forced(const DeviceId& device, const AgencyId& agency, const std::string& who);
  // Of the newest code. Errors: the database's.
  Result<std::optional<RemovalState>> state(const DeviceId& device) const;

 private:
  const Dependencies d_;
};

}  // namespace luy::release
