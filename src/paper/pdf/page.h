// The sheet being drawn on: the cairo surface, the placements so far, and the flow of slices. Shared by the parts of
// the renderer; lives for one document. Lengths are points.
#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "paper/pdf.h"
#include "paper/pdf/flow.h"
#include "paper/pdf/text.h"

namespace luy::paper {

inline constexpr double mm = style::pt_per_mm;

struct Rectangle {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

class Page final : public BoxObserver {
 public:
  // `bottom_first` is where the text of page 1 ends; other pages end at the bottom margin.
  Page(PangoContext* context, cairo_t* cairo, double bottom_first);

  double left() const { return style::margin_left_mm * mm; }
  double width() const { return style::text_width_mm * mm; }
  double right() const { return left() + width(); }

  Result<Text> shape(const Spans& spans, const TextStyle& style, double width) const {
    return Text::shape(context_, spans, style, width);
  }
  Result<Text> shape(std::string_view text, const TextStyle& style, double width) const {
    return Text::shape(context_, text, style, width);
  }
  cairo_t* cairo() const { return cairo_; }
  Flow& flow() { return flow_; }

  void rule(double x_begin, double x_end, double y, double thickness = style::rule_pt) const;
  void frame(const Rectangle& place, double thickness = style::rule_pt) const;
  // Dots to write on, from x_begin to x_end.
  void leader(double x_begin, double x_end, double baseline) const;
  void note(Component component, std::size_t index, unsigned page, const Rectangle& place);
  void box_drawn(double x, double y, double size, bool checked) override;

  // The block of the body that is being set, for its placements; `body_block` entries on one page are joined.
  void note_body(std::size_t block, unsigned page, const Rectangle& place);

  const std::vector<Placement>& placements() const { return placements_; }
  // The first error of a page number or the like, which no caller could return.
  const std::optional<Error>& first_error() const { return first_error_; }
  void finish();

 private:
  void begin_page(unsigned page);

  PangoContext* context_;
  cairo_t* cairo_;
  std::vector<Placement> placements_;
  std::size_t boxes_ = 0;
  std::size_t body_entry_ = static_cast<std::size_t>(-1);  // Where in placements_ the last body_block stands.
  std::optional<Error> first_error_;
  Flow flow_;
};

}  // namespace luy::paper
