#include "paper/docx/xml.h"

#include <algorithm>
#include <cmath>

#include "base/utf8.h"

namespace luy::paper::docx {
namespace {

std::string_view name_of(Align align) {
  switch (align) {
    case Align::justify:
      return "both";
    case Align::left:
      return "left";
    case Align::center:
      return "center";
    case Align::right:
      return "right";
  }
  return "left";
}

std::string attribute(std::string_view name, int value) {
  return " w:" + std::string(name) + "=\"" + std::to_string(value) + "\"";
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
}

std::string properties(const RunStyle& style) {
  const std::string half_points = std::to_string(static_cast<int>(std::lround(style.size * 2)));
  std::string out = "<w:rPr>";
  if (style.bold) out += "<w:b/>";
  if (style.italic) out += "<w:i/>";
  if (!style.color.empty()) out += "<w:color w:val=\"" + std::string(style.color) + "\"/>";
  return out + "<w:sz w:val=\"" + half_points + "\"/><w:szCs w:val=\"" + half_points + "\"/></w:rPr>";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, clean_line(text));
  return out;
}

std::string run(std::string_view text, const RunStyle& style) {
  const std::string clean = clean_text(text);
  std::string out = "<w:r>" + properties(style);
  std::string_view rest = clean;
  while (true) {
    const std::size_t at = std::min(rest.find('\n'), rest.size());
    out += "<w:t xml:space=\"preserve\">";
    append_escaped(out, rest.substr(0, at));
    out += "</w:t>";
    if (at == rest.size()) break;
    out += "<w:br/>";
    rest.remove_prefix(at + 1);
  }
  return out + "</w:r>";
}

std::string runs(const Spans& spans, const RunStyle& style) {
  std::string out;
  for (const Span& span : spans) {
    RunStyle own = style;
    own.bold = style.bold || span.bold;
    own.italic = style.italic || span.italic;
    std::string text;
    if (span.box != Box::none) text = span.box == Box::checked ? "☒\u00A0" : "☐\u00A0";
    out += run(text + span.text, own);
  }
  return out;
}

std::string paragraph(const std::string& runs, const ParagraphStyle& style) {
  // The order of these elements is the schema's (ECMA-376 part 1, 17.3.1.26).
  std::string out = "<w:p><w:pPr>";
  if (style.keep_with_next) out += "<w:keepNext/>";
  if (style.page_break_before) out += "<w:pageBreakBefore/>";
  out += "<w:widowControl/>";
  if (!style.borders.empty()) out += "<w:pBdr>" + std::string(style.borders) + "</w:pBdr>";
  if (style.right_tab != 0) {
    out += "<w:tabs><w:tab w:val=\"right\" w:leader=\"dot\"" + attribute("pos", style.right_tab) + "/></w:tabs>";
  }
  out += "<w:spacing" + attribute("before", style.before) + attribute("after", style.after) +
         attribute("line", static_cast<int>(std::lround(240 * style.line_factor))) + " w:lineRule=\"auto\"/>";
  out += "<w:ind" + attribute("left", style.left) + attribute("right", style.right);
  out += style.hanging != 0 ? attribute("hanging", style.hanging) : attribute("firstLine", style.first_line);
  out += "/><w:jc w:val=\"" + std::string(name_of(style.align)) + "\"/></w:pPr>";
  return out + runs + "</w:p>";
}

std::string rule(int width, int column) {
  const int side = std::max(0, (column - width) / 2);
  ParagraphStyle style;
  style.left = side;
  style.right = side;
  style.line_factor = 0.25;
  style.borders = "<w:top w:val=\"single\" w:sz=\"5\" w:space=\"1\" w:color=\"000000\"/>";
  return paragraph("", style);
}

std::string table(const std::vector<TableRow>& rows, bool has_borders, std::string_view align) {
  std::string out = "<w:tbl><w:tblPr>";
  int width = 0;
  for (const Cell& cell : rows.front().cells) width += cell.width;
  out += "<w:tblW" + attribute("w", width) + " w:type=\"dxa\"/><w:jc w:val=\"" + std::string(align) + "\"/>";
  if (has_borders) {
    out += "<w:tblBorders>";
    for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"}) {
      out += "<w:" + std::string(side) + " w:val=\"single\" w:sz=\"5\" w:space=\"0\" w:color=\"000000\"/>";
    }
    out += "</w:tblBorders>";
  }
  const std::string margin = attribute("w", has_borders ? twips_of_mm(style::cell_padding_mm) : 0);
  out += "<w:tblLayout w:type=\"fixed\"/><w:tblCellMar><w:left" + margin + " w:type=\"dxa\"/><w:right" + margin +
         " w:type=\"dxa\"/></w:tblCellMar></w:tblPr><w:tblGrid>";
  for (const Cell& cell : rows.front().cells) out += "<w:gridCol" + attribute("w", cell.width) + "/>";
  out += "</w:tblGrid>";
  for (const TableRow& row : rows) {
    out += "<w:tr><w:trPr><w:cantSplit/>" + std::string(row.is_header ? "<w:tblHeader/>" : "") + "</w:trPr>";
    for (const Cell& cell : row.cells) {
      out +=
          "<w:tc><w:tcPr><w:tcW" + attribute("w", cell.width) + " w:type=\"dxa\"/></w:tcPr>" + cell.content + "</w:tc>";
    }
    out += "</w:tr>";
  }
  return out + "</w:tbl>";
}

int estimated_width(std::string_view text, double size, int column) {
  // The widest line; capitals of Times New Roman Bold take about 0.7 em, small letters 0.5 em.
  double widest = 0;
  double line = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t bytes = std::max<std::size_t>(1, utf8_character(rest));
    const std::string_view character = rest.substr(0, bytes);
    rest.remove_prefix(bytes);
    if (character == "\n") line = 0;
    const bool is_small = character == " " || (character.size() == 1 && character[0] >= 'a' && character[0] <= 'z');
    line += is_small ? 0.45 : 0.66;
    widest = std::max(widest, line);
  }
  return std::min(column, static_cast<int>(widest * size * 20));
}

}  // namespace luy::paper::docx
