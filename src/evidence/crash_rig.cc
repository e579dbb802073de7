#include "evidence/crash_rig.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <thread>

#include "base/check.h"
#include "evidence/rewrite.h"
#include "evidence/store.h"
#include "evidence/verify.h"

namespace luy::evidence {
namespace {

const BatchKey rig_key{"device", 42, 0};

// Moves with the batches, so that a child that starts again goes on in the same day: 80 batches a day.
Time rig_time(std::uint64_t number) {
  return day_begin(*day_from_iso("2026-11-22")) + std::chrono::minutes(18) * static_cast<std::int64_t>(number);
}

}  // namespace

std::vector<std::string> rig_lines(std::uint64_t number) {
  SeededRandom random(number);
  std::vector<std::string> out;
  const std::uint64_t count = random.next() % 40;
  // Now and then large enough that a block is sealed every few batches.
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
  auto store = open_store({folder_ / "evidence", 30}, clock, *signer);
  LUY_CHECK_MSG(store.has_value(), store ? "" : store.error().text());
  for (std::uint64_t i = 1; i <= batches_max; ++i) {
    const std::uint64_t number = acknowledged_ + i;
    clock.set(rig_time(number));
    const std::vector<std::string> lines = rig_lines(number);
    BatchKey key = rig_key;
    key.number = number;
    Store::Batch batch{key, {}};
    for (const std::string& line : lines) batch.records.push_back({"agency/device/x", 1, line});
    const auto answer = (*store)->append({&batch, 1});
    LUY_CHECK_MSG(answer.has_value(), answer ? "" : answer.error().text());
    LUY_CHECK(answer->front().missing == 0);
    acknowledged(number);
    if (number % 3 == 0) LUY_CHECK((*store)->checkpoint().has_value());
    if (number % 16 == 0) LUY_CHECK((*store)->close_days_before(day_of(clock.now())).has_value());
    if (number % 48 == 0 && day_of(clock.now()) > day_of(rig_time(1))) {
      LUY_CHECK((*store)->rewrite_day({day_of(clock.now()) - std::chrono::days(1)}).has_value());
    }
  }
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
  const auto store = open_store({folder_ / "evidence", 30}, clock, *signer);
  if (!store) {
    out.damaged = 1;
    out.what = store.error().text();
    return out;
  }
  // The batch after the last acknowledged one may be there: stored, but the child died before it could say so.
  std::vector<std::string> want;
  for (std::uint64_t number = 1; number <= acknowledged_ + 1; ++number) {
    for (std::string& line : rig_lines(number)) want.push_back(std::move(line));
  }
  const std::size_t must = want.size() - rig_lines(acknowledged_ + 1).size();
  std::map<std::string, int> seen;
  std::size_t at = 0;
  const auto read = (*store)->replay(0, [&](const Record& record) {
    if (record.transport != 1) return true;
    if (++seen[record.raw] > 1) ++out.duplicated;
    if (at >= want.size() || want[at] != record.raw) ++out.damaged;
    ++at;
    return true;
  });
  if (at < must) out.lost = must - at;
  if (!read) {
    ++out.damaged;
    out.what = read.error().text();
  }
  VerifyOptions options{.keys = {*VerifierKey::parse(signer->vkey())}};
  options.report = [&](const evidence::Finding& finding) {
    if (finding.is_fault) out.what += finding.error.text() + "\n";
  };
  if ((*store)->size() == 0) return out;
  // A day that ended just before the crash is still to be closed.
  if (!(*store)->close_days_before(day_of(clock.now()))) ++out.damaged;
  // As the hub does within seconds of its start: what the crash left unsigned is signed.
  if (!(*store)->checkpoint()) ++out.damaged;
  const auto verified = verify_path(folder_ / "evidence", options);
  if (!verified || verified->faults > 0) ++out.damaged;
  return out;
}

}  // namespace luy::evidence
