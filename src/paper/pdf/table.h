// Tables as slices: a header that comes again on every page, rows that are cut only when they are taller than a page.
#pragma once

#include "paper/document.h"
#include "paper/pdf/page.h"

namespace luy::paper {

// Errors: glyph_missing.
Result<void> set_table(Page& page, const Table& table, std::size_t block, bool glue_end);

}  // namespace luy::paper
