#include "agent/linux/machine.h"

#include <algorithm>
#include <charconv>

#include "agent/linux/text.h"
#include "base/file.h"

namespace luy::agent {

Result<std::string> Machine::read(std::string_view name) const {
  return read_file(root / name, machine_file_bytes_max);
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
