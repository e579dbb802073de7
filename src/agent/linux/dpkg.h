// dpkg's own list of packages: /var/lib/dpkg/status, RFC 822-like paragraphs (deb-control(5)). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace luy::agent {

struct DpkgPackage {
  std::string name;
  std::string version;
  std::string architecture;
  std::string source;                     // The source package; empty where it is called as the package is.
  std::string source_version;             // Its version; empty where it is the package's.
  bool same_architecture_beside = false;  // "Multi-Arch: same": its files are named "name:architecture".
};

// Packages whose state is "installed"; sorted by name, then architecture. Paragraphs without a name are passed over.
std::vector<DpkgPackage> installed_packages(std::string_view status);

}  // namespace luy::agent
