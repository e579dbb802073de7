// What dpkg does for an update of luy-agent: what is installed, what a package says of itself, the installed package
// made into a file again, and installing. Every program runs without a shell and for a bounded time.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::agent {

inline constexpr ErrorKind release_not_package{
    "agent.release_not_package", ErrorClass::invalid, "Tệp cập nhật không phải gói luy-agent dùng được: {}.",
    "The file of the update is not a package of luy-agent that can be used: {}."};
inline constexpr ErrorKind release_dpkg_busy{
    "agent.release_dpkg_busy", ErrorClass::unavailable,
    "Trình quản lý gói của máy đang bận: {}. Máy sẽ tự thử lại sau ít phút.",
    "The machine's package manager is busy: {}. The machine tries again in a few minutes."};
inline constexpr ErrorKind release_dpkg_failed{"agent.release_dpkg_failed", ErrorClass::unavailable,
                                               "dpkg không cài được gói: {}.",
                                               "dpkg could not install the package: {}."};
inline constexpr ErrorKind release_no_way_back{
    "agent.release_no_way_back", ErrorClass::unavailable,
    "Không giữ lại được bản luy-agent đang chạy nên không cập nhật: {}. Hãy cài lại gói luy-agent bằng tay.",
    "The version of luy-agent that is installed could not be kept, so it is not updated: {}. Install the package of "
    "luy-agent by hand."};

struct PackageSetup {
  std::filesystem::path root = "/";              // dpkg's database and the files of packages are below.
  std::vector<std::string> options{};            // Of dpkg, more than --root; for tests.
  Duration patience = std::chrono::minutes(10);  // For one run of dpkg.
};

struct PackageFields {
  std::string name;
  std::string version;
  std::string architecture;
};
// Errors: release_not_package, file errors.
Result<PackageFields> fields_of_package(const std::filesystem::path& file);
// "amd64". Errors: release_dpkg_failed, file errors.
Result<std::string> machine_architecture();
// Version of luy-agent when it is wholly installed and configured; empty when it is not. Errors: release_dpkg_busy,
// file errors.
Result<std::string> installed_version(const PackageSetup& setup);
// Whether dpkg sees `version` as newer than `than`. Errors: release_dpkg_failed, file errors.
Result<bool> is_newer(const std::string& version, const std::string& than);
// Makes `file` out of what is installed, so that installing it brings this very version back. `scratch` is made and
// removed. Errors: release_no_way_back, file errors.
Result<void> repack_installed(const PackageSetup& setup, const std::filesystem::path& scratch,
                              const std::filesystem::path& file);
// Errors: release_dpkg_busy (nothing was done), release_dpkg_failed, file errors.
Result<void> install_package(const PackageSetup& setup, const std::filesystem::path& file);

}  // namespace luy::agent
