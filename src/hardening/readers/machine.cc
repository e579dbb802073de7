#include <algorithm>

#include "hardening/readers/reading.h"
#include "hardening/readers/text.h"

namespace luy::hardening {
namespace {

constexpr const char* package_list = "/var/lib/dpkg/status";

// Paragraphs of deb-control(5); only what is installed counts.
std::map<std::string, std::string> installed(std::string_view status) {
  std::map<std::string, std::string> out;
  std::string name;
  std::string version;
  bool is_installed = false;
  const auto close = [&] {
    if (is_installed && !name.empty()) out[name] = version;
    name.clear();
    version.clear();
    is_installed = false;
  };
  while (!status.empty()) {
    const std::size_t end = std::min(status.find('\n'), status.size());
    const std::string_view line = status.substr(0, end);
    status.remove_prefix(std::min(end + 1, status.size()));
    if (line.empty()) close();
    if (line.starts_with("Package: ")) name = trim(line.substr(9));
    if (line.starts_with("Version: ")) version = trim(line.substr(9));
    if (line.starts_with("Status: ")) is_installed = line.ends_with(" installed");
  }
  close();
  return out;
}

}  // namespace

Result<std::optional<std::string>> Machine::file(const std::string& path) {
  const auto known = files_.find(path);
  if (known != files_.end()) return known->second;
  return files_.emplace(path, source_.file(path)).first->second;
}

Result<std::optional<std::string>> Machine::package(const std::string& name) {
  if (!packages_) {
    // Read past the cache: it is the largest file of all, and wanted once.
    LUY_TRY(const auto status, source_.file(package_list));
    if (!status) return Error(unreadable, package_list);
    packages_ = installed(*status);
  }
  const auto found = packages_->find(name);
  return found == packages_->end() ? std::optional<std::string>() : found->second;
}

Result<std::string> Machine::system() {
  for (const char* path : {"/etc/os-release", "/usr/lib/os-release"}) {
    LUY_TRY(const auto text, file(path));
    if (!text) continue;
    for (const Line& line : lines_of(*text)) {
      if (line.text.starts_with("ID=")) return unquoted(line.text.substr(3));
    }
  }
  return std::string();
}

Result<std::vector<std::string>> files_of(Machine& machine, const std::string& pattern) {
  const auto star = pattern.find_first_of("*?");
  if (star == std::string::npos) return std::vector<std::string>{pattern};
  const auto folder_end = pattern.rfind('/', star);
  const auto part_end = std::min(pattern.find('/', star), pattern.size());
  std::string folder = pattern.substr(0, folder_end);
  while (folder.ends_with('/')) folder.pop_back();
  const std::string part = pattern.substr(folder_end + 1, part_end - folder_end - 1);
  LUY_TRY(const auto names, machine.source().folder(folder.empty() ? "/" : folder));
  std::vector<std::string> out;
  if (!names) return out;
  for (const std::string& name : *names) {
    if (!fits(part, name)) continue;
    LUY_TRY(const auto further, files_of(machine, folder + "/" + name + pattern.substr(part_end)));
    out.insert(out.end(), further.begin(), further.end());
    if (out.size() > included_files_max) return Error(unreadable, pattern);
  }
  return out;
}

}  // namespace luy::hardening
