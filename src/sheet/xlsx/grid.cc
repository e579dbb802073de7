#include "sheet/xlsx/grid.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "sheet/xlsx.h"
#include "sheet/xlsx/xml.h"

namespace luy::sheet::xlsx {
namespace {

constexpr std::size_t excel_rows_max = 1'048'576;
constexpr std::size_t excel_columns_max = 16'384;

struct Place {
  std::size_t column = 0;  // From 0.
  std::size_t row = 0;     // From 1.
};

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return out;
}

// "C7"
std::optional<Place> place_of(std::string_view text) {
  std::size_t column = 0;
  std::size_t letters = 0;
  while (letters < text.size() && text[letters] >= 'A' && text[letters] <= 'Z' && column <= excel_columns_max) {
    column = column * 26 + static_cast<std::size_t>(text[letters++] - 'A' + 1);
  }
  const auto row = whole<std::size_t>(text.substr(letters));
  if (letters == 0 || !row || column > excel_columns_max || *row == 0 || *row > excel_rows_max) return std::nullopt;
  return Place{column - 1, *row};
}

struct Merge {
  Place first;
  Place last;
};

class Grid : public Listener {
 public:
  explicit Grid(const Book& book) : book_(book) {}

  Result<void> start(std::string_view name, const Attributes& attributes) override {
    ++depth_;
    // worksheet / sheetData / row / c / v, and is / t within c.
    if (depth_ == 2) in_data_ = name == "sheetData";
    if (depth_ == 3 && name == "mergeCell") return add_merge(attributes);
    if (!in_data_) return {};
    if (depth_ == 3 && name == "row") return start_row(attributes);
    if (depth_ == 4 && name == "c") return start_cell(attributes);
    if (depth_ >= 5 && name == "rPh") ++spoken_;
    if (depth_ == 5 && name == "f") has_formula_ = true;
    is_text_ = (depth_ == 5 && name == "v") || (depth_ > 5 && name == "t" && spoken_ == 0);
    return {};
  }

  Result<void> end(std::string_view name) override {
    --depth_;
    is_text_ = false;
    if (!in_data_) return {};
    if (depth_ >= 4 && name == "rPh" && spoken_ > 0) --spoken_;
    if (depth_ == 3 && name == "c") return end_cell();
    if (depth_ == 2 && name == "row") return end_row();
    return {};
  }

  void text(std::string_view bytes) override {
    // One byte more than is allowed tells that it is too much.
    if (is_text_ && value_.size() <= cell_bytes_max) value_ += bytes;
  }

  Result<Table> finish() {
    for (const Merge& merge : merges_) clear(merge);
    for (Row& row : table_) {
      while (!row.cells.empty() && row.cells.back().empty()) row.cells.pop_back();
    }
    std::erase_if(table_, [](const Row& row) { return row.cells.empty(); });
    return std::move(table_);
  }

 private:
  Error wrong(const char* vi, const char* en) const {
    const std::string name = cell_name(at_.column, at_.row);
    return Error(cell_invalid, "ô " + name + " (" + vi + ")", "cell " + name + " (" + en + ")");
  }

  Result<void> add_merge(const Attributes& attributes) {
    const std::string_view range = find(attributes, "ref");
    const std::size_t colon = range.find(':');
    if (colon == std::string_view::npos) return {};
    const auto first = place_of(range.substr(0, colon));
    const auto last = place_of(range.substr(colon + 1));
    if (!first || !last) return Error(not_xlsx, "vùng gộp ô sai", "a merged range is wrong");
    if (merges_.size() >= xlsx_merges_max) return Error(xlsx_too_large, "quá nhiều ô gộp", "too many merged cells");
    merges_.push_back({*first, *last});
    return {};
  }

  Result<void> start_row(const Attributes& attributes) {
    const std::string_view given = find(attributes, "r");
    const auto number = given.empty() ? std::optional(at_.row + 1) : whole<std::size_t>(given);
    if (!number || *number <= at_.row || *number > excel_rows_max) {
      return Error(not_xlsx, "thứ tự hàng sai", "its rows are out of order");
    }
    at_ = {0, *number};
    next_column_ = 0;
    row_ = {*number, {}};
    return {};
  }

