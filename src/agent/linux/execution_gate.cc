#include "agent/linux/execution_gate.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <set>

#include "agent/linux/execution_worker.h"
#include "agent/linux/install_hook.h"
#include "agent/linux/mount_table.h"
#include "base/check.h"
#include "base/encoding.h"
#include "base/log.h"

namespace luy::agent {
namespace {

using device_policy::ExecuteGate;
using device_policy::Software;

constexpr std::size_t trust_bytes_max = 128 << 20;
constexpr std::size_t mounts_bytes_max = 1 << 20;

std::filesystem::path trust_file(const ExecutionSetup& setup) {
  return software_folder(setup.data) / "trust";
}

Trust trust_on_disk(const ExecutionSetup& setup) {
  const auto text = read_file(trust_file(setup), trust_bytes_max);
  if (!text) return {};
  auto read = Trust::read(*text);
  return read ? *std::move(read) : Trust();
}

// Ended and collected; a stopped process, too.
void end_process(pid_t pid) {
  if (pid <= 0) return;
  ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
}

bool has_ended(pid_t pid, int& status) {
  return ::waitpid(pid, &status, WNOHANG) == pid;
}

}  // namespace

std::vector<std::string> gated_mounts() {
  // Local file systems that people and packages write programs to. Not overlays: a container brings programs of its
  // own, which no package of this machine knows.
  constexpr std::array<std::string_view, 9> kinds = {"ext2", "ext3", "ext4",  "xfs",  "btrfs",
                                                     "f2fs", "vfat", "exfat", "tmpfs"};
  const auto text = read_file("/proc/self/mountinfo", mounts_bytes_max);
  std::vector<std::string> out;
  if (!text) return out;
  std::set<std::string> seen;
  for (const Mount& mount : parse_mounts(*text)) {
    if (std::find(kinds.begin(), kinds.end(), mount.file_system) == kinds.end()) continue;
    if (seen.insert(mount.device_number).second) out.push_back(mount.point);
  }
  return out;
}

ExecutionJudge::ExecutionJudge(const ExecutionSetup& setup, Software section, Trust trust)
    : setup_(setup), section_(std::move(section)), trust_(std::move(trust)) {
  for (const device_policy::TrustedProgram& one : section_.programs) {
    const auto bytes = from_hex(one.sha256);
    Hash digest{};
    if (!bytes || bytes->size() != digest.size()) continue;
    std::copy(bytes->begin(), bytes->end(), digest.begin());
    trust_.add(digest);
  }
}

ExecutionJudge::Answer ExecutionJudge::judge(int fd, const std::string& path, const std::function<void()>& at_work) {
  struct stat about {};
  // What cannot be looked at is let through: the kernel executes it by rules of its own.
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return {Verdict::trusted, {}};
  const FileKey key = key_of(about);
  if (trust_.has(key)) return {Verdict::trusted, {}};
  // Settings that are scripts are changed by administrators, and only by them.
  if (path.starts_with("/etc/") && about.st_uid == 0 && (about.st_mode & 0022) == 0) return {Verdict::trusted, {}};
  // Packages are being unpacked, or were since the list was made: what they bring must run at once.
  if (database_busy(setup_.root) || !(stamp_of(setup_.root) == trust_.stamp())) return {Verdict::packages_change, {}};
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  Answer out;
  if (const auto digest = hash_of(fd, at_work)) {
    if (trust_.has(*digest)) {
      out.verdict = Verdict::trusted;
    } else {
      out.sha256 = to_hex(*digest);
    }
  }
  // Not the machine's whole memory, if somebody makes programs all day.
  constexpr std::size_t known_max = 50'000;
  if (known_.size() >= known_max) known_.clear();
  known_[key] = out;
  return out;
}

ExecutionGate::ExecutionGate(ExecutionSetup setup) : setup_(std::move(setup)) {
  void* const memory =
      ::mmap(nullptr, sizeof(ExecutionShared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  LUY_CHECK_MSG(memory != MAP_FAILED, "a page of shared memory");
  shared_ = new (memory) ExecutionShared();
}

ExecutionGate::~ExecutionGate() {
  stop();
  ::munmap(shared_, sizeof(ExecutionShared));
}

void ExecutionGate::stop() {
  end_process(std::exchange(worker_, -1));
  end_process(std::exchange(builder_, -1));
  state_ = "off";
  because_.clear();
}

bool ExecutionGate::is_fresh() const {
  return built_ == stamp_of(setup_.root) && !(built_ == DatabaseStamp());
}

// In a process of its own: it reads gigabytes the first time.
void ExecutionGate::build_trust() {
  builder_ = ::fork();
  if (builder_ != 0) return;
  if (::setpriority(PRIO_PROCESS, 0, 10) != 0) log(LogLevel::info, "agent", "the builder of trust keeps its priority");
  const auto built = Trust::build(setup_.root, trust_on_disk(setup_));
  const bool kept = built && write_file_durably(trust_file(setup_), built->to_text());
  ::_exit(kept ? 0 : 1);
}

void ExecutionGate::follow_builder() {
  int status = 0;
  if (builder_ > 0) {
    if (!has_ended(builder_, status)) return;
    builder_ = -1;
    const Trust fresh = trust_on_disk(setup_);
    if (fresh.size() == 0) {
      state_ = "failed";
      because_ = "no_trust";
      start_at_ = setup_.clock.monotonic() + again_pause;
      return;
    }
    built_ = fresh.stamp();
    trusted_ = static_cast<std::int64_t>(fresh.size());
    // It reads the new list when it begins; between the two the kernel lets everything through.
    end_process(std::exchange(worker_, -1));
    start_at_ = Duration::zero();
  }
  const bool wanted = !is_fresh() && !database_busy(setup_.root) && setup_.clock.monotonic() >= start_at_;
  if (wanted && builder_ < 0) build_trust();
}

void ExecutionGate::died(const std::string& why) {
  worker_ = -1;
  const Duration now = setup_.clock.monotonic();
  deaths_.push_back(now);
  std::erase_if(deaths_, [&](Duration at) { return now - at > deaths_period; });
  start_at_ = now + (deaths_.size() >= deaths_max ? deaths_period : again_pause);
  state_ = "failed";
  because_ = why;
  log(LogLevel::warning, "gate", "the worker ended: " + why);
}

void ExecutionGate::start(const Software& section) {
  section_ = section;
  beats_ = shared_->beats;
  beat_at_ = setup_.clock.monotonic();
  const pid_t self = ::getpid();
  worker_ = ::fork();
  if (worker_ < 0) return died("fork");
  if (worker_ == 0) ::_exit(execution_worker(setup_, section, trust_on_disk(setup_), *shared_, self));
  state_ = name_of(section.execute);
  because_.clear();
}

void ExecutionGate::step(const Software& section) {
  if (section.execute == ExecuteGate::off) {
    if (state_ != "off") stop();
    deaths_.clear();
    start_at_ = Duration::zero();
    return;
  }
  if (worker_ > 0) {
    int status = 0;
    const Duration now = setup_.clock.monotonic();
    if (has_ended(worker_, status)) {
      const bool refused = WIFEXITED(status) && WEXITSTATUS(status) == worker_not_supported;
      died(refused ? "not_supported" : "worker_ended");
    } else if (shared_->beats != beats_) {
      beats_ = shared_->beats;
      beat_at_ = now;
    } else if (now - beat_at_ > silence_max) {
      end_process(worker_);
      died("worker_silent");
    }
  }
  follow_builder();
  // Another section: a new worker.
  if (worker_ > 0 && !(section == section_)) end_process(std::exchange(worker_, -1));
  const bool ready = trusted_ > 0 && worker_ < 0 && setup_.clock.monotonic() >= start_at_;
  if (ready) start(section);
  if (state_ == "off") because_ = "no_trust";
  if (state_ == "off") state_ = "failed";
}

}  // namespace luy::agent
