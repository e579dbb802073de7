// The sliding window of one group of one correlation. Adding and expiring cost constant time for counts, sums and
// distinct values, logarithmic search and a move for percentiles.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/rule.h"

namespace luy::detect {

class Window {
 public:
  struct Entry {
    std::int64_t at = 0;  // Microseconds.
    std::uint64_t reference = 0;
    union {
      double number;
      std::pair<const std::string, std::uint32_t>* distinct;  // Its value among distinct_, and how often it is there.
    };
    std::uint32_t source = 0;
    Entry() : number(0) {}
  };

  // `definition` is borrowed.
  explicit Window(const Correlation& definition);

  // Drops what happened before `begin`; how many entries.
  std::size_t expire(std::int64_t begin);
  // Adds a match of the source-th rule, in its place by time. `value`: of value_count. `number`: of value_sum and the
  // like.
  void add(std::int64_t at, std::uint64_t reference, std::uint32_t source, std::string_view value, double number);
  // Drops the oldest entry.
  void drop_oldest();

  std::size_t size() const { return entries_.size() - begin_; }
  bool empty() const { return size() == 0; }
  std::int64_t newest() const { return entries_.back().at; }
  std::span<const Entry> entries() const { return std::span(entries_).subspan(begin_); }
  // What the condition compares, for a window that ends at `now`.
  double value(std::int64_t now) const;
  bool holds(std::int64_t now) const;

  bool fired = false;  // Whether the condition held after the last event.

 private:
  void count(Entry& entry, std::string_view value, double number);
  void discount(const Entry& entry);
  void follow(const Entry& entry);  // Carries ordered chains on.
  double percentile() const;
  double ordered(std::int64_t now) const;

  const Correlation* definition_;
  std::vector<Entry> entries_;  // By time, from begin_ on.
  std::size_t begin_ = 0;
  std::unordered_map<std::string, std::uint32_t> distinct_;
  std::vector<double> sorted_;
  std::vector<std::uint32_t> by_source_;
  std::vector<std::int64_t> chain_;  // temporal_ordered: latest begin of a chain up to each rule.
  long double sum_ = 0;
};

}  // namespace luy::detect
