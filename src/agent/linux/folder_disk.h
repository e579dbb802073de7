// A folder of a Linux file system as the spool's disk.
#pragma once

#include <filesystem>

#include "agent/disk.h"

namespace luy::agent {

class FolderDisk final : public Disk {
 public:
  // Makes the folder, mode 0700, when it is missing.
  static Result<std::unique_ptr<Disk>> open_folder(const std::filesystem::path& folder);

  Result<std::vector<std::string>> list() override;
  Result<std::unique_ptr<DiskFile>> open(const std::string& name) override;
  Result<void> remove(const std::string& name) override;
  Result<void> sync() override;

 private:
  explicit FolderDisk(std::filesystem::path folder) : folder_(std::move(folder)) {}
  const std::filesystem::path folder_;
};

}  // namespace luy::agent
