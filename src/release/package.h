// A package of luy-agent as a file: its digest, and what it says of itself, as dpkg-deb reads it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.h"

namespace luy::release {

inline constexpr ErrorKind package_invalid{"release.package_invalid", ErrorClass::invalid,
                                           "Tệp không phải gói luy-agent trong bản phát hành đã ký: {}.",
                                           "The file is not the package of luy-agent of the signed release: {}."};
inline constexpr ErrorKind package_tool_missing{
    "release.package_tool_missing", ErrorClass::unavailable,
    "Máy chủ chưa đọc được gói phần mềm: {}. Cần chương trình dpkg-deb (gói dpkg).",
    "The hub cannot read packages: {}. It takes the program dpkg-deb (package dpkg)."};

struct PackageFacts {
  std::string name;
  std::string version;
  std::string architecture;
};
// Reads the file to its end. Errors: package_invalid, package_tool_missing, file errors.
using ReadPackage = std::function<Result<PackageFacts>(const std::filesystem::path& file)>;
ReadPackage with_dpkg_deb();

struct FileFacts {
  std::int64_t bytes = 0;
  std::string sha256;  // Lower-case hexadecimal.
};
// Errors: file errors.
Result<FileFacts> facts_of_file(const std::filesystem::path& file);

}  // namespace luy::release
