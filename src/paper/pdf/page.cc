#include "paper/pdf/page.h"

namespace luy::paper {

Page::Page(PangoContext* context, cairo_t* cairo, double bottom_first)
    : context_(context),
      cairo_(cairo),
      flow_({.top = style::margin_top_mm * mm,
             .bottom =
                 [bottom_first](unsigned page) {
                   return page == 1 ? bottom_first : (style::page_height_mm - style::margin_bottom_mm) * mm;
                 },
             .begin = [this](unsigned page) { begin_page(page); }}) {
  draw_boxes_with(context, this);
}

void Page::begin_page(unsigned page) {
  cairo_show_page(cairo_);
  const TextStyle look{.size = style::page_number_pt, .align = Align::center, .line_factor = 1};
  const Result<Text> text = shape(std::to_string(page), look, width());
  if (!text) {
    if (!first_error_) first_error_ = text.error();
    return;
  }
  const double y = style::page_number_top_mm * mm;
  text->draw(cairo_, left(), y);
  note(Component::page_number, page, page,
       {left() + (width() - text->widest()) / 2, y, text->widest(), text->height()});
}

void Page::rule(double x_begin, double x_end, double y, double thickness) const {
  cairo_set_line_width(cairo_, thickness);
  cairo_move_to(cairo_, x_begin, y);
  cairo_line_to(cairo_, x_end, y);
  cairo_stroke(cairo_);
}

void Page::frame(const Rectangle& place, double thickness) const {
  cairo_set_line_width(cairo_, thickness);
  cairo_rectangle(cairo_, place.x, place.y, place.width, place.height);
  cairo_stroke(cairo_);
}

void Page::leader(double x_begin, double x_end, double baseline) const {
  if (x_begin >= x_end) return;
  constexpr double dot = 0.8;
  constexpr double pitch = 3;
  const double pattern[] = {0, pitch};
  cairo_save(cairo_);
  cairo_set_line_cap(cairo_, CAIRO_LINE_CAP_ROUND);
  cairo_set_dash(cairo_, pattern, 2, 0);
  rule(x_begin, x_end, baseline, dot);
  cairo_restore(cairo_);
}

void Page::note(Component component, std::size_t index, unsigned page, const Rectangle& place) {
  placements_.push_back({component, index, page, place.x / mm, place.y / mm, place.width / mm, place.height / mm});
}

void Page::box_drawn(double x, double y, double size, bool checked) {
  note(checked ? Component::checked_box : Component::empty_box, boxes_++, flow_.page(), {x, y, size, size});
}

void Page::note_body(std::size_t block, unsigned page, const Rectangle& place) {
  if (body_entry_ < placements_.size()) {
    Placement& last = placements_[body_entry_];
    if (last.index == block && last.page == page) {
      last.height_mm = (place.y + place.height) / mm - last.y_mm;
      return;
    }
  }
  body_entry_ = placements_.size();
  note(Component::body_block, block, page, place);
}

void Page::finish() {
  flow_.finish();
  cairo_show_page(cairo_);
}

}  // namespace luy::paper
