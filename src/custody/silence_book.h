// When sources fell silent and when they spoke again. Each is a record of the evidence, stored before the register says
// so: that nothing came is then as provable as what came.
//
// Threads: update() from one thread; list() from any. They wait for the disk.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/id.h"
#include "base/result.h"
#include "records/database.h"

namespace luy::custody {

inline constexpr std::size_t silences_shown_max = 1'000;
inline constexpr days silences_kept{400};  // After their end.

struct Silence {
  DeviceId device;
  AgencyId agency;
  Time began_at;  // When it was last heard.
  std::optional<Time> ended_at;
  std::uint64_t began_seq = 0;  // The records that say so.
  std::optional<std::uint64_t> ended_seq;
};

// How a source stands now.
struct Heard {
  DeviceId device;
  AgencyId agency;
  Time last;  // When it was last heard.
  bool is_silent = false;
};

class SilenceBook {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    // Puts a note about a device into the evidence and waits until it is durable; answers its seq.
    std::function<Result<std::uint64_t>(const AgencyId&, const DeviceId&, const boost::json::object& note)> note;
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<SilenceBook>> open(Dependencies dependencies);

  // Notes what began and what ended. Who is not in `all` any more (retired) has ended. Errors: those of the evidence
  // and the database; what was noted until then stays.
  Result<void> update(const std::vector<Heard>& all);
  Result<std::vector<Silence>> list() const;  // Newest first, silences_shown_max at most.
  std::optional<Time> silent_since(const DeviceId& device) const;

 private:
  explicit SilenceBook(Dependencies dependencies) : d_(std::move(dependencies)) {}
  Result<void> begin(const Heard& one);
  Result<void> end(const Silence& one, Time at);

  const Dependencies d_;
  mutable std::mutex mutex_;
  std::map<DeviceId, Silence> open_;
};

}  // namespace luy::custody
