// One piece of text, shaped and broken into lines of a given width. All lengths are points of 1/72 inch.
#pragma once

#include <pango/pangocairo.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "paper/document.h"
#include "paper/pdf/fonts.h"
#include "paper/style.h"

namespace luy::paper {

struct TextStyle {
  double size = style::body_pt;
  bool bold = false;  // Added to what the spans say.
  bool italic = false;
  Align align = Align::left;
  double indent = 0;  // Of the first line of each paragraph; negative: of the other lines.
  double line_factor = style::line_factor;
};

class Text {
 public:
  // Cleans and shapes; `width` above 0. Errors: glyph_missing.
  static Result<Text> shape(PangoContext* context, const Spans& spans, const TextStyle& style, double width);
  static Result<Text> shape(PangoContext* context, std::string_view text, const TextStyle& style, double width);

  std::size_t line_count() const { return lines_.size(); }
  double line_height(std::size_t line) const { return lines_[line].height; }
  double height() const { return height_; }
  double widest() const { return widest_; }           // Of the lines as set.
  double last_line_end() const { return last_end_; }  // From the left edge of the text's width.
  void draw_line(cairo_t* cairo, std::size_t line, double x, double y) const;
  void draw(cairo_t* cairo, double x, double y) const;

 private:
  struct Line {
    PangoLayoutLine* line;  // Owned by the layout.
    double x;
    double baseline;  // From the line's top.
    double height;
  };
  GPtr<PangoLayout> layout_;
  std::vector<Line> lines_;
  double height_ = 0;
  double widest_ = 0;
  double last_end_ = 0;
};

// Called for each check box as it is drawn: its rectangle on the page and whether it is checked.
struct BoxObserver {
  virtual ~BoxObserver() = default;
  virtual void box_drawn(double x, double y, double size, bool checked) = 0;
};
// Makes the context draw check boxes. `observer` must outlive what is drawn.
void draw_boxes_with(PangoContext* context, BoxObserver* observer);

}  // namespace luy::paper
