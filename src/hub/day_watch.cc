#include "hub/day_watch.h"

#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/file.h"
#include "base/log.h"
#include "event/batch.h"
#include "evidence/day_file.h"
#include "evidence/finding.h"
#include "evidence/hub_note.h"
#include "evidence/verify.h"
#include "hub/thread_priority.h"

namespace luy::hub {
namespace {

struct FileState {
  std::uint64_t bytes = 0;
  std::int64_t time = 0;
  bool operator==(const FileState&) const = default;
};

// One is written for each day or two; older ones went with their own days.
constexpr std::size_t retention_records_max = 10'000;

// Zeros when it is not there, which is a state like any other.
FileState state_of(const std::filesystem::path& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return {};
  return {static_cast<std::uint64_t>(found.st_size),
          static_cast<std::int64_t>(found.st_mtim.tv_sec) * 1'000'000'000 + found.st_mtim.tv_nsec};
}

}  // namespace

Result<std::unique_ptr<DayWatch>> DayWatch::open(Dependencies dependencies) {
  std::unique_ptr<DayWatch> watch(new DayWatch(std::move(dependencies)));
  LUY_TRY_VOID(watch->load());
  LUY_TRY(const auto days, watch->present_days());
  static_cast<void>(days);
  return watch;
}

Result<void> DayWatch::load() {
  return d_.database.read([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.query("SELECT day, file_bytes, file_time, size, root, checked_at, fault_vi, fault_en FROM hub_day",
                         {}, [&](const records::Row& row) {
                           const auto day = day_from_iso(row.text(0));
                           if (!day) return;
                           Known& known = known_[*day];
                           known.file_bytes = static_cast<std::uint64_t>(row.integer(1));
                           known.file_time = row.integer(2);
                           known.size = static_cast<std::uint64_t>(row.integer(3));
                           const auto root = from_hex(row.text(4));
                           if (root && root->size() == known.root.size()) {
                             std::ranges::transform(*root, known.root.begin(),
                                                    [](char byte) { return static_cast<std::uint8_t>(byte); });
                           }
                           known.check.checked_at = from_millis(row.integer(5));
                           known.check.fault_vi = row.text(6);
                           known.check.fault_en = row.text(7);
                         }));
    return c.query("SELECT day, agency, seq FROM hub_day_note", {}, [&](const records::Row& row) {
      const auto day = day_from_iso(row.text(0));
      const auto agency = AgencyId::parse(row.text(1));
      if (!day || !agency || !known_.contains(*day)) return;
      known_[*day].check.notes[*agency] = static_cast<std::uint64_t>(row.integer(2));
    });
  });
}

void DayWatch::start() {
  thread_ = std::thread([this] { run(); });
}

void DayWatch::stop() {
  stop_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void DayWatch::run() {
  lower_thread_priority();
  const std::stop_token stopping = stop_.get_token();
  while (!stopping.stop_requested()) {
    const Duration begun = d_.clock.monotonic();
    const auto checked = check_next();
    if (!checked) log(LogLevel::error, "hub", "verifying the evidence: " + checked.error().text());
    const Duration took = d_.clock.monotonic() - begun;
    const Duration rest = checked && *checked ? took * rest_factor : Duration(look_every);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stopping, rest, [] { return false; });
  }
}

std::optional<DayCheck> DayWatch::find(Day day) const {
  const std::lock_guard lock(mutex_);
  const auto found = known_.find(day);
  return found == known_.end() ? std::nullopt : std::optional(found->second.check);
}

std::size_t DayWatch::damaged() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(known_, [](const auto& entry) { return !entry.second.check.sound(); }));
}

// A day that was verified but is not in the store any more.
std::optional<Day> DayWatch::absent_day(const std::vector<evidence::DayInfo>& days) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [day, known] : known_) {
    const bool present = std::ranges::any_of(days, [&](const evidence::DayInfo& one) { return one.day == day; });
    if (!present && (known.file_bytes != 0 || known.check.sound())) return day;
  }
  return std::nullopt;
}

