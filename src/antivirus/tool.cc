// ClamAV's own programs as a further check: sigtool knows ClamAV's key, clamscan reads a list as clamd will.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "antivirus/database.h"
#include "base/file.h"

namespace luy::antivirus {
namespace {

namespace fs = std::filesystem;

constexpr int minutes_max = 5;  // sigtool reads main.cvd in seconds.
constexpr std::size_t said_bytes_max = 64 << 10;
constexpr std::size_t detail_bytes_max = 300;

struct Said {
  int status = -1;
  std::string text;
};

Result<Said> run(std::vector<std::string> command) {
  const UniqueFd out(::memfd_create("luy-tool", MFD_CLOEXEC));
  if (!out) return file_error("memfd_create", errno);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.get(), STDERR_FILENO);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& one : command) arguments.push_back(one.data());
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/bin:/bin";
  std::string locale = "LC_ALL=C";
  std::array<char*, 3> environment{path.data(), locale.data(), nullptr};
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return file_error(command[0], error);
  const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{handle.get(), POLLIN, 0};
  const bool late = handle && ::poll(&ended, 1, minutes_max * 60'000) == 0;
  if (late) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (late) return file_error(command[0], ETIMEDOUT);
  Said said;
  said.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  said.text.resize(said_bytes_max);
  const ssize_t n = ::pread(out.get(), said.text.data(), said.text.size(), 0);
  said.text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return said;
}

// Both go by the file's name, which uploads do not have: a link of that name, in a folder of its own.
class Named {
 public:
  static Result<Named> make(const fs::path& scratch, const fs::path& file, const std::string& name) {
    std::error_code error;
    fs::create_directories(scratch, error);
    std::string pattern = (scratch / "check-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) return file_error(pattern, errno);
    Named out(pattern);
    fs::create_symlink(fs::absolute(file), out.folder_ / name, error);
    if (error) return file_error(pattern, error.value());
    out.path_ = out.folder_ / name;
    out.sample_ = out.folder_ / "sample";  // clamscan takes no device for a file to scan.
    const UniqueFd sample(::open(out.sample_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!sample) return file_error(out.sample_.string(), errno);
    return out;
  }
  Named(Named&& other) noexcept
      : folder_(std::exchange(other.folder_, {})), path_(std::move(other.path_)), sample_(std::move(other.sample_)) {}
  Named& operator=(Named&&) = delete;
  ~Named() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }
  const fs::path& path() const { return path_; }
  const fs::path& sample() const { return sample_; }  // An empty file.

 private:
  explicit Named(fs::path folder) : folder_(std::move(folder)) {}
  fs::path folder_;
  fs::path path_;
  fs::path sample_;
};

bool is_program(const char* path) {
  return ::access(path, X_OK) == 0;
}

std::string first_error(const std::string& text) {
  for (const std::string_view mark : {"yyerror(): ", "LibClamAV Error: ", "ERROR: "}) {
    const auto at = text.find(mark);
    if (at == std::string::npos) continue;
    const std::string rest = text.substr(at + mark.size(), text.find('\n', at) - at - mark.size());
    return rest.substr(0, detail_bytes_max);
  }
  return {};
}

}  // namespace

Tools installed_tools(const fs::path& scratch) {
  constexpr const char* sigtool = "/usr/bin/sigtool";
  constexpr const char* clamscan = "/usr/bin/clamscan";
  Tools out;
  if (is_program(sigtool)) {
    out.verify = [scratch](const fs::path& file, const std::string& name) -> Result<void> {
      LUY_TRY(const Named named, Named::make(scratch, file, name));
      LUY_TRY(const Said said, run({sigtool, "--info=" + named.path().string()}));
      if (said.status == 0 && said.text.find("Verification OK") != std::string::npos) return {};
      return Error(database_forged, name);
    };
  }
  if (is_program(clamscan)) {
    out.load = [scratch](const fs::path& file, const std::string& name) -> Result<void> {
      LUY_TRY(const Named named, Named::make(scratch, file, name));
      LUY_TRY(const Said said,
              run({clamscan, "--no-summary", "--database=" + named.path().string(), named.sample().string()}));
      // Rules that it cannot read it passes over, and ends as if nothing were.
      const bool taken = (said.status == 0 || said.status == 1) && said.text.find("yyerror") == std::string::npos &&
                         said.text.find("failed to parse") == std::string::npos;
      if (taken) return {};
      const std::string why = first_error(said.text);
      return Error(list_malformed, "ClamAV: " + (why.empty() ? std::to_string(said.status) : why));
    };
  }
  return out;
}

}  // namespace luy::antivirus
