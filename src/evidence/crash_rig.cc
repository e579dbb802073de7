#include "evidence/crash_rig.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <system_error>
#include <thread>

#include "base/check.h"
#include "evidence/package.h"
#include "evidence/package_days.h"
#include "evidence/package_files.h"
#include "evidence/rewrite.h"
#include "evidence/store.h"
#include "evidence/verify.h"

namespace luy::evidence {
namespace {

const BatchKey rig_key{"device", 42, 0};

// Moves with the batches, so that a child that starts again goes on in the same day. Six batches a day: after 180 of
// them days are old enough to be deleted, and what is kept does not grow with the campaign.
constexpr auto batch_time = std::chrono::hours(4);
constexpr int retention_days = 30;
constexpr std::string_view export_prefix = "export-";

Time rig_time(std::uint64_t number) {
  return day_begin(*day_from_iso("2026-11-22")) + batch_time * static_cast<std::int64_t>(number);
}

// "<batch>:<line> " begins every line of the rig.
std::string_view line_name(std::string_view line) {
  return line.substr(0, line.find(' '));
}

}  // namespace

std::vector<std::string> rig_lines(std::uint64_t number) {
  SeededRandom random(number);
  std::vector<std::string> out;
  const std::string padding(950'000, '.');
  if (number % 60 == 30) {  // More than a block: it is sealed within the commit.
    for (int i = 0; i < 9; ++i) {
      out.push_back(std::to_string(number) + ":" + std::to_string(i) + " " + std::to_string(random.next()) + padding);
    }
    return out;
  }
  const std::uint64_t count = random.next() % 40;
  const std::size_t bytes = number % 8 == 0 ? 20'000 : 40;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string line = std::to_string(number) + ":" + std::to_string(i) + " ";
    while (line.size() < bytes) line += std::to_string(random.next()) + " ";
    out.push_back(std::move(line));
  }
  return out;
}

CrashRig::CrashRig(std::filesystem::path folder, std::uint64_t seed) : folder_(std::move(folder)), random_(seed) {
  LUY_CHECK(FileNoteSigner::generate(folder_ / "key.pem").has_value());
}

CrashRig CrashRig::found(std::filesystem::path folder, std::uint64_t acknowledged) {
  return {std::move(folder), acknowledged, acknowledged};
}

void CrashRig::fill(const std::function<void(std::uint64_t)>& acknowledged, std::uint64_t batches_max) const {
  FakeClock clock(rig_time(acknowledged_ + 1));
  const auto signer = *FileNoteSigner::load(folder_ / "key.pem", "luy/rig");
  auto store = open_store({folder_ / "evidence", retention_days}, clock, *signer);
  LUY_CHECK_MSG(store.has_value(), store ? "" : store.error().text());
  for (std::uint64_t i = 1; i <= batches_max; ++i) {
    const std::uint64_t number = acknowledged_ + i;
    if (i > 1) clock.advance(batch_time);
    const std::vector<std::string> lines = rig_lines(number);
    BatchKey key = rig_key;
    key.number = number;
    Store::Batch batch{key, {}};
    for (const std::string& line : lines) batch.records.push_back({"agency/device/x", 1, line});
    const auto answer = (*store)->append({&batch, 1});
    LUY_CHECK_MSG(answer.has_value(), answer ? "" : answer.error().text());
    LUY_CHECK(answer->front().missing == 0);
    acknowledged(number);
    keep_house(**store, clock, *signer, number);
  }
}

// What the hub does beside taking records, each every few batches.
void CrashRig::keep_house(Store& store, const FakeClock& clock, NoteSigner& signer, std::uint64_t number) const {
  const Day today = day_of(clock.now());
  if (number % 3 == 0) LUY_CHECK(store.checkpoint().has_value());
  if (number % 4 == 0) LUY_CHECK(store.close_days_before(today).has_value());
  if (number % 6 == 5) {
    const auto deleted = store.delete_before(today - std::chrono::days(retention_days));
    LUY_CHECK_MSG(deleted || deleted.error().is(retention_floor), deleted ? "" : deleted.error().text());
  }
  const auto days = store.days();
  LUY_CHECK(days.has_value());
  if (days->size() < 2 || !days->at(days->size() - 2).closed) return;
  const Day last = days->at(days->size() - 2).day;
  if (number % 48 == 0) LUY_CHECK(store.rewrite_day({last}).has_value());
  if (number % 16 != 7) return;
  // Of the one before nothing is left but a name that nobody takes for a package.
  std::error_code error;
  const auto folder = [&](std::uint64_t n) { return folder_ / (std::string(export_prefix) + std::to_string(n)); };
  std::filesystem::remove_all(folder_ / "old-export", error);
  if (number > 16) std::filesystem::rename(folder(number - 16), folder_ / "old-export", error);
  std::filesystem::remove_all(folder_ / "old-export", error);
  const PackageSeal seal{signer, clock.now(), ""};
  const auto made = number % 32 == 7
                        ? write_package(*store.archive(), *Question::parse(""), {.limit = 5}, folder(number), &seal)
                        : write_day_package(*store.archive(), {last, last, signer, clock.now()}, folder(number));
  LUY_CHECK_MSG(made.has_value(), made ? "" : made.error().text());
}

int CrashRig::spawn(const std::function<void()>& prepare, std::uint64_t batches_max, int& acks) {
  int ends[2] = {-1, -1};
  LUY_CHECK(::pipe(ends) == 0);
  const pid_t child = ::fork();
  LUY_CHECK(child >= 0);
  if (child == 0) {
    ::close(ends[0]);
    if (prepare) prepare();
    const auto tell = [&](std::uint64_t number) {
      LUY_CHECK(::write(ends[1], &number, sizeof number) == sizeof number);
    };
    fill(tell, batches_max);
    ::_exit(0);
  }
  ::close(ends[1]);
  acks = ends[0];
  return child;
}

void CrashRig::take_acks(int fd) {
  std::uint64_t number = 0;
  while (::read(fd, &number, sizeof number) == sizeof number) {
    LUY_CHECK(number == acknowledged_ + 1);
    acknowledged_ = number;
  }
  ::close(fd);
}

void CrashRig::cycle(Duration life_max) {
  int acks = -1;
  const int child = spawn(nullptr, 4000, acks);  // 4,000 acks fit into the pipe: the child never waits for us.
  const auto life = Duration(static_cast<std::int64_t>(random_.next() % static_cast<std::uint64_t>(life_max.count())));
  std::this_thread::sleep_for(life);
  ::kill(child, SIGKILL);
  int status = 0;
  LUY_CHECK(::waitpid(child, &status, 0) == child);
  LUY_CHECK_MSG(!WIFSIGNALED(status) || WTERMSIG(status) == SIGKILL, "the child failed before it was killed");
  take_acks(acks);
}

int CrashRig::run_to_end(const std::function<void()>& prepare, std::uint64_t batches_max) {
  int acks = -1;
  const int child = spawn(prepare, batches_max, acks);
  take_acks(acks);
  int status = 0;
  LUY_CHECK(::waitpid(child, &status, 0) == child);
  return status;
}

CrashRig::Finding CrashRig::check() {
  Finding out;
  FakeClock clock(rig_time(acknowledged_ + 1));
  const auto signer = *FileNoteSigner::load(folder_ / "key.pem", "luy/rig");
  const auto store = open_store({folder_ / "evidence", retention_days}, clock, *signer);
  if (!store) {
    out.damaged = 1;
    out.what = store.error().text();
    return out;
  }
  check_records(**store, day_of(clock.now()), out);
  VerifyOptions options{.keys = {*VerifierKey::parse(signer->vkey())}};
  check_exports(options, out);
  if ((*store)->size() == 0) return out;
  // A day that ended just before the crash is still to be closed.
  if (!(*store)->close_days_before(day_of(clock.now()))) ++out.damaged;
  // As the hub does within seconds of its start: what the crash left unsigned is signed.
  if (!(*store)->checkpoint()) ++out.damaged;
  options.report = [&](const evidence::Finding& finding) {
    if (finding.is_fault) out.what += finding.error.text() + "\n";
  };
  const auto verified = verify_path(folder_ / "evidence", options);
  if (!verified || verified->faults > 0) ++out.damaged;
  return out;
}

// Each batch from the first one kept on, once and in order. The batch after the last acknowledged one may be there:
// stored, but the child died before it could say so.
void CrashRig::check_records(const Store& store, Day today, Finding& out) const {
  std::uint64_t number = 0;  // The batch at hand,
  std::size_t line = 0;      // and its line that is to come.
  std::vector<std::string> lines;
  const auto skip_empty = [&] {
    while (number <= acknowledged_ && line == lines.size()) {
      lines = rig_lines(++number);
      line = 0;
    }
  };
  std::set<std::string, std::less<>> seen;
  bool in_order = true;
  const auto read = store.replay(0, [&](const Record& record) {
    if (record.transport != 1) return true;
    if (!seen.emplace(line_name(record.raw)).second) ++out.duplicated;
    if (number == 0) {
      number = std::strtoull(record.raw.c_str(), nullptr, 10);
      lines = rig_lines(number);
      check_deleted(number, today, out);
    }
    skip_empty();
    in_order = in_order && line < lines.size() && lines[line] == record.raw;
    if (!in_order) ++out.damaged;
    ++line;
    return true;
  });
  if (number == 0) number = 1, lines = rig_lines(1);
  for (; in_order && number <= acknowledged_; lines = rig_lines(++number), line = 0) out.lost += lines.size() - line;
  if (!read) {
    ++out.damaged;
    out.what += read.error().text();
  }
}

// What was before the batch that is kept first: whole days, and all of them old.
void CrashRig::check_deleted(std::uint64_t first, Day today, Finding& out) {
  std::uint64_t last = first - 1;
  while (last > 0 && rig_lines(last).empty()) --last;
  if (last == 0) return;
  const Day day = day_of(rig_time(last));
  if (day < today - std::chrono::days(retention_days) && day < day_of(rig_time(first))) return;
  out.lost += rig_lines(last).size();
  out.what += "batch " + std::to_string(last) + " is gone, batch " + std::to_string(first) + " is there\n";
}

// A package that was finished verifies; one that was not is never taken for one.
void CrashRig::check_exports(VerifyOptions options, Finding& out) const {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().filename().string().starts_with(export_prefix)) found.push_back(entry.path());
  }
  for (const auto& folder : found) {
    const bool finished = std::filesystem::exists(folder / package_manifest);
    std::string faults;
    options.report = [&](const evidence::Finding& finding) {
      if (finding.is_fault) faults += finding.error.text() + "\n";
    };
    const auto verified = verify_package(folder, options);
    if (!verified) faults = verified.error().text();
    if (finished == faults.empty()) continue;
    ++out.damaged;
    out.what += folder.filename().string() + (finished ? ", finished: " + faults : ", not finished: intact\n");
  }
}

}  // namespace luy::evidence
