// The installed packages, as dpkg keeps them.
#include "agent/linux/apt_history.h"
#include "agent/linux/collectors.h"
#include "agent/linux/dpkg.h"
#include "base/file.h"

namespace luy::agent {
namespace {

// dpkg writes a package's list of files when it unpacks it.
std::optional<Time> unpacked_at(const Machine& machine, const DpkgPackage& package) {
  std::string name = "var/lib/dpkg/info/" + package.name;
  if (package.same_architecture_beside) name += ':' + package.architecture;
  std::error_code error;
  const auto written = std::filesystem::last_write_time(machine.path(name + ".list"), error);
  if (error) return std::nullopt;
  const auto at = std::chrono::file_clock::to_sys(written);
  return Time{std::chrono::floor<std::chrono::seconds>(at.time_since_epoch())};
}

Installers::const_iterator asked_for_all(const Installers& asked, const std::string& name) {
  const auto found = asked.lower_bound(name + ':');
  return found != asked.end() && found->first.starts_with(name + ':') ? found : asked.end();
}

}  // namespace

Result<Finding> collect_packages(const Machine& machine, const std::string& memory) {
  LUY_TRY(const std::string status, machine.read("var/lib/dpkg/status"));
  fact::Packages packages;
  packages.manager = "dpkg";
  Installers asked = read_installers(memory);
  // The older one first: the newest installation counts.
  for (const char* name : {"var/log/apt/history.log.1", "var/log/apt/history.log"}) {
    read_apt_history(machine.text(name), asked);
  }
  Installers kept;
  for (const DpkgPackage& package : installed_packages(status)) {
    if (packages.packages.size() >= fact::items_max) break;
    fact::Package one{package.name, package.version, package.architecture, unpacked_at(machine, package)};
    if (!package.source.empty()) one.source = package.source;
    if (!package.source_version.empty()) one.source_version = package.source_version;
    packages.packages.push_back(std::move(one));
    const auto by = asked.find(package.name + ':' + package.architecture);
    // apt calls what fits every architecture by the machine's own.
    const auto found = by != asked.end() || package.architecture != "all" ? by : asked_for_all(asked, package.name);
    if (found == asked.end()) continue;
    packages.packages.back().installed_by = found->second;
    kept.insert(*found);
  }
  return Finding{"/var/lib/dpkg/status", std::move(packages), to_text(kept)};
}

}  // namespace luy::agent
