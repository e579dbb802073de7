// Looks at the disk that the evidence lies on: says when a level is reached, when it will be full, and when so little
// is left that nothing more may be taken from outside, so that people can still sign in and make room.
//
// Threads: look() from one thread; state() from any.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "custody/forecast.h"
#include "records/database.h"

namespace luy::custody {

// What is kept free for what people and the hub itself have to write: a twentieth of the disk, at most this.
inline constexpr std::uint64_t reserve_bytes_max = std::uint64_t{256} << 20;
inline constexpr std::uint64_t reserve_share = 20;
// Taken up again when this much more than the reserve is free, so that it does not flap.
inline constexpr std::uint64_t reserve_slack_share = 4;
inline constexpr int disk_days_kept = 60;

struct DiskState {
  DiskSpace space;
  DiskLevel level = DiskLevel::good;
  Forecast forecast;
  bool refusing = false;
};

// What is new since the look before.
struct DiskNews {
  std::optional<DiskLevel> reached;          // A higher level than told before.
  std::optional<std::int64_t> full_in_days;  // At most forecast_days; told once until it is further away again.
};

std::uint64_t reserve_of(const DiskSpace& space);

class DiskWatch {
 public:
  struct Dependencies {
    records::Database& database;
    const Clock& clock;
    std::function<Result<DiskSpace>()> space;
    std::function<void(bool)> refuse;  // Told at every look.
  };
  // Errors: those of the database.
  static Result<std::unique_ptr<DiskWatch>> open(Dependencies dependencies);

  // Errors: those of `space`; then everything is as it was. What cannot be written down is only logged: on a full disk
  // that is the case.
  Result<DiskNews> look();
  std::optional<DiskState> state() const;  // nullopt before the first look.

 private:
  explicit DiskWatch(Dependencies dependencies) : d_(std::move(dependencies)) {}
  void keep(Day today, std::uint64_t used);

  const Dependencies d_;
  std::map<Day, std::uint64_t> used_;
  Duration next_keep_{};
  std::optional<Day> kept_day_;
  DiskLevel told_ = DiskLevel::good;
  bool told_forecast_ = false;
  mutable std::mutex mutex_;
  std::optional<DiskState> state_;
};

// statvfs of the folder. Errors: file errors.
Result<DiskSpace> space_of(const std::string& folder);

}  // namespace luy::custody