// First what looks different, then what was never verified, newest first, then what was verified longest ago.
std::optional<Day> DayWatch::day_to_check(const std::vector<evidence::DayInfo>& days) const {
  const std::lock_guard lock(mutex_);
  const Time now = d_.clock.now();
  std::optional<Day> fresh;
  std::optional<Day> old;
  Time oldest = now;
  for (const evidence::DayInfo& one : days) {
    if (!one.closed) continue;
    const auto known = known_.find(one.day);
    if (known == known_.end()) {
      if (!one.sha256.empty()) fresh = one.day;
      continue;
    }
    const FileState file = state_of(evidence::day_path(d_.folder, one.day));
    if (file != FileState{known->second.file_bytes, known->second.file_time}) return one.day;
    const Time checked = known->second.check.checked_at;
    // A clock that was set back must not put the next verification off.
    const Duration after = known->second.check.sound() ? Duration(recheck_after) : Duration(recheck_damaged_after);
    const bool due = now - checked >= after || checked > now;
    if (due && (!old || checked < oldest)) {
      old = one.day;
      oldest = checked;
    }
  }
  return fresh ? fresh : old;
}

bool DayWatch::received(Day day) const {
  const std::lock_guard lock(mutex_);
  return present_.contains(day) || known_.contains(day);
}

Result<std::vector<evidence::DayInfo>> DayWatch::present_days() {
  LUY_TRY(auto days, d_.store.days());
  const std::lock_guard lock(mutex_);
  present_.clear();
  for (const evidence::DayInfo& one : days) present_.insert(one.day);
  return days;
}

// A day on which nobody sent anything is told from a day on which the hub was off by this record.
Result<void> DayWatch::note_running(const std::vector<evidence::DayInfo>& days) {
  const Day today = day_of(d_.clock.now());
  if (!days.empty() && days.back().day >= today) return {};
  const boost::json::object text{{"note", "hub_running"}, {"day", to_iso(today)}};
  std::vector<OwnedRecord> records;
  records.push_back({"hub/evidence", static_cast<std::uint8_t>(event::Transport::hub), boost::json::serialize(text)});
  LUY_TRY_VOID(d_.writer.append(std::nullopt, std::move(records)));
  return {};
}

Result<bool> DayWatch::check_next() {
  LUY_TRY(const auto days, present_days());
  LUY_TRY_VOID(note_running(days));
  auto day = absent_day(days);
  const bool absent = day.has_value();
  if (absent) {
    LUY_TRY(const bool by_right, was_deleted_by_right(*day));
    if (by_right) {
      LUY_TRY_VOID(forget(*day));
      return true;
    }
  }
  if (!day) day = day_to_check(days);
  if (!day) return false;
  Known now = verify(*day);
  if (stop_.stop_requested()) return false;
  if (!absent) {
    // The retention may have taken it meanwhile.
    LUY_TRY(const auto still, d_.store.days());
    if (std::ranges::none_of(still, [&](const evidence::DayInfo& one) { return one.day == *day; })) return true;
  }
  LUY_TRY_VOID(settle(*day, std::move(now)));
  return true;
}

DayWatch::Known DayWatch::verify(Day day) const {
  const std::filesystem::path file = evidence::day_path(d_.folder, day);
  const FileState state = state_of(file);
  Known out;
  out.file_bytes = state.bytes;
  out.file_time = state.time;
  std::optional<Error> fault;
  evidence::VerifyOptions options;
  options.keys = d_.keys;
  options.stop = stop_.get_token();
  options.report = [&](const evidence::Finding& finding) {
    // That the digest differs says only that something does; what follows says what.
    if (finding.is_fault && (!fault || fault->is(evidence::finding_digest_wrong))) fault = finding.error;
  };
  const auto verified = evidence::verify_path(file, options);
  out.check.checked_at = d_.clock.now();
  if (!verified && !fault) {
    fault = verified.error().is(file_not_found) ? Error(evidence::finding_file_absent, file.filename().string())
                                                : verified.error();
  }
  if (verified) {
    out.size = verified->size;
    out.root = verified->root;
  }
  const std::lock_guard lock(mutex_);
  const auto before = known_.find(day);
  if (before != known_.end() && before->second.size != 0) {
    // The tree that was found sound once is the only one that can be sound again, whoever signed another.
    if (!fault && (before->second.size != out.size || before->second.root != out.root)) {
      fault = Error(evidence::finding_root_differs, file.filename().string() + ": " + to_hex(before->second.root));
    }
    out.size = before->second.size;
    out.root = before->second.root;
  } else if (fault) {
    out.size = 0;
  }
  if (fault) {
    out.check.fault_vi = fault->vi();
    out.check.fault_en = fault->en();
  }
  return out;
}

