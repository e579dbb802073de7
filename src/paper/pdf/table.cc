#include "paper/pdf/table.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace luy::paper {
namespace {

constexpr double padding = style::cell_padding_mm * mm;
constexpr double table_line_factor = 1.05;

struct Grid {
  std::vector<double> x;  // Of each column's left edge, and of the right edge of the last.
};

// A part of a row: of each cell the lines from `begin` to `end`.
struct Part {
  struct Lines {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<Lines> cells;
  double height = 0;
};

Grid grid_of(const Page& page, const Table& table) {
  double total = 0;
  for (const Column& column : table.columns) total += column.weight;
  Grid grid;
  double sum = 0;
  for (const Column& column : table.columns) {
    grid.x.push_back(page.left() + page.width() * sum / total);
    sum += column.weight;
  }
  grid.x.push_back(page.right());
  return grid;
}

using Cells = std::vector<Text>;

// Divides a row into parts no taller than `height_max`; one part for a row that fits.
std::vector<Part> parts_of(const Cells& cells, double height_max) {
  std::vector<Part> parts;
  std::vector<std::size_t> next(cells.size(), 0);
  bool is_done = false;
  while (!is_done) {
    Part part;
    is_done = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      Part::Lines lines{next[i], next[i]};
      double height = 2 * padding;
      while (lines.end < cells[i].line_count()) {
        const double line = cells[i].line_height(lines.end);
        // One line is always taken, so that every round makes progress.
        if (height + line > height_max && lines.end > lines.begin) break;
        height += line;
        ++lines.end;
      }
      next[i] = lines.end;
      is_done = is_done && lines.end == cells[i].line_count();
      part.height = std::max(part.height, height);
      part.cells.push_back(lines);
    }
    parts.push_back(std::move(part));
  }
  return parts;
}

void draw_part(Page& page, const Grid& grid, const Cells& cells, const Part& part, double y) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    page.frame({grid.x[i], y, grid.x[i + 1] - grid.x[i], part.height});
    double line_y = y + padding;
    for (std::size_t line = part.cells[i].begin; line < part.cells[i].end; ++line) {
      cells[i].draw_line(page.cairo(), line, grid.x[i] + padding, line_y);
      line_y += cells[i].line_height(line);
    }
  }
}

TextStyle look_of(bool bold, Align align) {
  return {.size = style::table_pt, .bold = bold, .align = align, .line_factor = table_line_factor};
}

double inner_width(const Grid& grid, std::size_t column) {
  return std::max(1.0, grid.x[column + 1] - grid.x[column] - 2 * padding);
}

Result<Slice> head_of(Page& page, const Table& table, const std::shared_ptr<Grid>& grid) {
  auto cells = std::make_shared<Cells>();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string title = clean_text(table.columns[i].title);
    LUY_TRY(Text text, page.shape(title, look_of(true, Align::center), inner_width(*grid, i)));
    cells->push_back(std::move(text));
  }
  Part part;
  for (const Text& cell : *cells) {
    part.cells.push_back({0, cell.line_count()});
    part.height = std::max(part.height, cell.height() + 2 * padding);
  }
  const double height = part.height;
  return Slice{style::paragraph_gap_pt, height, true, true, [&page, grid, cells, part](Spot spot) {
                 page.note(Component::table_head, 0, spot.page, {page.left(), spot.y, page.width(), part.height});
                 draw_part(page, *grid, *cells, part, spot.y);
               }};
}

}  // namespace

Result<void> set_table(Page& page, const Table& table, std::size_t block, bool glue_end) {
  const auto grid = std::make_shared<Grid>(grid_of(page, table));
  const bool has_head = std::any_of(table.columns.begin(), table.columns.end(),
                                    [](const Column& column) { return !column.title.empty(); });
  double height_max = page.flow().height_max();
  if (has_head) {
    LUY_TRY(Slice head, head_of(page, table, grid));
    height_max -= head.height;
    head.keep_with_next = !table.rows.empty() || glue_end;
    page.flow().push(std::move(head));
  }
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    auto cells = std::make_shared<Cells>();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const TextStyle look = look_of(table.rows[r].bold, table.columns[i].align);
      LUY_TRY(Text text, page.shape(table.rows[r].cells[i], look, inner_width(*grid, i)));
      cells->push_back(std::move(text));
    }
    const bool is_last = r + 1 == table.rows.size();
    std::vector<Part> parts = parts_of(*cells, height_max);
    for (std::size_t p = 0; p < parts.size(); ++p) {
      const bool keep = glue_end && is_last && p + 1 == parts.size();
      const double gap = r == 0 && p == 0 && !has_head ? style::paragraph_gap_pt : 0;
      const double height = parts[p].height;
      page.flow().push({gap, height, keep, false, [&page, grid, cells, part = std::move(parts[p]), block](Spot spot) {
                          draw_part(page, *grid, *cells, part, spot.y);
                          page.note_body(block, spot.page, {page.left(), spot.y, page.width(), part.height});
                        }});
    }
  }
  page.flow().clear_running_head();
  return {};
}

}  // namespace luy::paper
