// Blocks of a body as slices on a page.
#pragma once

#include <vector>

#include "paper/document.h"
#include "paper/pdf/page.h"

namespace luy::paper {

// Sets the blocks. With `glue_end` the last lines stay with what is pushed next, so that signatures never stand alone
// on a page. `first_index` is the index of the first block's placements. Errors: glyph_missing, bad_image.
Result<void> set_blocks(Page& page, const std::vector<Block>& blocks, std::size_t first_index, bool glue_end);

// Where a text stands in the column of text, and how its lines hold together.
struct TextPlace {
  double x = 0;
  double gap = 0;               // Above the first line.
  bool keep_with_next = false;  // All of it.
  bool glue_end = false;        // Its last two lines.
  std::size_t block = 0;
};
// Pushes a text line by line, without widows and orphans: at least two lines stay together at either end.
void push_lines(Page& page, Text text, const TextPlace& place);

}  // namespace luy::paper
