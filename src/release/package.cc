#include "release/package.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "base/encoding.h"
#include "base/file.h"
#include "base/hash.h"
#include "device_policy/release.h"

namespace luy::release {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "/usr/bin/dpkg-deb";
constexpr int seconds_max = 60;  // A package of 64 MiB takes seconds.
constexpr std::size_t said_bytes_max = 16 << 10;

struct Said {
  int status = -1;
  std::string text;
};

// With a limited environment; what it says on either output.
Result<Said> run(std::vector<std::string> command, bool keep) {
  const UniqueFd out(::memfd_create("luy-package", MFD_CLOEXEC));
  if (!out) return file_error("memfd_create", errno);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (keep) ::posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  if (!keep) ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
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
  if (error != 0) return Error(package_tool_missing, command[0]);
  const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  pollfd ended{handle.get(), POLLIN, 0};
  const bool late = handle && ::poll(&ended, 1, seconds_max * 1000) == 0;
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

std::string value_of(const std::string& text, const std::string& name) {
  const std::size_t at = ("\n" + text).find("\n" + name + ": ");
  if (at == std::string::npos) return {};
  const std::size_t from = at + name.size() + 2;
  return text.substr(from, text.find('\n', from) - from);
}

Result<PackageFacts> read_package(const fs::path& file) {
  LUY_TRY(const Said said, run({program, "--field", file, "Package", "Version", "Architecture"}, true));
  if (said.status != 0) return Error(package_invalid, "dpkg-deb");
  // The control part alone can be read of a package that was cut off: all of its content is read through once.
  LUY_TRY(const Said whole, run({program, "--contents", file}, false));
  if (whole.status != 0) return Error(package_invalid, "data.tar");
  return PackageFacts{value_of(said.text, "Package"), value_of(said.text, "Version"),
                      value_of(said.text, "Architecture")};
}

}  // namespace

ReadPackage with_dpkg_deb() {
  return read_package;
}

Result<FileFacts> facts_of_file(const fs::path& file) {
  // At most release_bytes_max, which fits.
  LUY_TRY(const std::string content, read_file(file, static_cast<std::size_t>(device_policy::release_bytes_max)));
  return FileFacts{static_cast<std::int64_t>(content.size()), to_hex(sha256(content))};
}

}  // namespace luy::release
