#include "sheet/csv.h"

#include "base/utf8.h"

namespace luy::sheet {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
// What a spreadsheet takes for a formula.
constexpr std::string_view formula_signs = "=+-@";

bool begins_formula(std::string_view text) {
  return !text.empty() && formula_signs.find(text.front()) != std::string_view::npos;
}

Error wrong_line(std::size_t line) {
  const std::string number = std::to_string(line);
  return Error(csv_invalid, "dòng " + number, "line " + number);
}

// One cell from `at` on, which then stands behind it; false when its quotes are wrong.
bool take_cell(std::string_view text, std::size_t& at, std::string& cell) {
  const auto ends = [&] { return at >= text.size() || text[at] == ',' || text[at] == '\r' || text[at] == '\n'; };
  if (text[at] != '"') {
    for (; !ends(); ++at) {
      if (text[at] == '"') return false;
      cell += text[at];
    }
    return true;
  }
  for (++at; at < text.size(); ++at) {
    if (text[at] != '"') {
      cell += text[at];
    } else if (at + 1 < text.size() && text[at + 1] == '"') {
      cell += text[at++];
    } else {
      ++at;
      return ends();
    }
  }
  return false;
}

}  // namespace

Result<Table> parse_csv(std::string_view text) {
  if (text.size() > text_bytes_max) return Error(csv_invalid, "quá 1 MiB", "more than 1 MiB");
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (!is_utf8(text)) return Error(csv_invalid, "không phải UTF-8", "it is not UTF-8");
  Table table;
  Row row;
  std::size_t at = 0;
  while (at < text.size()) {
    std::string cell;
    if (!take_cell(text, at, cell) || row.cells.size() >= columns_max) return wrong_line(table.size() + 1);
    row.cells.push_back(std::move(cell));
    if (at < text.size() && text[at] == ',') {
      ++at;
      // A comma at the very end leaves one more, empty cell.
      if (at < text.size() && text[at] != '\r' && text[at] != '\n') continue;
      row.cells.emplace_back();
    }
    if (at < text.size() && text[at] == '\r') ++at;
    if (at < text.size() && text[at] == '\n') ++at;
    row.number = table.size() + 1;
    if (row.number > rows_max || row.cells.size() > columns_max) return wrong_line(row.number);
    table.push_back(std::move(row));
    row = {};
  }
  return table;
}

std::string plain_cell(std::string_view cell) {
  const bool is_guarded = cell.starts_with('\'') && begins_formula(cell.substr(1));
  return std::string(is_guarded ? cell.substr(1) : cell);
}

std::string csv_cell(std::string_view text) {
  std::string out;
  if (begins_formula(text)) out += '\'';
  out += text;
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string to_csv(const Page& page) {
  std::string out(byte_order_mark);
  const auto add = [&out](std::string_view cell, bool is_first) {
    if (!is_first) out += ',';
    out += csv_cell(cell);
  };
  for (std::size_t i = 0; i < page.columns.size(); ++i) add(page.columns[i].head, i == 0);
  out += "\r\n";
  for (const auto& row : page.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) add(row[i], i == 0);
    out += "\r\n";
  }
  return out;
}

}  // namespace luy::sheet
