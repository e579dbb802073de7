// Pieces of one slice, put one under the other before they are drawn: the columns of a header or a signature block.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "paper/pdf/page.h"

namespace luy::paper {

class Stack {
 public:
  Stack(double x, double width) : x_(x), width_(width) {}

  // `component` is noted with the text's own width as set, centred or not.
  Result<void> text(Page& page, const Spans& spans, const TextStyle& look, Component component, std::size_t index = 0) {
    LUY_TRY(Text text, page.shape(spans, look, width_));
    last_width_ = text.widest();
    auto shared = std::make_shared<Text>(std::move(text));
    const double offset = look.align == Align::center ? (width_ - last_width_) / 2 : 0;
    Page* target = &page;
    const double x = x_;
    const double width = last_width_;
    piece(shared->height(), [shared, target, x, offset, width, component, index](Spot spot) {
      shared->draw(target->cairo(), x, spot.y);
      target->note(component, index, spot.page, {x + offset, spot.y, width, shared->height()});
    });
    return {};
  }
  // A line, centred, as wide as `share` of the text above it.
  void rule(Page& page, double share, Component component) {
    const double width = last_width_ * share;
    const double x = x_ + (width_ - width) / 2;
    Page* target = &page;
    gap(1.5);
    piece(style::rule_pt, [target, x, width, component](Spot spot) {
      target->rule(x, x + width, spot.y);
      target->note(component, 0, spot.page, {x, spot.y, width, 0});
    });
  }
  void piece(double height, std::function<void(Spot)> draw) {
    pieces_.push_back({height_, std::move(draw)});
    height_ += height;
  }
  void gap(double points) { height_ += points; }

  double x() const { return x_; }
  double width() const { return width_; }
  double height() const { return height_; }
  void draw(Spot spot) const {
    for (const Piece& piece : pieces_) piece.draw({spot.page, spot.y + piece.top});
  }

 private:
  struct Piece {
    double top;
    std::function<void(Spot)> draw;
  };
  double x_;
  double width_;
  double height_ = 0;
  double last_width_ = 0;
  std::vector<Piece> pieces_;
};

}  // namespace luy::paper
