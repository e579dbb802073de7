#include "sheet/xlsx.h"
#include "sheet/xlsx/archive.h"
#include "sheet/xlsx/book.h"
#include "sheet/xlsx/grid.h"

namespace luy::sheet {

std::string cell_name(std::size_t column, std::size_t row) {
  std::string letters;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letters + std::to_string(row);
}

Result<Table> read_xlsx(std::string_view bytes, std::string_view name) {
  LUY_TRY(xlsx::Archive archive, xlsx::Archive::open(bytes));
  LUY_TRY(const xlsx::Book book, xlsx::read_book(archive, name));
  LUY_TRY(const std::string sheet, archive.read(book.sheet_part));
  return xlsx::read_grid(sheet, book);
}

}  // namespace luy::sheet
