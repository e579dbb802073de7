#include "agent/backup_plan.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"

namespace luy::agent {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr std::string_view heading = "backup1";

bool read_number(std::string_view text, std::int64_t& out) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size();
}

std::string field(std::string_view text) {
  return text.empty() ? "-" : to_hex(as_bytes(text));
}
std::string field(const std::optional<Time>& time) {
  return time ? std::to_string(to_micros(*time)) : "-";
}
std::string field(std::int64_t number) {
  return std::to_string(number);
}

// Takes the fields of a line one after the other; once one is wrong, all is.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}
  std::string_view word() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view out = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (out.empty()) good_ = false;
    return out;
  }
  void take(std::string& out) {
    const std::string_view one = word();
    if (one == "-") return;
    auto bytes = from_hex(one);
    good_ = good_ && bytes;
    if (bytes) out = *std::move(bytes);
  }
  void take(std::int64_t& out) { good_ = read_number(word(), out) && good_; }
  void take(bool& out) {
    std::int64_t number = 0;
    take(number);
    out = number != 0;
  }
  void take(std::optional<Time>& out) {
    const std::string_view one = word();
    std::int64_t micros = 0;
    if (one == "-") return;
    if (read_number(one, micros)) {
      out = from_micros(micros);
    } else {
      good_ = false;
    }
  }
  void take(Time& out) {
    std::optional<Time> time;
    take(time);
    if (time) out = *time;
  }
  bool good() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

template <class Memory, class Each>
void each_run_field(Memory& one, const Each& each) {
  each(one.set);
  each(one.target);
  each(one.at);
  each(one.repository);
  each(one.under_way);
  each(one.because);
  each(one.detail);
  each(one.since);
  each(one.started_at);
  each(one.ended_at);
  each(one.succeeded_at);
  each(one.missed);
  each(one.plugged_at);
  each(one.unplugged_at);
  each(one.snapshot);
  each(one.files);
  each(one.bytes);
  each(one.bytes_added);
  each(one.rounds);
}
template <class Drill, class Each>
void each_drill_field(Drill& one, const Each& each) {
  each(one.set);
  each(one.target);
  each(one.place);
  each(one.snapshot);
  each(one.started_at);
  each(one.ended_at);
  each(one.passed);
  each(one.because);
  each(one.files);
  each(one.bytes);
  each(one.differing);
  each(one.missing);
  each(one.databases);
  each(one.report_sha256);
}

struct Writer {
  std::string& out;
  void operator()(const std::string& text) const { out += ' ' + field(std::string_view(text)); }
  void operator()(const std::optional<Time>& time) const { out += ' ' + field(time); }
  void operator()(const Time& time) const { out += ' ' + field(std::optional(time)); }
  void operator()(bool flag) const { out += flag ? " 1" : " 0"; }
  void operator()(std::int64_t number) const { out += ' ' + field(number); }
};

Duration every(const device_policy::Backup& section, const device_policy::BackupSet& set) {
  return days(std::min(set.every_days, section.period_days));
}

// So long before its time a run begins, so that it can end in time.
Duration lead(Duration period) {
  return std::min<Duration>(days(1), period / 6);
}

// A time that is yet to come was written by a clock that has been moved back since: it must not put anything off.
std::optional<Time> past(const std::optional<Time>& time, Time now) {
  return time && *time <= now ? time : std::nullopt;
}

bool may_try(const BackupMemory* memory, Time now) {
  if (memory == nullptr || memory->under_way || memory->because.empty()) return true;
  const auto ended = past(memory->ended_at, now);
  return !ended || now - *ended >= backup_again_after(memory->because);
}

const fact::RestoreDrill* newest_drill(const BackupBook& book, std::string_view set, bool passed) {
  for (auto one = book.drills.rbegin(); one != book.drills.rend(); ++one) {
    if (one->set == set && (!passed || one->passed)) return &*one;
  }
  return nullptr;
}

bool drill_due(const BackupView& view, const device_policy::BackupSet& set) {
  const fact::RestoreDrill* newest = newest_drill(view.book, set.name, false);
  // What failed is tried again on the next day.
  if (newest != nullptr && !newest->passed && newest->ended_at <= view.now && view.now - newest->ended_at < hours(24)) {
    return false;
  }
  const fact::RestoreDrill* passed = newest_drill(view.book, set.name, true);
  if (passed == nullptr || passed->ended_at > view.now) return true;
  const Duration period = days(view.section.drill_days);
  return view.now - passed->ended_at >= period - std::min<Duration>(days(7), period / 4);
}

