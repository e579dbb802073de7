// A running machine as a Source. The only part of this module that touches one.
#pragma once

#include <filesystem>

#include "hardening/source.h"

namespace luy::hardening {

class MachineSource final : public Source {
 public:
  // A list of packages has some megabytes.
  static constexpr std::size_t file_bytes_max = 32 << 20;

  explicit MachineSource(std::filesystem::path root = "/") : root_(std::move(root)) {}

  Result<std::optional<std::string>> file(const std::string& path) const override;
  Result<std::optional<std::vector<std::string>>> folder(const std::string& path) const override;
  Result<std::optional<FileState>> state(const std::string& path) const override;
  Result<std::optional<std::string>> link(const std::string& path) const override;

 private:
  std::string real(const std::string& path) const { return (root_ / path.substr(1)).string(); }

  const std::filesystem::path root_;
};

}  // namespace luy::hardening
