// Pieces of WordprocessingML as text. Lengths are twips, 1/20 point, unless the name says otherwise.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "paper/document.h"
#include "paper/style.h"

namespace luy::paper::docx {

constexpr int twips_of_mm(double mm) {
  return static_cast<int>(mm * style::pt_per_mm * 20 + 0.5);
}
inline constexpr int text_width = twips_of_mm(style::text_width_mm);
inline constexpr int first_line = twips_of_mm(style::first_line_indent_mm);

// Cleaned and escaped; line breaks become spaces.
std::string escaped(std::string_view text);

struct RunStyle {
  double size = style::body_pt;
  bool bold = false;
  bool italic = false;
  std::string_view color{};  // "C00000"
};
// Runs of text; line breaks become <w:br/>, boxes ☐ and ☒.
std::string runs(const Spans& spans, const RunStyle& style);
std::string run(std::string_view text, const RunStyle& style);

struct ParagraphStyle {
  Align align = Align::left;
  int first_line = 0;
  int hanging = 0;
  int left = 0;
  int right = 0;
  int before = 0;
  int after = 0;
  double line_factor = 1;
  bool keep_with_next = false;
  bool page_break_before = false;
  int right_tab = 0;           // A tab stop with dots, where not 0.
  std::string_view borders{};  // Inside <w:pBdr>.
};
std::string paragraph(const std::string& runs, const ParagraphStyle& style);
// A line of `width`, centred in a column of `column`.
std::string rule(int width, int column);

struct Cell {
  int width = 0;
  std::string content;  // Paragraphs, at least one.
};
struct TableRow {
  std::vector<Cell> cells;
  bool is_header = false;
};
std::string table(const std::vector<TableRow>& rows, bool has_borders, std::string_view align = "left");

// How wide a text is set, roughly: the lengths of the rules under names and titles follow it (1/3 to 1/2 of the width,
// F-7.5), which leaves room for an estimate.
int estimated_width(std::string_view text, double size, int column);

}  // namespace luy::paper::docx
