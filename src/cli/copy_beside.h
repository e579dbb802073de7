// What lies beside a day file on a medium: checkpoints that witnesses cosigned and the day's time-stamp
// (evidence/witness_file.h), held against that very file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "evidence/cosignature.h"

namespace luy::cli {

inline constexpr ErrorKind cosigned_elsewhere{
    "custody.cosigned_elsewhere", ErrorClass::corrupt,
    "Chữ ký của nhân chứng nằm cạnh tệp nhưng không phải của ngày này hoặc không đúng: {}.",
    "What witnesses cosigned lies beside the file and is not of this day, or is wrong: {}."};
inline constexpr ErrorKind remark_not_checked{
    "custody.cosigned_not_checked", ErrorClass::unavailable,
    "Có chữ ký xác nhận chưa kiểm của nhân chứng; hãy dùng --witness với khóa của nhân chứng: {}.",
    "There are cosignatures that were not checked; use --witness with the keys of the witnesses: {}."};

struct Beside {
  std::vector<std::string>
      cosigned_by;                     // Names of the keys given, by whom at least one checkpoint is rightly cosigned.
  std::vector<std::string> unchecked;  // Names on other signature lines, besides the log's own.
  bool stamped = false;
  std::string fault;  // The first thing that is wrong; empty for nothing.
};
// Opens the file as one that nobody writes; leaves nothing on the medium.
Beside look_beside(const std::filesystem::path& day_file, const std::vector<evidence::WitnessKey>& witnesses);

// Whether what lies beside the one lies beside the other byte for byte.
bool has_same_beside(const std::filesystem::path& day_file, const std::filesystem::path& copy);

// "nhân chứng / witnesses: …, dấu thời gian / time-stamp"; empty when there is nothing.
std::string beside_text(const Beside& found);

}  // namespace luy::cli
