// What became of requests to devices' backups, and who handed which medium to whom.
//
// Threads: every function from any thread.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "base/result.h"
#include "directory/audit.h"
#include "records/database.h"

namespace luy::backup {

inline constexpr ErrorKind handover_invalid{"backup.handover_invalid", ErrorClass::invalid,
                                            "Mục giao nhận không hợp lệ: {}.", "The hand-over is not valid: {}."};

inline constexpr std::size_t results_listed_max = 100;  // Of a device, newest first.
inline constexpr std::size_t handovers_listed_max = 500;
inline constexpr std::size_t handover_text_bytes_max = 400;

// As the device told it: docs/format/orders.md.
struct Outcome {
  std::string request;
  DeviceId device;
  Time at;
  boost::json::object told;
  std::uint64_t seq = 0;  // Of the evidence record that holds it.
};

struct Handover {
  std::string id;
  std::string medium;  // Its id in the register of media.
  std::string given_by;
  std::string taken_by;
  std::string place;  // Where it is from then on.
  std::string note;
  Time at;
  std::string by;  // Who wrote it down.
};

class LogBook {
 public:
  struct Dependencies {
    records::Database& database;
    directory::AuditTrail& audit;
    const Clock& clock;
    Random& random;
  };
  explicit LogBook(Dependencies dependencies) : d_(dependencies) {}

  // A record of a device on the stream "backup". Twice does no harm; what is malformed is passed over. Errors: those of
  // the database.
  Result<void> take(const DeviceId& device, Time received, std::uint64_t seq, std::string_view raw);
  Result<std::vector<Outcome>> outcomes(const DeviceId& device) const;
  // Errors: handover_invalid, naming the field; those of the audit trail and the database.
  Result<Handover> hand_over(const directory::Caller& caller, Handover wanted);
  Result<std::vector<Handover>> handovers(const std::optional<std::string>& medium) const;  // Newest first.

 private:
  const Dependencies d_;
};

}  // namespace luy::backup
