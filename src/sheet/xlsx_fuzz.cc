// Whatever bytes come in become rows within the limits or an error; what was read and written is read again the same.
// The bytes are a whole workbook, or the sheet of one when they begin with '<'.
#include "base/check.h"
#include "sheet/xlsx.h"
#include "sheet/xlsx/grid.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace luy;
  using namespace luy::sheet;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const xlsx::Book book{"sheet1.xml", xlsx::Epoch::year_1900, {"một", "hai"}, {false, true}};
  const auto table = bytes.starts_with('<') ? xlsx::read_grid(bytes, book) : read_xlsx(bytes);
  if (!table) return 0;
  LUY_CHECK(table->size() <= rows_max);
  Page page{"Một", std::vector<Column>(columns_max), {}};
  for (const Row& row : *table) {
    LUY_CHECK(row.cells.size() <= columns_max);
    page.rows.push_back(row.cells);
  }
  const auto again = read_xlsx(*to_xlsx(page));
  LUY_CHECK(again && again->size() == table->size());
  for (std::size_t i = 0; i < table->size(); ++i) LUY_CHECK((*again)[i].cells == (*table)[i].cells);
  return 0;
}
