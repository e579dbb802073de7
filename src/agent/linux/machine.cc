#include "agent/linux/machine.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "agent/linux/text.h"
#include "base/file.h"

namespace luy::agent {

Result<std::string> Machine::read(std::string_view name) const {
  return read_file(root / name, machine_file_bytes_max);
}

namespace {

// Empty descriptor: not there. Without waiting for the other end of a pipe that somebody put in a file's place.
Result<UniqueFd> open_if_there(const std::filesystem::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd && errno != ENOENT && errno != ENOTDIR) return file_error(path.string(), errno);
  return fd;
}

// At most `bytes_max` bytes from `offset` on.
Result<std::string> read_at(const UniqueFd& fd, const std::string& path, off_t offset, std::size_t bytes_max) {
  std::string out;
  std::array<char, 16384> buffer{};
  while (out.size() < bytes_max) {
    const std::size_t wanted = std::min(buffer.size(), bytes_max - out.size());
    const ssize_t n = ::pread(fd.get(), buffer.data(), wanted, offset + static_cast<off_t>(out.size()));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return file_error(path, errno);
    if (n == 0) break;
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return out;
}

// Calls read(descriptor, path, size) for an ordinary file.
template <class Read>
Result<std::optional<std::string>> with_file(const std::filesystem::path& path, Read read) {
  LUY_TRY(const UniqueFd fd, open_if_there(path));
  if (!fd) return std::optional<std::string>();
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) return file_error(path.string(), errno);
  if (!S_ISREG(about.st_mode)) return std::optional(std::string());
  LUY_TRY(std::string text, read(fd, path.string(), about.st_size));
  return std::optional(std::move(text));
}

}  // namespace

Result<std::optional<std::string>> Machine::look(std::string_view name) const {
  return with_file(root / name, [](const UniqueFd& fd, const std::string& path, off_t) -> Result<std::string> {
    LUY_TRY(std::string text, read_at(fd, path, 0, machine_file_bytes_max + 1));
    if (text.size() > machine_file_bytes_max) return Error(file_too_large, path);
    return text;
  });
}

Result<std::optional<std::string>> Machine::record(std::string_view name, std::size_t record_bytes,
                                                   std::int64_t number) const {
  return with_file(root / name, [&](const UniqueFd& fd, const std::string& path, off_t) {
    return read_at(fd, path, static_cast<off_t>(record_bytes) * number, record_bytes);
  });
}

Result<std::optional<std::string>> Machine::newest_records(std::string_view name, std::size_t record_bytes) const {
  return with_file(root / name, [&](const UniqueFd& fd, const std::string& path, off_t size) {
    const auto length = static_cast<off_t>(record_bytes);
    const off_t whole = size / length;
    const off_t wanted = std::min(whole, static_cast<off_t>(machine_file_bytes_max) / length);
    return read_at(fd, path, (whole - wanted) * length, static_cast<std::size_t>(wanted * length));
  });
}

Result<std::vector<std::string>> Machine::folder(std::string_view name) const {
  std::error_code error;
  static_cast<void>(std::filesystem::directory_iterator(root / name, error));
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory) {
    return file_error((root / name).string(), error.value());
  }
  return list(name);
}

std::string Machine::text(std::string_view name) const {
  auto bytes = read(name);
  return bytes ? std::move(*bytes) : std::string();
}

std::string Machine::word(std::string_view name) const {
  return std::string(trim(text(name)));
}

bool Machine::exists(std::string_view name) const {
  std::error_code error;
  return std::filesystem::exists(root / name, error);
}

std::vector<std::string> Machine::list(std::string_view folder) const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator it(root / folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Machine::link(std::string_view name) const {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(root / name, error);
  return error ? std::string() : target.string();
}

std::map<int, std::string> processes(const Machine& machine) {
  std::map<int, std::string> found;
  for (const std::string& name : machine.list("proc")) {
    int pid = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size()) continue;
    std::string comm = machine.word("proc/" + name + "/comm");
    if (!comm.empty()) found.emplace(pid, std::move(comm));
  }
  return found;
}

bool is_running(const Machine& machine, std::initializer_list<std::string_view> names) {
  const auto running = processes(machine);
  return std::any_of(running.begin(), running.end(), [&](const auto& process) {
    return std::find(names.begin(), names.end(), process.second) != names.end();
  });
}

}  // namespace luy::agent
