// The gate before programs: the kernel asks before a file is executed (fanotify(7), FAN_OPEN_EXEC_PERM) and a worker
// answers. Everything about it fails open: the kernel lets every program through the moment the worker's descriptor
// closes, and whoever watches over the worker kills it when it gives no sign for a while, even where it was stopped.
//
// What is not seen: scripts handed to an interpreter ("sh x"), libraries, and what is executed from memory or from a
// container's own file system (docs/adr/0229).
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/linux/install_gate.h"
#include "agent/linux/trust.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/result.h"
#include "device_policy/software.h"

namespace luy::agent {

inline constexpr ErrorKind gate_not_supported{
    "agent.gate_not_supported", ErrorClass::unavailable,
    "Nhân hệ điều hành hoặc quyền hiện có không cho kiểm soát chương trình khi chạy: {}.",
    "This kernel, or the rights at hand, do not allow to gate programs: {}."};

struct ExecutionSetup {
  std::filesystem::path data;        // Of the agent: trust and what is met lie in data/software.
  std::filesystem::path root = "/";  // dpkg's database is below; another folder only in tests.
  std::vector<std::string> marks;    // A path on each file system that is gated.
  const Clock& clock;
};

// What the worker and its watcher share; lies in memory common to both processes.
struct ExecutionShared {
  std::atomic<std::uint64_t> beats{0};     // Goes on as long as the worker works.
  std::atomic<std::uint64_t> answered{0};  // Programs that the kernel asked about.
  std::atomic<std::uint64_t> refused{0};
};

// The verdict on one file, apart from the kernel: what the worker asks. Not thread-safe.
class ExecutionJudge {
 public:
  ExecutionJudge(const ExecutionSetup& setup, device_policy::Software section, Trust trust);

  enum class Verdict : std::uint8_t { trusted, packages_change, unknown };
  struct Answer {
    Verdict verdict = Verdict::unknown;
    std::string sha256;  // Of an unknown one, where it could be read; lower-case hexadecimal.
  };
  // `path` is where the file lies, as far as known; `at_work` is called now and then during long reads.
  Answer judge(int fd, const std::string& path, const std::function<void()>& at_work);
  std::size_t trusted() const { return trust_.size(); }
  const Trust& trust() const { return trust_; }

 private:
  const ExecutionSetup& setup_;
  device_policy::Software section_;
  Trust trust_;
  std::map<FileKey, Answer> known_;  // Unknown ones that were read.
};

// Watches over the worker. Belongs to one thread; step() never waits longer than for a process to be made.
class ExecutionGate {
 public:
  // Without a sign for this long the worker is ended. A machine under heavy load may have it wait; that fails open,
  // too.
  static constexpr Duration silence_max = std::chrono::seconds(5);
  static constexpr Duration again_pause = std::chrono::seconds(10);
  static constexpr int deaths_max = 5;  // Within deaths_period; then it stays away for that long.
  static constexpr Duration deaths_period = std::chrono::minutes(10);

  explicit ExecutionGate(ExecutionSetup setup);
  ~ExecutionGate();
  ExecutionGate(const ExecutionGate&) = delete;
  ExecutionGate& operator=(const ExecutionGate&) = delete;

  // Brings the worker in line with the section and looks after it: call it about twice a second.
  void step(const device_policy::Software& section);
  void stop();

  std::string state() const { return state_; }      // "off", "audit", "deny", "failed"
  std::string because() const { return because_; }  // Why failed: a word; else empty.
  std::int64_t trusted() const { return trusted_; }
  pid_t worker() const { return worker_; }  // -1: there is none.
  const ExecutionShared& shared() const { return *shared_; }
  // Whether the list of trusted programs is of the packages as they are now.
  bool is_fresh() const;

 private:
  void start(const device_policy::Software& section);
  void died(const std::string& why);
  void follow_builder();
  void build_trust();

  ExecutionSetup setup_;
  ExecutionShared* shared_ = nullptr;
  device_policy::Software section_;
  std::string state_ = "off";
  std::string because_;
  std::int64_t trusted_ = 0;
  pid_t worker_ = -1;
  pid_t builder_ = -1;
  DatabaseStamp built_;  // What the file of trusted programs was made of.
  std::uint64_t beats_ = 0;
  Duration beat_at_{0};
  Duration start_at_{0};
  std::vector<Duration> deaths_;
};

// Where programs are gated on this machine: a mount point of each local file system that can hold programs.
std::vector<std::string> gated_mounts();

}  // namespace luy::agent
