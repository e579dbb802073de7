#include "paper/pdf/body.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "paper/mark.h"
#include "paper/pdf/picture.h"
#include "paper/pdf/table.h"

namespace luy::paper {
namespace {

constexpr double indent = style::first_line_indent_mm * mm;
constexpr double list_hang_mm = 5;
constexpr double square_hang_mm = 4.5;
constexpr double form_gap_pt = 3;  // Between the lines of a form, which are many and short.

class Setter {
 public:
  Setter(Page& page, std::size_t block, bool glue_end) : page_(page), block_(block), glue_end_(glue_end) {}

  Result<void> operator()(const Paragraph& one) {
    // A line break in the text begins a new paragraph with its own first line.
    for (const Spans& spans : paragraphs_of(one.spans)) {
      const TextStyle look{.align = one.align, .indent = one.first_line_indent ? indent : 0};
      LUY_TRY_VOID(push(spans, look, page_.left(), page_.width(), style::paragraph_gap_pt, one.keep_with_next));
    }
    return {};
  }

  Result<void> operator()(const LegalBasis& one) {
    for (std::size_t i = 0; i < one.items.size(); ++i) {
      const std::string text = clean_line(one.items[i]) + (i + 1 == one.items.size() ? "." : ";");
      const TextStyle look{.italic = true, .align = Align::justify, .indent = indent};
      LUY_TRY_VOID(push({{text}}, look, page_.left(), page_.width(), style::paragraph_gap_pt, false));
    }
    return {};
  }

  Result<void> operator()(const Heading& one) {
    Spans spans{{clean_line(one.text), true, one.level == 3}};
    if (!one.note.empty()) spans.push_back({" " + clean_line(one.note), false, true});
    const TextStyle look{.align = Align::left, .indent = one.first_line_indent ? indent : 0};
    return push(spans, look, page_.left(), page_.width(), style::paragraph_gap_pt, true);
  }

  Result<void> operator()(const List& one) {
    const double hang = (one.marker == Marker::square ? square_hang_mm : list_hang_mm) * mm;
    for (std::size_t i = 0; i < one.items.size(); ++i) {
      const std::string mark = mark_of(one.marker, i);
      LUY_TRY(Text text, page_.shape(mark, {}, indent));
      const double x = page_.left() + (one.marker == Marker::square ? 0 : indent);
      const double inner = x + std::max(hang, text.widest() + 2);
      LUY_TRY(Text body, page_.shape(one.items[i], {.align = Align::justify}, page_.right() - inner));
      push_marked(std::move(text), x, std::move(body), inner);
    }
    return {};
  }

  Result<void> operator()(const Field& one) {
    Spans spans{{(one.marked ? "▪ " : "") + clean_line(one.label) + (one.mandatory ? " (*)" : "")}};
    if (!one.hint.empty()) spans.push_back({" " + clean_line(one.hint), false, true});
    spans.push_back({": "});
    const bool is_empty = one.value.empty();
    if (!is_empty) spans.push_back({one.value});
    const TextStyle look{.align = is_empty ? Align::left : Align::justify,
                         .indent = one.marked ? -square_hang_mm * mm : 0};
    LUY_TRY(Text text, page_.shape(spans, look, page_.width()));
    if (is_empty) push_leader(text);
    push_lines(page_, std::move(text), place(page_.left(), is_empty ? 0 : form_gap_pt, false));
    return {};
  }

  Result<void> operator()(const Choices& one) {
    const double cell = page_.width() / one.columns;
    for (std::size_t first = 0; first < one.options.size(); first += one.columns) {
      std::vector<Text> texts;
      double height = 0;
      for (std::size_t i = first; i < std::min(first + one.columns, one.options.size()); ++i) {
        const Choice& option = one.options[i];
        std::string words = clean_line(option.text);
        if (!option.detail.empty()) words += " " + clean_line(option.detail);
        const Box box = option.checked ? Box::checked : Box::empty;
        LUY_TRY(Text text, page_.shape({{words, false, false, box}}, {.indent = -square_hang_mm * mm}, cell - 2 * mm));
        height = std::max(height, text.height());
        texts.push_back(std::move(text));
      }
      const bool is_last = first + one.columns >= one.options.size();
      push_row(std::move(texts), cell, height, !is_last || glue_end_);
    }
    return {};
  }

