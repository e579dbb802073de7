#include "agent/linux/dpkg.h"

#include <algorithm>
#include <tuple>

#include "agent/linux/text.h"

namespace luy::agent {
namespace {

// "Status: install ok installed": want, error flag, state. A package on hold or to be removed is still installed.
bool is_installed(std::string_view status) {
  const auto fields = words(status);
  return fields.size() == 3 && fields[2] == "installed";
}

// "Source: glibc" or "Source: glibc (2.36-9)", the version only where it is another (deb-control(5)).
void take_source(DpkgPackage& package, std::string_view text) {
  const auto open = text.find('(');
  package.source = trim(text.substr(0, open));
  if (open == std::string_view::npos) return;
  const std::string_view rest = text.substr(open + 1);
  package.source_version = trim(rest.substr(0, rest.find(')')));
}

}  // namespace

std::vector<DpkgPackage> installed_packages(std::string_view status) {
  std::vector<DpkgPackage> out;
  DpkgPackage package;
  bool installed = false;
  const auto finish = [&] {
    if (installed && !package.name.empty()) out.push_back(std::move(package));
    package = {};
    installed = false;
  };
  while (!status.empty()) {
    const auto end = status.find('\n');
    const std::string_view line = status.substr(0, end);
    status.remove_prefix(end == std::string_view::npos ? status.size() : end + 1);
    if (trim(line).empty()) {
      finish();
    } else if (const auto name = after(line, "Package:")) {
      package.name = *name;
    } else if (const auto version = after(line, "Version:")) {
      package.version = *version;
    } else if (const auto architecture = after(line, "Architecture:")) {
      package.architecture = *architecture;
    } else if (const auto source = after(line, "Source:")) {
      take_source(package, *source);
    } else if (const auto state = after(line, "Status:")) {
      installed = is_installed(*state);
    } else if (const auto multi = after(line, "Multi-Arch:")) {
      package.same_architecture_beside = *multi == "same";
    }
  }
  finish();
  std::sort(out.begin(), out.end(), [](const DpkgPackage& a, const DpkgPackage& b) {
    return std::tie(a.name, a.architecture) < std::tie(b.name, b.architecture);
  });
  return out;
}

}  // namespace luy::agent
