// Office Open XML workbooks (ECMA-376, ISO/IEC 29500; docs/adr/0211) as tables of text. What is read comes from
// outsiders: everything is bounded before it is believed. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sheet/table.h"

namespace luy::sheet {

inline constexpr ErrorKind not_xlsx{
    "sheet.not_xlsx", ErrorClass::invalid,
    "Không đọc được bảng tính .xlsx: {}. Hãy mở bằng chương trình bảng tính, lưu lại thành .xlsx rồi nhập lại.",
    "The .xlsx workbook cannot be read: {}. Open it in an office program, save it as .xlsx and import it again."};
inline constexpr ErrorKind xlsx_too_large{
    "sheet.xlsx_too_large", ErrorClass::too_large,
    "Bảng tính quá lớn: {}. Hãy xóa các trang tính, hàng, cột và định dạng thừa, hoặc chia thành nhiều tệp.",
    "The workbook is too large: {}. Remove the sheets, rows, columns and formats that are not needed, or split it."};
inline constexpr ErrorKind cell_invalid{"sheet.cell_invalid", ErrorClass::invalid,
                                        "Không đọc được {}. Hãy sửa ô này trong bảng tính rồi nhập lại.",
                                        "Cannot read {}. Mend that cell in the workbook and import it again."};
inline constexpr ErrorKind sheet_unknown{"sheet.sheet_unknown", ErrorClass::not_found,
                                         "Bảng tính không có trang tính {} đang hiện.",
                                         "The workbook has no visible sheet {}."};
inline constexpr ErrorKind xlsx_failed{"sheet.xlsx_failed", ErrorClass::internal, "Không lập được tệp .xlsx: {}.",
                                       "The .xlsx file could not be made: {}."};

inline constexpr std::size_t xlsx_bytes_max = 2 << 20;
inline constexpr std::size_t xlsx_parts_max = 1000;               // Files in the archive.
inline constexpr std::size_t xlsx_part_bytes_max = 16 << 20;      // Of one, unpacked.
inline constexpr std::size_t xlsx_unpacked_bytes_max = 32 << 20;  // Of all that are read.
inline constexpr std::size_t xlsx_ratio_max = 200;                // Unpacked to packed, beyond the first MiB.
inline constexpr std::size_t xlsx_shared_strings_max = 200'000;
inline constexpr std::size_t xlsx_styles_max = 65'490;  // As many as Excel keeps.
inline constexpr std::size_t xlsx_merges_max = 1000;

// The first visible sheet, or the visible one called `name` where it is not empty. Rows without any text are left out,
// and empty cells at the end of a row. What lies under a merged cell is not read; hidden rows and columns are. A date
// is "2026-11-23", with a time of day "2026-11-23T07:30:00"; a truth value TRUE or FALSE; a number as short as it goes.
// Errors: not_xlsx, xlsx_too_large, sheet_unknown, cell_invalid naming the cell ("ô C7").
Result<Table> read_xlsx(std::string_view bytes, std::string_view name = {});

// Every cell is text, whatever it begins with; the head stays in view. The same page gives the same bytes. Errors:
// xlsx_failed.
Result<std::string> to_xlsx(const Page& page);

// "C7": column from 0, row from 1.
std::string cell_name(std::size_t column, std::size_t row);

}  // namespace luy::sheet
