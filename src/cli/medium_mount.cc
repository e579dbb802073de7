#include "cli/medium_mount.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/file.h"

namespace luy::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t table_bytes_max = 4 << 20;
constexpr std::size_t answer_bytes_max = 64 << 10;
constexpr int parents_max = 10;  // Partition, disk, LUN, host, USB interface, USB device, …

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(by), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

// proc(5): blank, tab, newline and backslash are \ooo.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_code = text[i] == '\\' && i + 3 < text.size();
    if (!is_code) {
      out += text[i];
      continue;
    }
    out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    i += 3;
  }
  return out;
}

std::string trimmed(std::string text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

// The last line about the point: what was mounted there last is what one sees.
std::optional<Mounted> find_mount(std::string_view table, const fs::path& point) {
  std::optional<Mounted> out;
  for (const std::string_view line : split(table, '\n')) {
    const auto words = split(line, ' ');
    std::size_t dash = 6;
    while (dash < words.size() && words[dash] != "-") ++dash;
    if (dash + 2 >= words.size() || unescaped(words[4]) != point.string()) continue;
    Mounted found;
    found.point = point;
    found.number = std::string(words[2]);
    found.file_system = std::string(words[dash + 1]);
    found.source = unescaped(words[dash + 2]);
    for (const std::string_view option : split(words[5], ',')) found.read_only = found.read_only || option == "ro";
    out = std::move(found);
  }
  return out;
}

// Lines "E:NAME=value" of udev or "NAME=value" of blkid.
void take_properties(std::string_view text, std::string_view prefix, custody::Identity& out) {
  const auto take = [](std::string& into, std::string_view value) {
    if (into.empty()) into = trimmed(std::string(value));
  };
  std::string whole_serial;
  for (std::string_view line : split(text, '\n')) {
    if (!line.starts_with(prefix)) continue;
    line.remove_prefix(prefix.size());
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, equals);
    const std::string_view value = line.substr(equals + 1);
    if (name == "ID_SERIAL_SHORT") take(out.serial, value);
    if (name == "ID_SERIAL") take(whole_serial, value);
    if (name == "ID_FS_UUID" || name == "UUID") take(out.uuid, value);
    if (name == "ID_FS_LABEL" || name == "LABEL") take(out.label, value);
  }
  take(out.serial, whole_serial);
}

// The disk's own or that of the USB device it is in.
std::string serial_in(const fs::path& device_link) {
  std::error_code error;
  fs::path folder = fs::canonical(device_link, error);
  for (int up = 0; !error && up < parents_max && folder.has_relative_path(); ++up) {
    for (const char* name : {"serial", "device/serial"}) {
      const auto text = read_file(folder / name, answer_bytes_max);
      if (text && !trimmed(*text).empty()) return trimmed(*text);
    }
    folder = folder.parent_path();
  }
  return {};
}

// What blkid(8) of util-linux reads from the device; empty when it may not or is not there.
std::string ask_blkid(const std::string& source) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  posix_spawn_file_actions_t actions;
  if (posix_spawn_file_actions_init(&actions) != 0) return {};
  posix_spawn_file_actions_adddup2(&actions, write_end.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::vector<std::string> words = {"/sbin/blkid", "-p", "-o", "export", "--", source};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string language = "LC_ALL=C";
  std::array<char*, 2> environment = {language.data(), nullptr};
  pid_t child = 0;
  const int failed =
      posix_spawn(&child, words.front().c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  write_end.reset();
  if (failed != 0) return {};
  std::string out;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = ::read(read_end.get(), part.data(), part.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    if (out.size() < answer_bytes_max) out.append(part.data(), static_cast<std::size_t>(count));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? out : std::string();
}

}  // namespace

Result<Mounted> look_at_mount(const fs::path& folder, const MachineRoot& machine) {
  std::error_code error;
  const fs::path point = fs::canonical(folder, error);
  if (error) return Error(not_mounted, folder.string());
  LUY_TRY(const std::string table, read_file(machine.root / "proc/self/mountinfo", table_bytes_max));
  auto found = find_mount(table, point);
  if (!found) return Error(not_mounted, folder.string());
  const auto udev = read_file(machine.root / "run/udev/data" / ("b" + found->number), answer_bytes_max);
  if (udev) take_properties(*udev, "E:", found->identity);
  if (found->identity.serial.empty())
    found->identity.serial = serial_in(machine.root / "sys/dev/block" / found->number);
  // Of an optical disc that would be the drive's: the disc is another in the next drive, and every disc the same in
  // this.
  const bool is_optical = found->file_system == "iso9660" || found->file_system == "udf";
  if (is_optical) found->identity.serial.clear();
  const bool is_known = !found->identity.uuid.empty();
  if (!is_known && found->source.starts_with("/dev/")) take_properties(ask_blkid(found->source), "", found->identity);
  return *std::move(found);
}

Error medium_error(const fs::path& path, int error) {
  switch (error) {
    case EIO:
    case ENXIO:
    case ENODEV:
    case ENOMEDIUM:
    case EREMOTEIO:
    case ESTALE:
    case ESHUTDOWN:
      return Error(medium_gone, path.string());
    default:
      return file_error(path.string(), error);
  }
}

}  // namespace luy::cli
