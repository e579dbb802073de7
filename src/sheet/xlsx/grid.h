// The cells of one sheet as rows of text.
#pragma once

#include <string_view>

#include "base/result.h"
#include "sheet/table.h"
#include "sheet/xlsx/book.h"

namespace luy::sheet::xlsx {

// Errors: not_xlsx, xlsx_too_large, cell_invalid.
Result<Table> read_grid(std::string_view bytes, const Book& book);

}  // namespace luy::sheet::xlsx
