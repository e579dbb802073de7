#include "paper/poster.h"

#include <pango/pangocairo.h>

#include <algorithm>

#include "paper/pdf/page.h"
#include "paper/pdf/picture.h"
#include "paper/pdf/single_page.h"
#include "paper/pdf/text.h"
#include "paper/qr.h"

namespace luy::paper {
namespace {

// Read from two metres: title 12 mm high, the code as large as a hand.
constexpr double side_mm = 20;
constexpr double top_mm = 22;
constexpr double gap_mm = 7;
constexpr double note_gap_mm = 2.5;
constexpr double code_mm = 92;
constexpr double issuer_pt = 18;
constexpr double title_pt = 44;
constexpr double line_pt = 22;
constexpr double address_pt = 15.5;  // A long host and code stay in one line: it is typed off the wall.
constexpr double note_pt = 15;
constexpr double foot_pt = 14;
constexpr double foot_top_mm = 277;

class Sheet {
 public:
  Sheet(PangoContext* context, cairo_t* cairo) : context_(context), cairo_(cairo) {}

  Result<void> draw(const Poster& poster) {
    LUY_TRY(const QrCode code, qr_code(poster.address));
    cairo_set_source_rgb(cairo_, 0, 0, 0);
    LUY_TRY_VOID(put(poster.issuer, {.size = issuer_pt, .bold = true, .align = Align::center, .line_factor = 1.1}));
    LUY_TRY_VOID(put(poster.title, {.size = title_pt, .bold = true, .align = Align::center, .line_factor = 1.1}));
    for (const std::string& line : poster.lines) {
      LUY_TRY_VOID(put(line, {.size = line_pt, .align = Align::center, .line_factor = 1.15}));
    }
    draw_qr(cairo_, code, (style::page_width_mm - code_mm) / 2 * mm, y_, code_mm * mm);
    y_ += code_mm * mm;
    LUY_TRY_VOID(put(poster.address, {.size = address_pt, .bold = true, .align = Align::center, .line_factor = 1.1}));
    for (const std::string& note : poster.notes) {
      LUY_TRY_VOID(put(note, {.size = note_pt, .align = Align::center, .line_factor = 1.1}, note_gap_mm));
    }
    if (y_ > foot_top_mm * mm) return Error(over_limit, poster.title);
    y_ = foot_top_mm * mm;
    LUY_TRY_VOID(put(poster.foot, {.size = foot_pt, .italic = true, .align = Align::center, .line_factor = 1}));
    if (y_ > (style::page_height_mm + gap_mm) * mm) return Error(over_limit, poster.foot);
    return {};
  }

 private:
  Result<void> put(const std::string& words, const TextStyle& look, double gap = gap_mm) {
    if (words.empty()) return {};
    LUY_TRY(const Text text, Text::shape(context_, clean_line(words), look, (style::page_width_mm - 2 * side_mm) * mm));
    text.draw(cairo_, side_mm * mm, y_);
    y_ += text.height() + gap * mm;
    return {};
  }

  PangoContext* context_;
  cairo_t* cairo_;
  double y_ = top_mm * mm;
};

}  // namespace

Result<std::string> render_poster(const Poster& poster, const std::filesystem::path& font_folder) {
  if (std::max(poster.lines.size(), poster.notes.size()) > poster_lines_max) {
    return Error(over_limit, std::to_string(poster_lines_max));
  }
  return single_page(font_folder, clean_line(poster.title), poster.created,
                     [&](PangoContext* context, cairo_t* cairo) { return Sheet(context, cairo).draw(poster); });
}

}  // namespace luy::paper
