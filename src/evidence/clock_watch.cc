#include "evidence/clock_watch.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "base/file.h"

namespace luy::evidence {
namespace {

constexpr std::size_t file_bytes_max = 256;
constexpr Duration save_interval = std::chrono::minutes(1);
constexpr Duration compare_interval = std::chrono::hours(24);
constexpr std::string_view header = "luy-clock 2\n";

std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto used = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || used == text.size() || text[used] != '\n') return std::nullopt;
  text.remove_prefix(used + 1);
  return value;
}

struct Saved {
  Time wall;
  Duration left;
};

// Header, last time seen, what is left of the wait; microseconds, each followed by LF.
std::optional<Saved> load(const std::filesystem::path& file) {
  const auto text = read_file(file, file_bytes_max);
  if (!text || !text->starts_with(header)) return std::nullopt;
  std::string_view rest(*text);
  rest.remove_prefix(header.size());
  const auto wall = take_number(rest);
  const auto left = take_number(rest);
  if (!wall || !left || *left < 0) return std::nullopt;
  return Saved{from_micros(*wall), std::min(Duration(*left), retention_pause_far)};
}

}  // namespace

namespace {

bool beyond_holiday(Duration step) {
  return step > holiday || step < -holiday;
}

}  // namespace

ClockWatch::ClockWatch(const Clock& clock, std::filesystem::path file, std::optional<Time> last)
    : clock_(clock),
      file_(std::move(file)),
      wall_(clock.now()),
      monotonic_(clock.monotonic()),
      counted_(monotonic_),
      saved_(monotonic_) {
  const auto saved = load(file_);
  if (saved) left_ = saved->left;
  if (!saved && last) left_ = retention_pause;
  const Time known = saved ? saved->wall : last.value_or(wall_);
  const Duration step = wall_ - known;
  if (beyond_holiday(step)) {
    doubt_ = step;
    wall_ = known;
  } else if (saved) {
    stepped(step, true);
  }
  save();
}

ClockWatch::~ClockWatch() {
  observe();
  save();
}

// A wait under way is not begun anew by a step that may be a night or a holiday: else an office that works two days a
// week would keep everything for ever.
void ClockWatch::stepped(Duration step, bool over_restart) {
  if (step < -jump_while_running) {
    left_ = std::max(left_, retention_pause);
  } else if (step > (over_restart ? night : jump_while_running)) {
    if (left_ == Duration{0}) left_ = retention_pause;
  }
}

Time ClockWatch::observe() {
  const Time wall = clock_.now();
  const Duration monotonic = clock_.monotonic();
  const Duration error = (wall - wall_) - (monotonic - monotonic_);
  // The reference stays, so that the clock is believed again once it is right.
  const bool doubted = doubt_ != Duration{0};
  doubt_ = beyond_holiday(error) ? error : Duration{0};
  if (doubt_ == Duration{0}) left_ = std::max(left_ - (monotonic - counted_), Duration{0});
  counted_ = monotonic;
  if (doubt_ != Duration{0}) {
    if (!doubted || monotonic - saved_ > save_interval) save();
    return wall;
  }
  const bool jump = error > jump_while_running || error < -jump_while_running;
  if (jump) stepped(error, false);
  // Steps below the threshold must not add up unseen: the reference moves only with the monotonic clock's pace.
  if (jump || monotonic - monotonic_ > compare_interval) {
    wall_ = wall;
    monotonic_ = monotonic;
  }
  if (jump || monotonic - saved_ > save_interval) save();
  return wall;
}

Result<Time> ClockWatch::believed() {
  const Time wall = observe();
  if (doubt_ != Duration{0}) return Error(clock_not_believed, to_rfc3339(expected()) + " → " + to_rfc3339(wall));
  return wall;
}

void ClockWatch::accept() {
  wall_ = clock_.now();
  monotonic_ = clock_.monotonic();
  doubt_ = Duration{0};
  left_ = retention_pause_far;
  save();
}

bool ClockWatch::settled() {
  observe();
  return doubt_ == Duration{0} && left_ == Duration{0};
}

void ClockWatch::save() {
  saved_ = clock_.monotonic();
  // On a full or read-only disk the old file stays: the next start then sees a longer step, which errs on the side of
  // keeping.
  const Time seen = doubt_ == Duration{0} ? clock_.now() : expected();
  static_cast<void>(write_file_durably(
      file_, std::string(header) + std::to_string(to_micros(seen)) + "\n" + std::to_string(left_.count()) + "\n"));
}

}  // namespace luy::evidence
