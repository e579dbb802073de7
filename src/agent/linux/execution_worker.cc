#include "agent/linux/execution_worker.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/fanotify.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>

#include "agent/linux/install_hook.h"
#include "agent/linux/text.h"

namespace luy::agent {
namespace {

using device_policy::ExecuteGate;
using Verdict = ExecutionJudge::Verdict;

constexpr int poll_millis = 500;
constexpr std::size_t event_bytes = 64 << 10;
constexpr off_t met_bytes_max = 1 << 20;
// A program that is started all day is written down once in this time.
constexpr Duration tell_pause = std::chrono::hours(1);
constexpr std::size_t told_max = 10'000;

std::string path_of(int fd) {
  std::array<char, 4096> buffer{};
  const std::string name = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t n = ::readlink(name.c_str(), buffer.data(), buffer.size());
  return n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : std::string();
}

class Worker {
 public:
  Worker(const ExecutionSetup& setup, const device_policy::Software& section, Trust trust, ExecutionShared& shared)
      : setup_(setup),
        denies_(section.execute == ExecuteGate::deny),
        judge_(setup, section, std::move(trust)),
        shared_(shared) {
    // Names of users now: later nothing may be asked of anybody.
    if (const auto text = read_file(setup.root / "etc/passwd", 4 << 20)) {
      for (const std::string_view line : lines(*text)) {
        const auto fields = split(line, ':');
        if (fields.size() > 2) users_.emplace(fields[2], fields[0]);
      }
    }
  }

  int run(pid_t parent) {
    fan_ =
        UniqueFd(::fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK, O_RDONLY | O_LARGEFILE | O_CLOEXEC));
    if (!fan_) return worker_not_supported;
    bool any = false;
    for (const std::string& path : setup_.marks) {
      any = ::fanotify_mark(fan_.get(), FAN_MARK_ADD | FAN_MARK_FILESYSTEM, FAN_OPEN_EXEC_PERM, AT_FDCWD,
                            path.c_str()) == 0 ||
            any;
    }
    if (!any) return worker_not_supported;
    // Aligned as the kernel's records.
    alignas(fanotify_event_metadata) static std::array<char, event_bytes> buffer;
    while (::getppid() == parent) {
      beat();
      pollfd wanted{fan_.get(), POLLIN, 0};
      if (::poll(&wanted, 1, poll_millis) < 0 && errno != EINTR) return 1;
      const ssize_t n = ::read(fan_.get(), buffer.data(), buffer.size());
      if (n < 0 && errno != EAGAIN && errno != EINTR) return 1;
      if (n > 0) answer_all(buffer.data(), n);
    }
    return 0;
  }

 private:
  void beat() { shared_.beats.fetch_add(1); }

  void answer_all(char* bytes, ssize_t size) {
    auto* event = reinterpret_cast<fanotify_event_metadata*>(bytes);
    for (; FAN_EVENT_OK(event, size); event = FAN_EVENT_NEXT(event, size)) {
      if (event->vers != FANOTIFY_METADATA_VERSION || event->fd < 0) continue;
      const UniqueFd file(event->fd);
      answer(file.get(), event->pid);
      beat();
    }
  }

  void respond(int fd, bool allow) {
    const fanotify_response response{
        fd, allow ? static_cast<std::uint32_t>(FAN_ALLOW) : static_cast<std::uint32_t>(FAN_DENY)};
    [[maybe_unused]] const ssize_t n = ::write(fan_.get(), &response, sizeof response);
    shared_.answered.fetch_add(1);
    if (!allow) shared_.refused.fetch_add(1);
  }

  void answer(int fd, pid_t pid) {
    // Where nothing is refused nobody waits.
    if (!denies_) respond(fd, true);
    const std::string path = path_of(fd);
    const ExecutionJudge::Answer found = judge_.judge(fd, path, [this] { beat(); });
    const bool unknown = found.verdict == Verdict::unknown;
    // The process is only there until it is answered.
    const std::string user = unknown ? user_of(pid) : std::string();
    if (denies_) respond(fd, !unknown);
    if (unknown) tell({"execute", path, "", found.sha256, user, denies_, setup_.clock.now()});
  }

  std::string user_of(pid_t pid) const {
    const auto text = read_file("/proc/" + std::to_string(pid) + "/loginuid", 64);
    std::string uid = text ? std::string(trim(*text)) : std::string();
    if (uid.empty() || uid == "4294967295") {
      const auto status = read_file("/proc/" + std::to_string(pid) + "/status", 16 << 10);
      if (!status) return {};
      for (const std::string_view line : lines(*status)) {
        if (const auto ids = after(line, "Uid:")) uid = words(*ids).empty() ? "" : std::string(words(*ids).front());
      }
    }
    const auto known = users_.find(uid);
    return known == users_.end() ? uid : known->second;
  }

  void tell(const MetLine& met) {
    const Duration now = setup_.clock.monotonic();
    if (told_.size() > told_max) told_.clear();
    const auto known = told_.find(met.name + met.sha256);
    if (known != told_.end() && now - known->second < tell_pause) return;
    told_[met.name + met.sha256] = now;
    const std::string path = (software_folder(setup_.data) / "met").string();
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    struct stat about {};
    if (!fd || ::fstat(fd.get(), &about) != 0 || about.st_size > met_bytes_max) return;
    const std::string line = to_line(met);
    [[maybe_unused]] const ssize_t n = ::write(fd.get(), line.data(), line.size());
  }

  const ExecutionSetup& setup_;
  const bool denies_;
  ExecutionJudge judge_;
  ExecutionShared& shared_;
  UniqueFd fan_;
  std::map<std::string, std::string, std::less<>> users_;
  std::map<std::string, Duration> told_;
};

}  // namespace

int execution_worker(const ExecutionSetup& setup, const device_policy::Software& section, Trust trust,
                     ExecutionShared& shared, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) return 0;
  ::signal(SIGTERM, SIG_DFL);
  Worker worker(setup, section, std::move(trust), shared);
  return worker.run(parent);
}

}  // namespace luy::agent
