#include "hub/data_folder.h"

#include <fcntl.h>
#include <sys/file.h>

#include <array>
#include <cerrno>

#include "base/encoding.h"

namespace luy::hub {

Result<DataFolder> DataFolder::open(const std::filesystem::path& root) {
  std::error_code error;
  DataFolder folder(std::filesystem::absolute(root, error));
  if (error) return file_error(root.string(), error.value());
  LUY_TRY_VOID(make_folder(folder.root_));
  LUY_TRY_VOID(make_folder(folder.keys()));
  LUY_TRY_VOID(make_folder(folder.run()));
  const std::filesystem::path lock = folder.run() / "hub.lock";
  folder.lock_ = UniqueFd(::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!folder.lock_) return file_error(lock.string(), errno);
  if (::flock(folder.lock_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Error(data_in_use, folder.root_.string());
    return file_error(lock.string(), errno);
  }
  // The same file may be there from before the disk became full or read-only: writing tells.
  LUY_TRY_VOID(write_file_durably(folder.run() / "writable", "", 0600));
  return folder;
}

Result<std::string> DataFolder::origin(Random& random) const {
  const std::filesystem::path file = keys() / "origin";
  auto text = read_file(file, 256);
  if (!text && !text.error().is(file_not_found)) return text.error();
  if (text) {
    while (!text->empty() && text->back() == '\n') text->pop_back();
    if (!text->empty()) return *text;
  }
  std::array<std::uint8_t, 8> bytes{};
  random.fill(bytes);
  const std::string made = "luy/" + to_hex(bytes);
  LUY_TRY_VOID(write_file_durably(file, made + "\n", 0644));
  return made;
}

}  // namespace luy::hub
