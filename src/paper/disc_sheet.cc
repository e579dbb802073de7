#include "paper/disc_sheet.h"

#include <pango/pangocairo.h>

#include <algorithm>
#include <numbers>

#include "paper/pdf/page.h"
#include "paper/pdf/picture.h"
#include "paper/pdf/single_page.h"
#include "paper/pdf/text.h"
#include "paper/qr.h"

namespace luy::paper {
namespace {

constexpr double side_mm = 18;
constexpr double top_mm = 14;
constexpr double code_mm = 46;
constexpr double gap_mm = 4;
constexpr double fact_name_mm = 40;
constexpr double row_gap_mm = 1.4;
constexpr double disc_mm = 118;
constexpr double hole_mm = 36;  // Wider than the clamping area, which takes no label.
constexpr double disc_center_mm = 297 - 12 - disc_mm / 2;
constexpr double issuer_pt = 11;
constexpr double title_pt = 15;
constexpr double name_pt = 20;
constexpr double fact_pt = 10.5;
constexpr double note_pt = 9.5;
constexpr double label_name_pt = 17;
constexpr double label_small_pt = 10;
constexpr double hair_pt = 0.5;
constexpr double label_name_y_mm = -44;  // From the middle of the disc.
constexpr double label_below_mm = 22;
constexpr double label_width_mm = 84;

class Drawing {
 public:
  Drawing(PangoContext* context, cairo_t* cairo) : context_(context), cairo_(cairo) {}

  Result<void> draw(const DiscSheet& sheet) {
    LUY_TRY(const QrCode code, qr_code(sheet.code));
    cairo_set_source_rgb(cairo_, 0, 0, 0);
    const double code_left = style::page_width_mm - side_mm - code_mm;
    draw_qr(cairo_, code, code_left * mm, top_mm * mm, code_mm * mm);
    double y = top_mm * mm;
    const double beside = (code_left - side_mm - gap_mm) * mm;
    LUY_TRY_VOID(put(sheet.issuer, {.size = issuer_pt, .line_factor = 1.1}, side_mm * mm, beside, y, gap_mm));
    LUY_TRY_VOID(
        put(sheet.title, {.size = title_pt, .bold = true, .line_factor = 1.1}, side_mm * mm, beside, y, gap_mm));
    LUY_TRY_VOID(put(sheet.name, {.size = name_pt, .bold = true, .line_factor = 1.1}, side_mm * mm, beside, y, gap_mm));
    y = std::max(y, (top_mm + code_mm + gap_mm) * mm);
    for (const DiscSheet::Fact& fact : sheet.facts) LUY_TRY_VOID(row(fact, y));
    y += gap_mm * mm;
    const double whole = (style::page_width_mm - 2 * side_mm) * mm;
    for (const std::string& note : sheet.notes) {
      LUY_TRY_VOID(put(note, {.size = note_pt, .line_factor = 1.15}, side_mm * mm, whole, y, row_gap_mm));
    }
    if (y > (disc_center_mm - disc_mm / 2) * mm) return Error(over_limit, sheet.name);
    return label(sheet);
  }

 private:
  Result<void> put(const std::string& words, const TextStyle& look, double x, double width, double& y, double gap) {
    if (words.empty()) return {};
    LUY_TRY(const Text text, Text::shape(context_, clean_line(words), look, width));
    text.draw(cairo_, x, y);
    y += text.height() + gap * mm;
    return {};
  }

  Result<void> row(const DiscSheet::Fact& fact, double& y) {
    double below_name = y;
    LUY_TRY_VOID(put(fact.name, {.size = fact_pt, .line_factor = 1.15}, side_mm * mm, fact_name_mm * mm, below_name,
                     row_gap_mm));
    const double x = (side_mm + fact_name_mm + gap_mm) * mm;
    const double width = (style::page_width_mm - side_mm) * mm - x;
    double below_value = y;
    if (fact.value.empty()) {
      const double line = below_name - row_gap_mm * mm - 2;
      cairo_set_line_width(cairo_, hair_pt);
      const double dash[] = {1, 2};
      cairo_set_dash(cairo_, dash, 2, 0);
      cairo_move_to(cairo_, x, line);
      cairo_line_to(cairo_, x + width, line);
      cairo_stroke(cairo_);
      cairo_set_dash(cairo_, nullptr, 0, 0);
    } else {
      LUY_TRY_VOID(
          put(fact.value, {.size = fact_pt, .bold = true, .line_factor = 1.15}, x, width, below_value, row_gap_mm));
    }
    y = std::max(below_name, below_value);
    return {};
  }

  Result<void> label(const DiscSheet& sheet) {
    const double x = style::page_width_mm / 2 * mm;
    const double y = disc_center_mm * mm;
    cairo_set_line_width(cairo_, hair_pt);
    for (const double size : {disc_mm, hole_mm}) {
      cairo_new_sub_path(cairo_);
      cairo_arc(cairo_, x, y, size / 2 * mm, 0, 2 * std::numbers::pi);
      cairo_stroke(cairo_);
    }
    const double left = x - label_width_mm / 2 * mm;
    const double narrow = label_width_mm * 0.75 * mm;  // Towards the rim.
    double above = y + label_name_y_mm * mm;
    const TextStyle small{.size = label_small_pt, .align = Align::center, .line_factor = 1.1};
    LUY_TRY_VOID(put(sheet.issuer, small, x - narrow / 2, narrow, above, 1));
    LUY_TRY_VOID(put(sheet.name, {.size = label_name_pt, .bold = true, .align = Align::center, .line_factor = 1.1},
                     left, label_width_mm * mm, above, 1));
    if (above > y - hole_mm / 2 * mm) return Error(over_limit, sheet.issuer);
    double below = y + label_below_mm * mm;
    LUY_TRY_VOID(put(sheet.span, {.size = label_small_pt, .bold = true, .align = Align::center, .line_factor = 1.1},
                     left, label_width_mm * mm, below, 1));
    LUY_TRY_VOID(put(sheet.foot, small, x - narrow / 2, narrow, below, 1));
    if (below > y + (disc_mm / 2 - gap_mm) * mm) return Error(over_limit, sheet.foot);
    return {};
  }

  PangoContext* context_;
  cairo_t* cairo_;
};

}  // namespace

Result<std::string> render_disc_sheet(const DiscSheet& sheet, const std::filesystem::path& font_folder) {
  if (std::max(sheet.facts.size(), sheet.notes.size()) > disc_facts_max) {
    return Error(over_limit, std::to_string(disc_facts_max));
  }
  return single_page(font_folder, clean_line(sheet.name), sheet.created,
                     [&](PangoContext* context, cairo_t* cairo) { return Drawing(context, cairo).draw(sheet); });
}

}  // namespace luy::paper
