#include "agent/linux/folder_disk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/file.h"

namespace luy::agent {
namespace {

class FolderFile final : public DiskFile {
 public:
  FolderFile(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  Result<void> append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return file_error(path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
  }

  Result<void> sync() override {
    if (::fdatasync(fd_.get()) != 0) return file_error(path_, errno);
    return {};
  }

  Result<std::size_t> read(std::uint64_t offset, std::span<char> into) override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t n = ::pread(fd_.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return file_error(path_, errno);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return done;
  }

  Result<void> truncate(std::uint64_t size) override {
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return file_error(path_, errno);
    return {};
  }

  Result<std::uint64_t> size() override {
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0) return file_error(path_, errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  UniqueFd fd_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<Disk>> FolderDisk::open_folder(const std::filesystem::path& folder) {
  LUY_TRY_VOID(make_folder(folder, 0700));
  return std::unique_ptr<Disk>(new FolderDisk(folder));
}

Result<std::vector<std::string>> FolderDisk::list() {
  std::error_code error;
  std::vector<std::string> names;
  for (std::filesystem::directory_iterator it(folder_, error), end; !error && it != end; it.increment(error)) {
    if (it->is_regular_file(error)) names.push_back(it->path().filename().string());
  }
  if (error) return file_error(folder_.string(), error.value());
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::unique_ptr<DiskFile>> FolderDisk::open(const std::string& name) {
  const std::string path = (folder_ / name).string();
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return file_error(path, errno);
  return std::unique_ptr<DiskFile>(new FolderFile(std::move(fd), path));
}

Result<void> FolderDisk::remove(const std::string& name) {
  const std::string path = (folder_ / name).string();
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return file_error(path, errno);
  return {};
}

Result<void> FolderDisk::sync() {
  return sync_folder(folder_);
}

}  // namespace luy::agent
