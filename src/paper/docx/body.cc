// Blocks as WordprocessingML.
#include <algorithm>
#include <cmath>

#include "paper/docx/parts.h"
#include "paper/docx/xml.h"
#include "paper/mark.h"
#include "paper/png.h"

namespace luy::paper::docx {
namespace {

constexpr int paragraph_gap = static_cast<int>(style::paragraph_gap_pt * 20);
constexpr int form_gap = paragraph_gap / 2;
constexpr int mark_width = 280;
constexpr RunStyle body_style{};
constexpr RunStyle table_style{.size = style::table_pt};

class Writer {
 public:
  explicit Writer(Media& media) : media_(media) {}

  std::string operator()(const Paragraph& one) {
    ParagraphStyle look = plain(one.align, one.first_line_indent);
    look.keep_with_next = one.keep_with_next;
    return paragraph(runs(one.spans, body_style), look);
  }
  std::string operator()(const LegalBasis& one) {
    std::string out;
    for (std::size_t i = 0; i < one.items.size(); ++i) {
      const std::string end = i + 1 == one.items.size() ? "." : ";";
      out += paragraph(run(clean_line(one.items[i]) + end, {.italic = true}), plain(Align::justify, true));
    }
    return out;
  }
  std::string operator()(const Heading& one) {
    ParagraphStyle look = plain(Align::left, one.first_line_indent);
    look.keep_with_next = true;
    std::string text = run(clean_line(one.text), {.bold = true, .italic = one.level == 3});
    if (!one.note.empty()) text += run(" " + clean_line(one.note), {.italic = true});
    return paragraph(text, look);
  }
  std::string operator()(const List& one) {
    std::string out;
    for (std::size_t i = 0; i < one.items.size(); ++i) {
      ParagraphStyle look = plain(Align::justify, false);
      look.left = one.marker == Marker::square ? mark_width : first_line + mark_width;
      look.hanging = mark_width;
      out += paragraph(run(mark_of(one.marker, i) + " ", body_style) + runs(one.items[i], body_style), look);
    }
    return out;
  }
  std::string operator()(const Field& one) {
    ParagraphStyle look = plain(Align::left, false);
    look.after = form_gap;
    std::string text =
        run((one.marked ? "▪ " : "") + clean_line(one.label) + (one.mandatory ? " (*)" : ""), body_style);
    if (!one.hint.empty()) text += run(" " + clean_line(one.hint), {.italic = true});
    text += run(": ", body_style);
    if (one.value.empty()) {
      look.right_tab = text_width;
      text += "<w:r><w:tab/></w:r>";
    } else {
      text += run(one.value, body_style);
    }
    return paragraph(text, look);
  }
  std::string operator()(const Choices& one) {
    if (one.options.empty()) return {};
    std::vector<TableRow> rows;
    const int width = text_width / static_cast<int>(one.columns);
    for (std::size_t i = 0; i < one.options.size(); ++i) {
      if (i % one.columns == 0) rows.emplace_back();
      const Choice& option = one.options[i];
      const Span span{clean_line(option.text) + (option.detail.empty() ? "" : " " + clean_line(option.detail)), false,
                      false, option.checked ? Box::checked : Box::empty};
      ParagraphStyle look = plain(Align::left, false);
      look.left = look.hanging = mark_width;
      look.after = form_gap;
      rows.back().cells.push_back({width, paragraph(runs({span}, body_style), look)});
    }
    while (rows.back().cells.size() < one.columns) rows.back().cells.push_back({width, paragraph("", {})});
    return table(rows, false);
  }
  std::string operator()(const Table& one) {
    double total = 0;
    for (const Column& column : one.columns) total += column.weight;
    std::vector<int> widths;
    for (const Column& column : one.columns) {
      widths.push_back(static_cast<int>(std::lround(text_width * column.weight / total)));
    }
    std::vector<TableRow> rows;
    if (std::any_of(one.columns.begin(), one.columns.end(),
                    [](const Column& column) { return !column.title.empty(); })) {
      TableRow head{{}, true};
      for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::string title = run(one.columns[i].title, {.size = style::table_pt, .bold = true});
        head.cells.push_back({widths[i], paragraph(title, cell_look(Align::center))});
      }
      rows.push_back(std::move(head));
    }
    for (const Row& row : one.rows) {
      TableRow out;
      for (std::size_t i = 0; i < widths.size(); ++i) {
        RunStyle look = table_style;
        look.bold = row.bold;
        out.cells.push_back({widths[i], paragraph(runs(row.cells[i], look), cell_look(one.columns[i].align))});
      }
      rows.push_back(std::move(out));
    }
    if (rows.empty()) return {};
    // A paragraph after a table keeps two tables apart and gives the gap below.
    ParagraphStyle gap;
    gap.line_factor = 0.5;
    return table(rows, true) + paragraph("", gap);
  }
  std::string operator()(const Image& one) {
    media_.push_back(one.png);
    const PngSize size = *png_size(one.png);
    constexpr double height_max_mm = 220;
    double width = one.width_mm;
    double height = width * size.height / size.width;
    if (height > height_max_mm) {
      width *= height_max_mm / height;
      height = height_max_mm;
    }
    ParagraphStyle look = plain(Align::center, false);
    look.keep_with_next = !one.caption.empty();
    std::string out = paragraph(picture(media_.size(), width, height), look);
    if (one.caption.empty()) return out;
    return out + paragraph(run(one.caption, {.size = style::caption_pt, .italic = true}), plain(Align::center, false));
  }
  std::string operator()(const PageBreak&) { return "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"; }

 private:
  static ParagraphStyle plain(Align align, bool indent) {
    ParagraphStyle out;
    out.align = align;
    out.first_line = indent ? first_line : 0;
    out.after = paragraph_gap;
    out.line_factor = style::line_factor;
    return out;
  }
  static ParagraphStyle cell_look(Align align) {
    ParagraphStyle out;
    out.align = align;
    out.before = out.after = 40;
    return out;
  }
  static std::string mark_of(Marker marker, std::size_t index) {
    switch (marker) {
      case Marker::dash:
        return "-";
      case Marker::number:
        return std::to_string(index + 1) + ".";
      case Marker::letter:
        return letter_mark(index);
      case Marker::square:
        return "▪";
    }
    return {};
  }

  Media& media_;
};

}  // namespace

std::string blocks_of(const std::vector<Block>& blocks, Media& media) {
  std::string out;
  Writer writer(media);
  for (const Block& block : blocks) out += std::visit(writer, block);
  return out;
}

}  // namespace luy::paper::docx