Result<void> DayWatch::settle(Day day, Known now) {
  std::optional<Known> before;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(day); found != known_.end()) before = found->second;
  }
  const bool news = !before || before->check.fault_en != now.check.fault_en;
  if (news) {
    if (!now.check.sound()) {
      log(LogLevel::error, "hub", "evidence of " + to_iso(day) + " is damaged: " + now.check.fault_en);
    } else if (before) {
      log(LogLevel::warning, "hub", "evidence of " + to_iso(day) + " is sound again");
    }
    LUY_TRY(now.check.notes, note(day, now));
  } else {
    now.check.notes = before->check.notes;
  }
  LUY_TRY_VOID(save(day, now));
  {
    const std::lock_guard lock(mutex_);
    known_[day] = std::move(now);
  }
  if (news && d_.changed) d_.changed(day);
  return {};
}

Result<std::map<AgencyId, std::uint64_t>> DayWatch::note(Day day, const Known& now) {
  const std::vector<AgencyId> agencies = d_.agencies();
  std::map<AgencyId, std::uint64_t> out;
  if (agencies.empty()) return out;
  boost::json::object text{{"note", now.check.sound() ? "day_verified" : "day_damaged"},
                           {"day", to_iso(day)},
                           {"file", evidence::day_path(d_.folder, day).filename().string()},
                           {"file_bytes", now.file_bytes}};
  if (now.check.sound()) {
    text["size"] = now.size;
    text["root"] = to_hex(now.root);
  } else {
    text["fault"] = now.check.fault_en;
  }
  std::vector<OwnedRecord> records;
  for (const AgencyId& agency : agencies) {
    records.push_back({agency.text() + "/hub/evidence", static_cast<std::uint8_t>(event::Transport::hub),
                       boost::json::serialize(text)});
  }
  LUY_TRY(const evidence::Appended appended, d_.writer.append(std::nullopt, std::move(records)));
  for (std::size_t i = 0; i < agencies.size(); ++i) out[agencies[i]] = appended.first_seq + i;
  return out;
}

Result<void> DayWatch::save(Day day, const Known& known) {
  const std::string name = to_iso(day);
  return d_.database.write([&](records::Connection& c) -> Result<void> {
    LUY_TRY_VOID(c.run(
        "INSERT INTO hub_day (day, file_bytes, file_time, size, root, checked_at, fault_vi, fault_en) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (day) DO UPDATE SET "
        "file_bytes = excluded.file_bytes, file_time = excluded.file_time, size = excluded.size, "
        "root = excluded.root, checked_at = excluded.checked_at, fault_vi = excluded.fault_vi, "
        "fault_en = excluded.fault_en",
        {name, static_cast<std::int64_t>(known.file_bytes), known.file_time, static_cast<std::int64_t>(known.size),
         to_hex(known.root), to_millis(known.check.checked_at), known.check.fault_vi, known.check.fault_en}));
    LUY_TRY_VOID(c.run("DELETE FROM hub_day_note WHERE day = $1", {name}));
    for (const auto& [agency, seq] : known.check.notes) {
      LUY_TRY_VOID(c.run("INSERT INTO hub_day_note (day, agency, seq) VALUES ($1, $2, $3)",
                         {name, agency.text(), static_cast<std::int64_t>(seq)}));
    }
    return {};
  });
}

// A day that a record of the retention names was deleted by right; nobody misses it. One that is merely old is missed:
// a clock or a hand may have taken it, or a hold keep it.
Result<bool> DayWatch::was_deleted_by_right(Day day) const {
  bool named = false;
  evidence::SearchQuery query;
  query.source_prefix = "hub/evidence";
  query.words = {"retention"};
  query.limit = retention_records_max;
  const auto stats = d_.store.search(query, stop_.get_token(), [&](const evidence::Record& record) {
    for (const evidence::DeletedDay& one : evidence::parse_retention_note(record.raw)) named = named || one.day == day;
    return named ? evidence::Visit::stop : evidence::Visit::keep;
  });
  if (!stats) return stats.error();
  return named;
}

Result<void> DayWatch::forget(Day day) {
  const std::string name = to_iso(day);
  const auto deleted = d_.database.write([&](records::Connection& c) -> Result<void> {
    for (const char* table : {"hub_day_note", "hub_day"}) {
      LUY_TRY_VOID(c.run("DELETE FROM " + std::string(table) + " WHERE day = $1", {name}));
    }
    return {};
  });
  if (!deleted) return deleted;
  const std::lock_guard lock(mutex_);
  known_.erase(day);
  return {};
}

}  // namespace luy::hub
