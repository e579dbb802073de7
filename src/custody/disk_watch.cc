#include "custody/disk_watch.h"

#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "base/file.h"
#include "base/log.h"

namespace luy::custody {
namespace {

constexpr std::chrono::minutes keep_every{10};

}  // namespace

std::uint64_t reserve_of(const DiskSpace& space) {
  return std::min(reserve_bytes_max, space.total / reserve_share);
}

Result<DiskSpace> space_of(const std::string& folder) {
  struct statvfs found {};
  if (::statvfs(folder.c_str(), &found) != 0) return file_error(folder, errno);
  DiskSpace out;
  out.free = std::uint64_t{found.f_bavail} * found.f_frsize;
  // What is reserved for root is neither used nor free to us.
  const std::uint64_t used = std::uint64_t{found.f_blocks - found.f_bfree} * found.f_frsize;
  out.total = used + out.free;
  return out;
}

Result<std::unique_ptr<DiskWatch>> DiskWatch::open(Dependencies dependencies) {
  std::unique_ptr<DiskWatch> watch(new DiskWatch(std::move(dependencies)));
  LUY_TRY_VOID(watch->d_.database.read([&](records::Connection& c) {
    return c.query("SELECT day, used_bytes FROM custody_disk", {}, [&](const records::Row& row) {
      if (const auto day = day_from_iso(row.text(0))) watch->used_[*day] = static_cast<std::uint64_t>(row.integer(1));
    });
  }));
  return watch;
}

std::optional<DiskState> DiskWatch::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void DiskWatch::keep(Day today, std::uint64_t used) {
  const Duration now = d_.clock.monotonic();
  if (kept_day_ == today && now < next_keep_) return;
  const std::string day = to_iso(today);
  const std::string oldest = to_iso(today - days(disk_days_kept));
  const auto kept = d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(
        c.run("INSERT INTO custody_disk (day, used_bytes) VALUES ($1, $2) ON CONFLICT (day) DO UPDATE SET used_bytes = "
              "excluded.used_bytes",
              {std::string_view(day), static_cast<std::int64_t>(used)}));
    LUY_TRY_VOID(c.run("DELETE FROM custody_disk WHERE day < $1", {std::string_view(oldest)}));
    return {};
  });
  next_keep_ = now + keep_every;
  kept_day_ = today;
  if (!kept) log(LogLevel::warning, "custody", "use of the disk: " + kept.error().text());
}

Result<DiskNews> DiskWatch::look() {
  LUY_TRY(const DiskSpace space, d_.space());
  const Day today = day_of(d_.clock.now());
  used_[today] = space.used();
  std::erase_if(used_, [&](const auto& one) { return one.first < today - days(disk_days_kept) || one.first > today; });
  keep(today, space.used());

  DiskState now{space, level_of(space), forecast(space, used_, today), false};
  const std::uint64_t reserve = reserve_of(space);
  const bool before = state() && state()->refusing;
  now.refusing = space.free < (before ? reserve + reserve / reserve_slack_share : reserve);
  if (now.refusing != before) {
    log(now.refusing ? LogLevel::error : LogLevel::info, "custody",
        now.refusing ? "the disk is all but full: nothing is taken from outside until there is room"
                     : "there is room on the disk again: records are taken from outside");
  }
  d_.refuse(now.refusing);

  DiskNews news;
  if (now.level > told_) news.reached = now.level;
  told_ = now.level;
  const bool is_near = now.forecast.days_left && *now.forecast.days_left <= forecast_days;
  if (is_near && !told_forecast_) news.full_in_days = now.forecast.days_left;
  told_forecast_ = is_near;
  const std::lock_guard lock(mutex_);
  state_ = now;
  return news;
}

}  // namespace luy::custody
