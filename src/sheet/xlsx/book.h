// What a workbook says around its sheets: which there are, the texts they share, which styles are dates.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sheet/xlsx/archive.h"
#include "sheet/xlsx/number.h"

namespace luy::sheet::xlsx {

struct Book {
  std::string sheet_part;  // Of the sheet that was asked for.
  Epoch epoch = Epoch::year_1900;
  std::vector<std::string> strings;  // By their index.
  std::vector<bool> is_date;         // By a cell's style.
};

// `name` as in read_xlsx(). Errors: not_xlsx, xlsx_too_large, sheet_unknown.
Result<Book> read_book(Archive& archive, std::string_view name);

// A text as ECMA-376 escapes it: "_x000D_" is a carriage return (part 1, 22.9.2.19).
std::string unescaped(std::string_view text);
std::string escaped(std::string_view text);

}  // namespace luy::sheet::xlsx
