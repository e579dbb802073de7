// A ZIP on disk, written through libzip (docs/adr/0157). Files are read when the archive is written, one after another,
// so that memory does not grow with them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace luy::incident {

inline constexpr ErrorKind zip_failed{"incident.zip_failed", ErrorClass::io,
                                      "Không ghi được tệp ZIP: {}. Hãy kiểm tra dung lượng đĩa của hub.",
                                      "The ZIP file could not be written: {}. Check the space on the hub's disk."};

struct ZipEntry {
  std::string name;  // In the archive, UTF-8, with '/' between folders.
  std::filesystem::path file;
};

// Writes `archive`, which must not exist; every entry gets the time `at`. Errors: zip_failed; then there is no archive.
Result<void> write_zip(const std::filesystem::path& archive, const std::vector<ZipEntry>& entries, Time at);

}  // namespace luy::incident
