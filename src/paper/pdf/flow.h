// Cuts a stream of slices into pages. A slice is never cut; slices that are glued to the next one stay with it on a
// page as long as together they fit on one. All lengths are points.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace luy::paper {

struct Spot {
  unsigned page = 1;
  double y = 0;
};

struct Slice {
  double gap = 0;  // Above it, except at the top of a page.
  double height = 0;
  bool keep_with_next = false;
  bool is_running_head = false;  // Once placed, it comes again at the top of every page, until clear_running_head().
  std::function<void(Spot)> draw;
};

class Flow {
 public:
  struct Pages {
    double top = 0;
    std::function<double(unsigned page)> bottom;
    std::function<void(unsigned page)> begin;  // Called for every page after the first.
  };
  explicit Flow(Pages pages) : pages_(std::move(pages)), y_(pages_.top) {}

  void push(Slice slice);
  // Ends the repetition of a running head, after what was pushed is placed.
  void clear_running_head();
  void page_break();
  void finish() { place_chain(); }

  unsigned page() const { return page_; }
  // Height that a slice may have at most, below the running head, on any page.
  double height_max() const;
  // A slice was taller than a page, or there were more than pages_max pages; what was pushed after it is not drawn.
  bool failed() const { return failed_; }

 private:
  void place_chain();
  void place(Slice& slice);
  void new_page();
  bool at_top() const { return at_top_; }

  Pages pages_;
  double y_;
  unsigned page_ = 1;
  bool at_top_ = true;
  bool failed_ = false;
  std::vector<Slice> chain_;
  std::optional<Slice> head_;
};

}  // namespace luy::paper