  Result<void> start_cell(const Attributes& attributes) {
    const std::string_view given = find(attributes, "r");
    const auto place = given.empty() ? std::optional(Place{next_column_, at_.row}) : place_of(given);
    if (!place || place->row != at_.row || place->column < next_column_) {
      return Error(not_xlsx, "thứ tự ô sai ở hàng " + std::to_string(at_.row),
                   "its cells are out of order in row " + std::to_string(at_.row));
    }
    at_.column = place->column;
    next_column_ = place->column + 1;
    type_ = find(attributes, "t");
    style_ = whole<std::size_t>(find(attributes, "s")).value_or(0);
    value_.clear();
    has_formula_ = false;
    spoken_ = 0;
    return {};
  }

  // What the cell shows.
  Result<std::string> shown() const {
    // A result that is an empty text says that it is text.
    if (has_formula_ && value_.empty() && type_ != "str")
      return wrong("công thức chưa có kết quả", "a formula without its result");
    if (value_.size() > cell_bytes_max) return wrong("quá dài", "it is too long");
    if (type_ == "inlineStr" || type_ == "str") return unescaped(value_);
    if (value_.empty()) return std::string();
    if (type_ == "s") {
      const auto index = whole<std::size_t>(value_);
      if (!index || *index >= book_.strings.size()) return wrong("chuỗi không có", "its text is missing");
      const std::string& text = book_.strings[*index];
      if (text.size() > cell_bytes_max) return wrong("quá dài", "it is too long");
      return text;
    }
    if (type_ == "b") return std::string(value_ == "1" || value_ == "true" ? "TRUE" : "FALSE");
    if (type_ == "e") return wrong("lỗi tính toán", "an error of a formula");
    if (type_ == "d") return day_of_text();
    if (!type_.empty() && type_ != "n") return wrong("kiểu ô lạ", "an unknown kind of cell");
    const auto number = number_of(value_);
    if (!number) return wrong("không phải số", "it is no number");
    if (style_ >= book_.is_date.size() || !book_.is_date[style_]) return number_text(*number);
    const auto date = date_text(*number, book_.epoch);
    if (!date) return wrong("không phải ngày", "it is no day");
    return *date;
  }

  // ISO 8601, as strict workbooks have it; midnight is a day alone.
  Result<std::string> day_of_text() const {
    constexpr std::string_view midnight = "T00:00:00";
    std::string_view text = value_;
    if (text.ends_with('Z')) text.remove_suffix(1);
    const std::size_t fraction = text.find('.');
    if (fraction != std::string_view::npos) text = text.substr(0, fraction);
    if (text.ends_with(midnight)) text.remove_suffix(midnight.size());
    return std::string(text);
  }

  Result<void> end_cell() {
    LUY_TRY(std::string text, shown());
    if (text.empty()) return {};
    if (at_.column >= columns_max) return wrong("quá cột thứ 32", "beyond column 32");
    bytes_ += text.size();
    if (bytes_ > text_bytes_max) return Error(xlsx_too_large, "quá 1 MiB chữ", "more than 1 MiB of text");
    row_.cells.resize(at_.column);
    row_.cells.push_back(std::move(text));
    return {};
  }

  Result<void> end_row() {
    if (row_.cells.empty()) return {};
    if (table_.size() >= rows_max) {
      const std::string most = std::to_string(rows_max);
      return Error(xlsx_too_large, "quá " + most + " hàng", "more than " + most + " rows");
    }
    table_.push_back(std::move(row_));
    return {};
  }

  // Only the first cell of a merged range is seen.
  void clear(const Merge& merge) {
    const auto by_number = [](const Row& row, std::size_t number) { return row.number < number; };
    for (auto row = std::lower_bound(table_.begin(), table_.end(), merge.first.row, by_number);
         row != table_.end() && row->number <= merge.last.row; ++row) {
      for (std::size_t i = merge.first.column; i < row->cells.size() && i <= merge.last.column; ++i) {
        if (row->number != merge.first.row || i != merge.first.column) row->cells[i].clear();
      }
    }
  }

  const Book& book_;
  Table table_;
  std::vector<Merge> merges_;
  std::size_t bytes_ = 0;
  std::size_t depth_ = 0;
  bool in_data_ = false;
  Place at_;
  std::size_t next_column_ = 0;
  Row row_;
  std::string type_;
  std::size_t style_ = 0;
  std::string value_;
  bool has_formula_ = false;
  bool is_text_ = false;
  std::size_t spoken_ = 0;
};

}  // namespace

Result<Table> read_grid(std::string_view bytes, const Book& book) {
  Grid grid(book);
  LUY_TRY_VOID(read_xml(bytes, book.sheet_part, grid));
  return grid.finish();
}

}  // namespace luy::sheet::xlsx
