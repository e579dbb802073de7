#include "evidence/durable.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/check.h"
#include "base/file.h"

namespace luy::evidence {

void sync_or_die(int fd, const std::filesystem::path& file) {
  const bool synced = ::fsync(fd) == 0;
  LUY_CHECK_MSG(synced, "fsync " + file.string() + ": " + std::generic_category().message(errno));
}

Result<void> sync_folder_or_die(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return file_error(folder.string(), errno);
  sync_or_die(fd.get(), folder);
  return {};
}

}  // namespace luy::evidence
