#include "evidence/clock_watch.h"

#include <charconv>
#include <string>

#include "base/file.h"

namespace luy::evidence {
namespace {

constexpr std::size_t file_bytes_max = 256;
constexpr Duration save_interval = std::chrono::minutes(1);
constexpr std::string_view header = "luy-clock 1\n";

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
  std::optional<Time> jumped;
};

// Header, last time seen, time of the last jump or -1; microseconds, each followed by LF.
std::optional<Saved> load(const std::filesystem::path& file) {
  const auto text = read_file(file, file_bytes_max);
  if (!text || !text->starts_with(header)) return std::nullopt;
  std::string_view rest(*text);
  rest.remove_prefix(header.size());
  const auto wall = take_number(rest);
  const auto jumped = take_number(rest);
  if (!wall || !jumped) return std::nullopt;
  return Saved{from_micros(*wall), *jumped < 0 ? std::nullopt : std::optional(from_micros(*jumped))};
}

}  // namespace

ClockWatch::ClockWatch(const Clock& clock, std::filesystem::path file, bool fresh)
    : clock_(clock), file_(std::move(file)), wall_(clock.now()), monotonic_(clock.monotonic()) {
  if (const auto saved = load(file_)) {
    jumped_ = saved->jumped;
    const Duration step = wall_ - saved->wall;
    if (step > jump_while_stopped || step < -jump_while_running) jumped_ = wall_;
  } else if (!fresh) {
    jumped_ = wall_;
  }
  save();
}

ClockWatch::~ClockWatch() {
  observe();
  save();
}

Time ClockWatch::observe() {
  const Time wall = clock_.now();
  const Duration monotonic = clock_.monotonic();
  const Duration error = (wall - wall_) - (monotonic - monotonic_);
  const bool jump = error > jump_while_running || error < -jump_while_running;
  if (jump) jumped_ = wall;
  // Steps below the threshold must not add up unseen: the reference moves only with the monotonic clock's pace.
  if (jump || monotonic - monotonic_ > retention_pause) {
    wall_ = wall;
    monotonic_ = monotonic;
  }
  if (jump || wall - saved_ > save_interval || saved_ > wall) save();
  return wall;
}

bool ClockWatch::settled() {
  const Time wall = observe();
  return !jumped_ || wall - *jumped_ >= retention_pause;
}

void ClockWatch::save() {
  saved_ = clock_.now();
  const std::int64_t jumped = jumped_ ? to_micros(*jumped_) : -1;
  // On a full or read-only disk the old file stays: the next start then sees a longer step, which errs on the side of
  // keeping.
  static_cast<void>(write_file_durably(
      file_, std::string(header) + std::to_string(to_micros(saved_)) + "\n" + std::to_string(jumped) + "\n"));
}

}  // namespace luy::evidence
