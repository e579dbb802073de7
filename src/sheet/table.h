// A table of text as office programs keep it: rows of cells, whatever the file was. Numbers, dates and truth values
// have become text by the time they stand here; a formula is its result.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace luy::sheet {

// A town has some dozens of agencies and two thousand people.
inline constexpr std::size_t rows_max = 5000;
inline constexpr std::size_t columns_max = 32;
inline constexpr std::size_t cell_bytes_max = 8 << 10;
inline constexpr std::size_t text_bytes_max = 1 << 20;  // Of all cells.

struct Row {
  std::size_t number = 0;  // From 1, as the office program counts them; of CSV the record's.
  std::vector<std::string> cells;
};
using Table = std::vector<Row>;

// What is written.
struct Column {
  std::string head;
  double width = 16;  // In characters.
};
struct Page {
  std::string name;  // At most 31 characters, none of \ / * ? : [ ].
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // As many cells as there are columns.
};

}  // namespace luy::sheet
