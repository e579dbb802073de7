#include "agent/linux/file_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <optional>

#include "base/file.h"

namespace luy::agent {
namespace {

using device_policy::is_within;

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

// What holds people's files: anything else that is mounted is the kernel's own or lies behind a network, where the
// machine it belongs to is the one to scan. FUSE may be either and may never answer.
bool holds_files(int fd) {
  constexpr std::array<long, 16> kinds = {0xEF53,      // ext2, ext3, ext4
                                          0x58465342,  // XFS
                                          0x9123683E,  // Btrfs
                                          0x4d44,      // FAT
                                          0x2011BAB0,  // exFAT
                                          0x5346544e,  // NTFS
                                          0x7366746e,  // ntfs3
                                          0xF2F52010,  // F2FS
                                          TMPFS_MAGIC,
                                          0x794c7630,   // overlayfs
                                          0x9660,       // ISO 9660
                                          0x15013346,   // UDF
                                          0x2fc12fc1,   // ZFS
                                          0x3153464a,   // JFS
                                          0x52654973,   // ReiserFS
                                          0x73717368};  // squashfs
  struct statfs about {};
  if (::fstatfs(fd, &about) != 0) return false;
  return std::find(kinds.begin(), kinds.end(), about.f_type) != kinds.end();
}

std::string_view first_step(std::string_view path) {
  return path.substr(0, path.find('/'));
}

class Walk {
 public:
  Walk(const WalkOrders& orders, Walker& walker) : orders_(orders), walker_(walker) {}

  bool root(const std::string& path) {
    if (excluded(path)) return true;
    std::string_view after;
    if (!orders_.after.empty()) {
      if (is_within(orders_.after, path)) {
        after =
            std::string_view(orders_.after).substr(path == "/" ? 1 : std::min(path.size() + 1, orders_.after.size()));
        if (after.empty()) return true;
      } else if (walked_before(path, orders_.after)) {
        return true;
      }
    }
    struct stat about {};
    if (::lstat(path.c_str(), &about) != 0) {
      if (errno != ENOENT) walker_.unread(path);
      return true;
    }
    const UniqueFd above(::open(path == "/" ? "/" : path.substr(0, std::max<std::size_t>(path.rfind('/'), 1)).c_str(),
                                O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const std::string name = path == "/" ? "." : path.substr(path.rfind('/') + 1);
    if (!above) {
      walker_.unread(path);
      return true;
    }
    if (S_ISREG(about.st_mode)) return file(above.get(), name, path);
    if (!S_ISDIR(about.st_mode)) return true;
    UniqueFd fd(::openat(above.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) {
      walker_.unread(path);
      return true;
    }
    if (!holds_files(fd.get())) return true;
    return folder(std::move(fd), path == "/" ? std::string() : path, after, 0);
  }

 private:
  bool excluded(const std::string& path) const {
    return std::any_of(orders_.excludes.begin(), orders_.excludes.end(),
                       [&](const std::string& one) { return is_within(path, one); });
  }

  bool file(int folder, const std::string& name, const std::string& path) {
    // A pipe or a device may have got the name since it was listed: opening must not wait for its other end.
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    UniqueFd fd(::openat(folder, name.c_str(), flags | O_NOATIME));
    if (!fd && errno == EPERM) fd = UniqueFd(::openat(folder, name.c_str(), flags));
    if (!fd) {
      if (errno != ENOENT && errno != ELOOP && errno != ENXIO) walker_.unread(path);
      return true;
    }
    struct stat about {};
    if (::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) return true;
    const bool go_on = walker_.file({fd.get(), folder, name, path, about.st_size});
    // Memory is for those who work at the machine.
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
    return go_on;
  }

  bool folder(UniqueFd opened, const std::string& path, std::string_view after, std::size_t depth) {
    struct stat about {};
    if (::fstat(opened.get(), &about) != 0) return true;
    const int raw = ::dup(opened.get());
    std::unique_ptr<DIR, CloseFolder> listing(raw >= 0 ? ::fdopendir(raw) : nullptr);
    if (!listing) {
      if (raw >= 0) ::close(raw);
      walker_.unread(path);
      return true;
    }
    std::vector<std::string> names;
    while (const dirent* one = ::readdir(listing.get())) {
      const std::string_view name = one->d_name;
      const bool other = one->d_type != DT_REG && one->d_type != DT_DIR && one->d_type != DT_UNKNOWN;
      if (name == "." || name == ".." || other) continue;
      names.emplace_back(name);
    }
    listing.reset();  // One descriptor for each level is enough.
    std::sort(names.begin(), names.end());
    const std::string_view resume = first_step(after);
    for (const std::string& name : names) {
      std::string_view rest;
      if (!after.empty()) {
        if (name < resume) continue;
        if (name == resume) rest = after.substr(std::min(resume.size() + 1, after.size()));
        if (name == resume && rest.empty()) continue;
      }
      std::string below = path + '/';
      below += name;
      if (excluded(below)) continue;
      if (!entry(opened.get(), name, below, rest, depth, about.st_dev)) return false;
    }
    return true;
  }

  bool entry(int above, const std::string& name, const std::string& path, std::string_view rest, std::size_t depth,
             dev_t device) {
    struct stat about {};
    if (::fstatat(above, name.c_str(), &about, AT_SYMLINK_NOFOLLOW) != 0) return true;
    if (S_ISREG(about.st_mode)) return file(above, name, path);
    if (!S_ISDIR(about.st_mode)) return true;
    if (about.st_dev != device && !orders_.other_file_systems) return true;
    if (depth + 1 >= walk_depth_max) {
      walker_.unread(path);
      return true;
    }
    UniqueFd fd(::openat(above, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd) {
      if (errno != ENOENT && errno != ELOOP && errno != ENOTDIR) walker_.unread(path);
      return true;
    }
    if (about.st_dev != device && !holds_files(fd.get())) return true;
    return folder(std::move(fd), path, rest, depth + 1);
  }

  const WalkOrders& orders_;
  Walker& walker_;
};

}  // namespace

bool walked_before(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (a.front() == '/') a.remove_prefix(1);
    if (b.front() == '/') b.remove_prefix(1);
    const std::string_view of_a = first_step(a);
    const std::string_view of_b = first_step(b);
    if (of_a != of_b) return of_a < of_b;
    a.remove_prefix(of_a.size());
    b.remove_prefix(of_b.size());
  }
  return a.empty() && !b.empty();
}

bool walk_files(const WalkOrders& orders, Walker& walker) {
  std::vector<std::string> roots = orders.paths;
  std::sort(roots.begin(), roots.end(), walked_before);
  Walk walk(orders, walker);
  const std::string* last = nullptr;
  for (const std::string& root : roots) {
    if (last != nullptr && is_within(root, *last)) continue;
    last = &root;
    if (!walk.root(root)) return false;
  }
  return true;
}

}  // namespace luy::agent
