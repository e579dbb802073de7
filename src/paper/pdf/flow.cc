#include "paper/pdf/flow.h"

#include <algorithm>
#include <utility>

#include "paper/pdf.h"

namespace luy::paper {
namespace {

// Sums of the same numbers in another order differ in the last bits.
constexpr double slack_pt = 0.001;

}  // namespace

void Flow::push(Slice slice) {
  const bool ends_chain = !slice.keep_with_next;
  chain_.push_back(std::move(slice));
  if (ends_chain) place_chain();
}

void Flow::clear_running_head() {
  place_chain();
  head_.reset();
}

void Flow::page_break() {
  place_chain();
  if (!at_top()) new_page();
}

double Flow::height_max() const {
  // Page 1 may be shorter than the others.
  const double shortest = std::min(pages_.bottom(1), pages_.bottom(2)) - pages_.top;
  return shortest - (head_ ? head_->height : 0);
}

void Flow::new_page() {
  if (page_ >= pages_max) {
    failed_ = true;
    return;
  }
  ++page_;
  y_ = pages_.top;
  at_top_ = true;
  pages_.begin(page_);
  if (!head_) return;
  head_->draw({page_, y_});
  y_ += head_->height;
}

void Flow::place(Slice& slice) {
  if (failed_) return;
  if (!at_top()) y_ += slice.gap;
  slice.draw({page_, y_});
  y_ += slice.height;
  at_top_ = false;
  if (slice.is_running_head) head_ = std::move(slice);
}

void Flow::place_chain() {
  if (chain_.empty()) return;
  std::vector<Slice> chain = std::exchange(chain_, {});
  double height = 0;
  for (const Slice& slice : chain) height += slice.gap + slice.height;
  const double first_gap = chain.front().gap;
  const double needed = at_top() ? height - first_gap : height;
  if (y_ + needed > pages_.bottom(page_) + slack_pt && !at_top() && height - first_gap <= height_max() + slack_pt) {
    new_page();
  }
  for (Slice& slice : chain) {
    const double one = slice.height + (at_top() ? 0 : slice.gap);
    if (y_ + one > pages_.bottom(page_) + slack_pt) {
      if (slice.height > height_max() + slack_pt) failed_ = true;
      if (!at_top()) new_page();
    }
    place(slice);
  }
}

}  // namespace luy::paper
