// CSV (RFC 4180) in UTF-8, for office programs: quotes, doubled quotes, line ends in quotes, a byte-order mark. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sheet/table.h"

namespace luy::sheet {

inline constexpr ErrorKind csv_invalid{"sheet.csv_invalid", ErrorClass::invalid,
                                       "Không đọc được tệp CSV: {}. Hãy xuất tệp mẫu, sửa và nhập lại.",
                                       "The CSV file cannot be read: {}. Export one, change it and import it again."};

// Empty lines are rows with one empty cell. Errors: csv_invalid with the line.
Result<Table> parse_csv(std::string_view text);
// With the mark that makes spreadsheets read UTF-8. A cell that a spreadsheet would take for a formula (=, +, -, @)
// gets an apostrophe in front, which plain_cell() takes off again.
std::string to_csv(const Page& page);

std::string csv_cell(std::string_view text);
// A cell as it was meant.
std::string plain_cell(std::string_view cell);

}  // namespace luy::sheet