  Result<void> operator()(const Table& one) { return set_table(page_, one, block_, glue_end_); }
  Result<void> operator()(const Image& one) { return set_picture(page_, one, block_, glue_end_); }
  Result<void> operator()(const PageBreak&) {
    page_.flow().page_break();
    return {};
  }

 private:
  static std::vector<Spans> paragraphs_of(const Spans& spans) {
    std::vector<Spans> out(1);
    for (const Span& span : spans) {
      const std::string text = clean_text(span.text);
      std::string_view rest = text;
      Box box = span.box;
      for (std::size_t at = rest.find('\n'); at != std::string_view::npos; at = rest.find('\n')) {
        out.back().push_back({std::string(rest.substr(0, at)), span.bold, span.italic, std::exchange(box, Box::none)});
        out.emplace_back();
        rest.remove_prefix(at + 1);
      }
      if (!rest.empty() || box != Box::none) out.back().push_back({std::string(rest), span.bold, span.italic, box});
    }
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
    return "";
  }

  TextPlace place(double x, double gap, bool keep) const { return {x, gap, keep, glue_end_, block_}; }

  Result<void> push(const Spans& spans, const TextStyle& look, double x, double width, double gap, bool keep) {
    LUY_TRY(Text text, page_.shape(spans, look, width));
    push_lines(page_, std::move(text), place(x, gap, keep));
    return {};
  }

  // A list item: its mark beside the first line.
  void push_marked(Text mark, double mark_x, Text body, double body_x) {
    auto shared = std::make_shared<Text>(std::move(mark));
    Page& page = page_;
    const std::size_t block = block_;
    // The mark is a slice of no height glued to the first line.
    page.flow().push({style::paragraph_gap_pt / 2, 0, true, false,
                      [shared, mark_x, &page](Spot spot) { shared->draw(page.cairo(), mark_x, spot.y); }});
    push_lines(page, std::move(body), {body_x, 0, false, glue_end_, block});
  }

  // Dots behind the last line of `text`, which is pushed next: a slice of no height glued to it.
  void push_leader(const Text& text) {
    Page& page = page_;
    const double begin = page.left() + text.last_line_end() + 2;
    const double down = text.height() - text.line_height(0) * 0.25;
    page.flow().push({form_gap_pt, 0, true, false,
                      [begin, down, &page](Spot spot) { page.leader(begin, page.right(), spot.y + down); }});
  }

  void push_row(std::vector<Text> texts, double cell, double height, bool keep) {
    auto shared = std::make_shared<std::vector<Text>>(std::move(texts));
    Page& page = page_;
    const std::size_t block = block_;
    page.flow().push({form_gap_pt, height, keep, false, [shared, cell, height, &page, block](Spot spot) {
                        for (std::size_t i = 0; i < shared->size(); ++i) {
                          (*shared)[i].draw(page.cairo(), page.left() + cell * static_cast<double>(i), spot.y);
                        }
                        page.note_body(block, spot.page, {page.left(), spot.y, page.width(), height});
                      }});
  }

  Page& page_;
  std::size_t block_;
  bool glue_end_;
};

}  // namespace

void push_lines(Page& page, Text text, const TextPlace& place) {
  auto shared = std::make_shared<Text>(std::move(text));
  const std::size_t count = shared->line_count();
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_last = i + 1 == count;
    // Two lines at least stay together at the beginning and at the end of a paragraph.
    const bool inner_glue = !is_last && (i == 0 || i + 2 == count);
    const bool end_glue = place.glue_end && i + 2 >= count;
    const double height = shared->line_height(i);
    page.flow().push({i == 0 ? place.gap : 0, height, place.keep_with_next || inner_glue || end_glue, false,
                      [shared, i, place, height, &page](Spot spot) {
                        shared->draw_line(page.cairo(), i, place.x, spot.y);
                        page.note_body(place.block, spot.page, {page.left(), spot.y, page.width(), height});
                      }});
  }
}

Result<void> set_blocks(Page& page, const std::vector<Block>& blocks, std::size_t first_index, bool glue_end) {
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    Setter setter(page, first_index + i, glue_end && i + 1 == blocks.size());
    LUY_TRY_VOID(std::visit(setter, blocks[i]));
  }
  return {};
}

}  // namespace luy::paper