bool is_there(const BackupView& view, const BackupSlot& slot) {
  if (view.section.sets[slot.set].targets[slot.target].kind != device_policy::BackupPlace::medium) return true;
  return std::find(view.present.begin(), view.present.end(), slot.at) != view.present.end();
}

}  // namespace

BackupMemory* BackupBook::find(std::string_view set, std::string_view target, std::string_view at) {
  for (BackupMemory& one : runs) {
    if (one.set == set && one.target == target && one.at == at) return &one;
  }
  return nullptr;
}
const BackupMemory* BackupBook::find(std::string_view set, std::string_view target, std::string_view at) const {
  return const_cast<BackupBook*>(this)->find(set, target, at);
}

std::string to_text(const BackupBook& book) {
  std::string out(heading);
  out += '\n';
  for (const BackupMemory& one : book.runs) {
    out += "run";
    each_run_field(one, Writer{out});
    out += '\n';
  }
  for (const fact::RestoreDrill& one : book.drills) {
    out += "drill";
    each_drill_field(one, Writer{out});
    out += '\n';
  }
  return out;
}

BackupBook backup_book(std::string_view text) {
  BackupBook out;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (std::exchange(first, false)) {
      if (whole != heading) return {};
      continue;
    }
    Line line(whole);
    const std::string_view what = line.word();
    const auto take = [&](auto& value) { line.take(value); };
    if (what == "run") {
      each_run_field(out.runs.emplace_back(), take);
    } else if (what == "drill") {
      each_drill_field(out.drills.emplace_back(), take);
    } else {
      return {};
    }
    if (!line.good()) return {};
  }
  return out;
}

std::vector<BackupSlot> backup_slots(const device_policy::Backup& section) {
  std::vector<BackupSlot> out;
  for (std::size_t s = 0; s < section.sets.size(); ++s) {
    for (std::size_t t = 0; t < section.sets[s].targets.size(); ++t) {
      const device_policy::BackupTarget& target = section.sets[s].targets[t];
      if (target.kind == device_policy::BackupPlace::disk) out.push_back({s, t, target.path});
      for (const std::string& medium : target.media) out.push_back({s, t, medium});
    }
  }
  return out;
}

std::optional<Time> backup_due(const device_policy::Backup& section, const device_policy::BackupSet& set,
                               const BackupMemory* memory) {
  if (!section.run || memory == nullptr) return std::nullopt;
  const std::optional<Time> from = memory->succeeded_at ? memory->succeeded_at : memory->since;
  return from ? std::optional(*from + every(section, set)) : std::nullopt;
}

bool in_backup_window(const device_policy::Backup& section, Time now) {
  const Time midnight = day_begin(day_of(now));
  return now >= midnight + minutes(section.from_minute) && now < midnight + minutes(section.until_minute);
}

Duration backup_again_after(std::string_view because) {
  if (because == because::interrupted) return minutes(1);
  if (because == because::locked || because == because::battery || because == because::load) return minutes(10);
  return hours(1);
}

std::optional<BackupStep> plan_backup(const BackupView& view) {
  if (!view.section.run || !in_backup_window(view.section, view.now)) return std::nullopt;
  std::optional<BackupStep> best;
  std::optional<Time> best_due;
  const std::vector<BackupSlot> slots = backup_slots(view.section);
  for (const BackupSlot& slot : slots) {
    const device_policy::BackupSet& set = view.section.sets[slot.set];
    const std::string_view target = device_policy::name_of(set.targets[slot.target].kind);
    const BackupMemory* memory = view.book.find(set.name, target, slot.at);
    if (!is_there(view, slot) || !may_try(memory, view.now)) continue;
    if (memory != nullptr && memory->under_way) return BackupStep{slot};
    const Duration period = every(view.section, set);
    const auto succeeded = memory != nullptr ? past(memory->succeeded_at, view.now) : std::nullopt;
    if (succeeded && view.now - *succeeded < period - lead(period)) continue;
    const Time due = succeeded ? *succeeded + period : Time{};
    if (!best_due || due < *best_due) {
      best = BackupStep{slot};
      best_due = due;
    }
  }
  if (best) return best;
  for (const BackupSlot& slot : slots) {
    const device_policy::BackupSet& set = view.section.sets[slot.set];
    const std::string_view target = device_policy::name_of(set.targets[slot.target].kind);
    const BackupMemory* memory = view.book.find(set.name, target, slot.at);
    if (memory == nullptr || memory->snapshot.empty() || !is_there(view, slot) || !drill_due(view, set)) continue;
    return BackupStep{slot, true};
  }
  return std::nullopt;
}

}  // namespace luy::agent
