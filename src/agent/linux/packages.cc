// The installed packages, as dpkg keeps them.
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

}  // namespace

Result<Finding> collect_packages(const Machine& machine) {
  LUY_TRY(const std::string status, machine.read("var/lib/dpkg/status"));
  fact::Packages packages;
  packages.manager = "dpkg";
  for (const DpkgPackage& package : installed_packages(status)) {
    if (packages.packages.size() >= fact::items_max) break;
    packages.packages.push_back({package.name, package.version, package.architecture, unpacked_at(machine, package)});
  }
  return Finding{"/var/lib/dpkg/status", std::move(packages), {}};
}

}  // namespace luy::agent
