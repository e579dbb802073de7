// Agencies and people as files of office programs: what both kinds have in common. What comes in is compared first and
// shown line by line; it is done whole or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace luy::directory {

inline constexpr ErrorKind sheet_invalid{"directory.sheet_invalid", ErrorClass::invalid,
                                         "Bảng không hợp lệ: {}. Hãy xuất tệp mẫu, sửa và nhập lại.",
                                         "The sheet is not valid: {}. Export one, change it and import it again."};

enum class SheetFormat : std::uint8_t { csv, xlsx };
std::optional<SheetFormat> sheet_format_from_name(std::string_view name);

// Borrowed.
struct SheetFile {
  SheetFormat format = SheetFormat::csv;
  std::string_view bytes;
  std::string_view page{};  // Of a workbook: which; the first visible one when empty.
};

struct SheetLine {
  enum class Does : std::uint8_t { create, change, nothing, refuse };
  std::size_t line = 0;  // From 1; of a workbook the row's number.
  std::string code;
  std::string name;
  Does does = Does::nothing;
  std::string vi;  // What changes, or why it is refused.
  std::string en;
};
std::string_view name_of(SheetLine::Does does);

struct ImportedSheet {
  std::vector<SheetLine> lines;
  std::size_t refused = 0;
  bool applied = false;
};

}  // namespace luy::directory
