// The last checkpoint of each closed day with a time-stamp of a service outside (RFC 3161), kept beside the day's file
// (evidence/witness_file.h). Which service, an administrator says; it is asked by seal/time_stamp_call.h.
//
// Threads: round() from one thread at a time, the others from any.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "evidence/store.h"
#include "hub/witness_book.h"
#include "records/database.h"

namespace luy::hub {

// Of days without a time-stamp, the newest first; older ones have waited too long for one to say much.
inline constexpr std::size_t stamped_days_max = 31;
inline constexpr std::size_t stamp_url_bytes_max = 1000;

inline constexpr ErrorKind stamp_url_invalid{"hub.stamp_url_invalid", ErrorClass::invalid,
                                             "Địa chỉ dịch vụ dấu thời gian không dùng được: {}.",
                                             "The address of the time-stamp service cannot be used: {}."};

class EvidenceStamps {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    Random& random;
    const evidence::Store& store;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<EvidenceStamps>> open(Dependencies dependencies);

  // Empty: none. Errors: stamp_url_invalid, those of the database and of `also`.
  Result<void> set_url(const std::string& url, const WitnessBook::Also& also);

  // Asks for what is missing until the service fails once.
  void round();

  struct State {
    std::string url;
    std::optional<Day> newest_day;
    std::optional<Time> stamped_at;  // By the service's clock.
    std::optional<Error> problem;    // Of the last question.
  };
  State state() const;

 private:
  explicit EvidenceStamps(Dependencies dependencies) : d_(dependencies) {}
  Result<void> stamp_days();
  void look_for_newest();

  const Dependencies d_;
  mutable std::mutex mutex_;  // Guards what follows.
  State state_;
};

}  // namespace luy::hub
