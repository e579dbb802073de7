// Copies of day files on a medium: written, made durable, and read back past the page cache, so that what is claimed is
// what the medium answers and not what memory remembers.
//
// On the medium: MOUNT/luy-evidence/<origin, '/' as '_'>/2026-11-22.sqlite with 2026-11-22.sqlite.sha256 beside it, as
// sha256sum(1) writes it, and .cosigned and .tst where the day has them. A file that is being written ends in ".part".
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cli/copy_beside.h"

namespace luy::cli {

inline constexpr ErrorKind copy_differs{
    "custody.copy_differs", ErrorClass::corrupt,
    "{}: nội dung đọc lại không khớp với mã SHA-256. Thiết bị có thể bị hỏng; hãy dùng thiết bị khác.",
    "{}: what was read does not have the SHA-256 it should. The medium may be failing; use another."};
inline constexpr ErrorKind no_room{"custody.no_room", ErrorClass::unavailable,
                                   "Thiết bị lưu trữ không đủ chỗ: {}. Không có gì được chép.",
                                   "The medium has not room enough: {}. Nothing was copied."};

struct WantedCopy {
  Day day;
  std::string sha256;  // Of the closed file, hexadecimal.
  std::uint64_t bytes = 0;
};
struct MadeCopy {
  Day day;
  std::string sha256;
  std::uint64_t bytes = 0;
  bool was_there = false;  // The day itself had not to be written.
  Beside beside{};         // As it is on the medium now.
};

struct FileRead {
  std::string sha256;
  std::uint64_t bytes = 0;
  bool past_cache = false;  // Read with O_DIRECT.
};
// The whole file with its pages dropped and, where the file system can, with O_DIRECT. Errors: medium_gone, file
// errors.
Result<FileRead> read_past_cache(const std::filesystem::path& file);

std::filesystem::path copy_folder(const std::filesystem::path& mount, const std::string& origin);

// Copies what is not on the medium in this form already, and what lies beside each day, which is held against the copy
// with these keys. All or nothing is to be claimed: on an error what was being
// written is removed, earlier days stay and are found again by the next call. Errors: no_room, copy_differs,
// medium_gone, disk_full, disk_read_only, file errors.
Result<std::vector<MadeCopy>> copy_days(const std::filesystem::path& evidence, const std::filesystem::path& folder,
                                        const std::vector<WantedCopy>& wanted,
                                        const std::vector<evidence::WitnessKey>& witnesses,
                                        const std::function<void(const MadeCopy&)>& told);

// A day file on a medium as it is.
struct FoundCopy {
  std::filesystem::path file;
  Day day;
  std::string sha256;  // As read.
  std::string wanted;  // As the file beside it says; empty when there is none.
  std::string fault;   // Why it could not be read; empty when it was.
  bool sound() const { return fault.empty() && sha256 == wanted; }
};
// Every day file below `top`, by path. Errors: file_not_found when there is none; medium_gone.
Result<std::vector<FoundCopy>> read_copies(const std::filesystem::path& top);

}  // namespace luy::cli
