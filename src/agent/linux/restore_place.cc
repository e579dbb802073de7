#include "agent/linux/restore_place.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "agent/backup_plan.h"
#include "agent/linux/restic.h"
#include "base/file.h"

namespace luy::agent {
namespace {

Error stopped(const std::string& path, int error) {
  const std::string_view why = error == ENOSPC || error == EDQUOT ? because::disk_full
                               : error == EROFS                   ? because::read_only
                                                                  : because::failed;
  return backup_error(why, file_error(path, error).en());
}

// The folder of `to`; what is missing is made with the rights that it has below the folder of what was restored.
Result<UniqueFd> open_folder(const std::string& to, const std::string& from) {
  UniqueFd at(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::string above = from.substr(0, from.size() - to.size());
  for (std::size_t slash = to.find('/', 1); slash != std::string::npos; slash = to.find('/', slash + 1)) {
    const std::size_t begin = to.rfind('/', slash - 1) + 1;
    const std::string step = to.substr(begin, slash - begin);
    if (::mkdirat(at.get(), step.c_str(), 0700) == 0) {
      struct stat about {};
      if (::lstat((above + to.substr(0, slash)).c_str(), &about) == 0 && S_ISDIR(about.st_mode)) {
        const UniqueFd made(::openat(at.get(), step.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (made) {
          [[maybe_unused]] const int owned = ::fchown(made.get(), about.st_uid, about.st_gid);
          ::fchmod(made.get(), about.st_mode & 07777);
        }
      }
    } else if (errno != EEXIST) {
      return stopped(to, errno);
    }
    UniqueFd next(::openat(at.get(), step.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) return stopped(to, errno);
    at = std::move(next);
  }
  return at;
}

Result<void> copy_content(int from, int to, const std::string& path) {
  std::array<char, 128 << 10> buffer{};
  for (;;) {
    const ssize_t n = ::read(from, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return stopped(path, errno);
    if (n == 0) return {};
    for (ssize_t done = 0; done < n;) {
      const ssize_t written = ::write(to, buffer.data() + done, static_cast<std::size_t>(n - done));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return stopped(path, errno);
      done += written;
    }
  }
}

}  // namespace

Result<bool> put_in_place(const std::string& from, const std::string& to) {
  const UniqueFd source(::open(from.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat about {};
  if (!source || ::fstat(source.get(), &about) != 0) return stopped(from, errno);
  LUY_TRY(const UniqueFd folder, open_folder(to, from));
  const std::string name = to.substr(to.rfind('/') + 1);
  struct stat before {};
  const bool was_there = ::fstatat(folder.get(), name.c_str(), &before, AT_SYMLINK_NOFOLLOW) == 0;
  // A folder in its place holds what nobody asked to lose.
  if (was_there && S_ISDIR(before.st_mode)) return stopped(to, EISDIR);
  const std::string temporary = ".luy-restore-" + std::to_string(::getpid());
  ::unlinkat(folder.get(), temporary.c_str(), 0);
  const UniqueFd target(
      ::openat(folder.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!target) return stopped(to, errno);
  const auto give_up = [&](const Error& error) {
    ::unlinkat(folder.get(), temporary.c_str(), 0);
    return error;
  };
  if (const auto copied = copy_content(source.get(), target.get(), to); !copied) return give_up(copied.error());
  // Owner before rights: changing it takes the set-user bit away.
  const std::array<timespec, 2> times{about.st_atim, about.st_mtim};
  if ((::geteuid() == 0 && ::fchown(target.get(), about.st_uid, about.st_gid) != 0) ||
      ::fchmod(target.get(), about.st_mode & 07777) != 0 || ::futimens(target.get(), times.data()) != 0 ||
      ::fsync(target.get()) != 0 || ::renameat(folder.get(), temporary.c_str(), folder.get(), name.c_str()) != 0) {
    return give_up(stopped(to, errno));
  }
  ::fsync(folder.get());
  return was_there;
}

}  // namespace luy::agent
