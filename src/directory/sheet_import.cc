#include "directory/sheet_import.h"

#include <algorithm>
#include <array>

#include "base/compose.h"
#include "sheet/csv.h"
#include "sheet/xlsx.h"

namespace luy::directory {
namespace {

using records::Connection;

constexpr ErrorKind only_looking{"directory.sheet_preview", ErrorClass::conflict, "Chỉ xem trước.", "Only a preview."};

Result<void> check_head(const sheet::Table& table, const std::vector<sheet::Column>& columns) {
  std::string wanted;
  for (const sheet::Column& one : columns) wanted += (wanted.empty() ? "" : ", ") + one.head;
  const auto is_same = [](const sheet::Column& column, const std::string& cell) { return column.head == cell; };
  const bool is_head = !table.empty() && std::equal(columns.begin(), columns.end(), table[0].cells.begin(),
                                                    table[0].cells.end(), is_same);
  if (is_head) return {};
  return Error(sheet_invalid, "hàng đầu phải là " + wanted, "the first row must be " + wanted);
}

Result<void> check_width(SheetFormat format, const sheet::Row& row, std::size_t width) {
  if (row.cells.size() == width) return {};
  if (format == SheetFormat::csv || row.cells.size() < width) {
    const std::string count = std::to_string(row.cells.size());
    return Error(sheet_invalid, "dòng có " + count + " ô", "the line has " + count + " cells");
  }
  const std::string name = sheet::cell_name(row.cells.size() - 1, row.number);
  return Error(sheet_invalid, "ô " + name + " nằm ngoài các cột", "cell " + name + " lies beyond the columns");
}

Result<ImportedSheet> import_lines(LineImport& import, const sheet::Table& table, SheetFormat format,
                                   std::size_t width) {
  ImportedSheet out;
  for (std::size_t at = 1; at < table.size(); ++at) {
    SheetLine line;
    line.line = table[at].number;
    auto done = check_width(format, table[at], width);
    if (done) done = import.take(table[at].cells, line);
    if (!done) {
      // What the disk says is not the sheet's fault.
      const ErrorClass error_class = done.error().error_class();
      if (error_class == ErrorClass::io || error_class == ErrorClass::corrupt) return done.error();
      line.does = SheetLine::Does::refuse;
      line.vi = done.error().vi();
      line.en = done.error().en();
      ++out.refused;
    }
    out.lines.push_back(std::move(line));
  }
  return out;
}

}  // namespace

std::optional<SheetFormat> sheet_format_from_name(std::string_view name) {
  if (name == "csv") return SheetFormat::csv;
  if (name == "xlsx") return SheetFormat::xlsx;
  return std::nullopt;
}

std::string_view name_of(SheetLine::Does does) {
  constexpr std::array<std::string_view, 4> names = {"create", "change", "nothing", "refuse"};
  return names[static_cast<std::size_t>(does)];
}

Result<std::string> write_sheet(SheetFormat format, const sheet::Page& page) {
  if (format == SheetFormat::xlsx) return sheet::to_xlsx(page);
  return sheet::to_csv(page);
}

Result<sheet::Table> read_sheet(const SheetFile& file, const std::vector<sheet::Column>& columns) {
  const bool is_csv = file.format == SheetFormat::csv;
  LUY_TRY(sheet::Table table, is_csv ? sheet::parse_csv(file.bytes) : sheet::read_xlsx(file.bytes, file.page));
  for (sheet::Row& row : table) {
    for (std::string& cell : row.cells) cell = compose_vietnamese(is_csv ? sheet::plain_cell(cell) : cell);
    // Empty cells at a row's end are not written down.
    if (!is_csv && row.cells.size() < columns.size()) row.cells.resize(columns.size());
  }
  LUY_TRY_VOID(check_head(table, columns));
  return table;
}

std::string iso_day(const std::string& text) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string::npos ? first : text.find('/', first + 1);
  if (second == std::string::npos || first == 0 || first > 2 || second - first < 2 || second - first > 3) return text;
  const auto two = [](const std::string& part) { return part.size() == 1 ? "0" + part : part; };
  const std::string iso = text.substr(second + 1) + "-" + two(text.substr(first + 1, second - first - 1)) + "-" +
                          two(text.substr(0, first));
  return day_from_iso(iso) ? iso : text;
}

Result<ImportedSheet> import_sheet(const ImportParts& parts, const SheetFile& file, Preview preview) {
  AuditEntry entry{parts.act, "", Outcome::done, "", {}, {}};
  ImportedSheet seen;
  auto tried = parts.database.write([&](Connection& c) -> Result<ImportedSheet> {
    LUY_TRY_VOID(parts.caller.require(parts.action, Object::anywhere()));
    LUY_TRY(const sheet::Table table, read_sheet(file, parts.columns));
    const std::unique_ptr<LineImport> import = parts.begin(c);
    LUY_TRY_VOID(import->prepare());
    LUY_TRY(seen, import_lines(*import, table, file.format, parts.columns.size()));
    if (preview == Preview::yes || seen.refused != 0) return Error(only_looking);
    seen.applied = true;
    entry.after["lines"] = std::move(import->noted);
    LUY_TRY_VOID(parts.audit.note(c, parts.caller, entry));
    return seen;
  });
  if (!tried && tried.error().is(only_looking)) return seen;
  if (!tried) {
    return parts.audit.perform(parts.caller, entry,
                               [&](Connection&, AuditEntry&) -> Result<ImportedSheet> { return tried.error(); });
  }
  LUY_TRY_VOID(parts.audit.deliver());
  return tried;
}

}  // namespace luy::directory
