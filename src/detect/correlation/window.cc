#include "detect/correlation/window.h"

#include <algorithm>
#include <limits>

namespace luy::detect {
namespace {

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();
constexpr std::size_t compact_min = 64;  // Entries dropped before the front of the list is given back.

bool bound_holds(const Bound& bound, double value) {
  switch (bound.kind) {
    case Bound::Kind::gt:
      return value > bound.value;
    case Bound::Kind::gte:
      return value >= bound.value;
    case Bound::Kind::lt:
      return value < bound.value;
    case Bound::Kind::lte:
      return value <= bound.value;
    case Bound::Kind::eq:
      return value == bound.value;
    case Bound::Kind::neq:
      return value != bound.value;
  }
  return false;
}

}  // namespace

Window::Window(const Correlation& definition) : definition_(&definition) {
  if (definition.kind == CorrelationKind::temporal) by_source_.assign(definition.rules.size(), 0);
  if (definition.kind == CorrelationKind::temporal_ordered) chain_.assign(definition.rules.size(), never);
}

void Window::count(Entry& entry, std::string_view value, double number) {
  switch (definition_->kind) {
    case CorrelationKind::event_count:
    case CorrelationKind::temporal_ordered:
      break;
    case CorrelationKind::value_count: {
      entry.distinct = &*distinct_.emplace(value, 0).first;
      ++entry.distinct->second;
      break;
    }
    case CorrelationKind::temporal:
      ++by_source_[entry.source];
      break;
    case CorrelationKind::value_sum:
    case CorrelationKind::value_avg:
      entry.number = number;
      sum_ += static_cast<long double>(number);
      break;
    case CorrelationKind::value_percentile:
    case CorrelationKind::value_median:
      entry.number = number;
      sorted_.insert(std::upper_bound(sorted_.begin(), sorted_.end(), number), number);
      break;
  }
}

void Window::discount(const Entry& entry) {
  switch (definition_->kind) {
    case CorrelationKind::event_count:
    case CorrelationKind::temporal_ordered:
      break;
    case CorrelationKind::value_count:
      if (--entry.distinct->second == 0) distinct_.erase(distinct_.find(entry.distinct->first));
      break;
    case CorrelationKind::temporal:
      --by_source_[entry.source];
      break;
    case CorrelationKind::value_sum:
    case CorrelationKind::value_avg:
      sum_ -= static_cast<long double>(entry.number);
      break;
    case CorrelationKind::value_percentile:
    case CorrelationKind::value_median:
      sorted_.erase(std::lower_bound(sorted_.begin(), sorted_.end(), entry.number));
      break;
  }
}

void Window::drop_oldest() {
  discount(entries_[begin_]);
  ++begin_;
  if (begin_ == entries_.size()) {
    entries_.clear();
    begin_ = 0;
    sum_ = 0;  // Rounding does not add up over the days.
  } else if (begin_ >= compact_min && begin_ * 2 >= entries_.size()) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
}

std::size_t Window::expire(std::int64_t begin) {
  std::size_t dropped = 0;
  while (!empty() && entries_[begin_].at < begin) {
    drop_oldest();
    ++dropped;
  }
  return dropped;
}

void Window::add(std::int64_t at, std::uint64_t reference, std::uint32_t source, std::string_view value,
                 double number) {
  Entry entry;
  entry.at = at;
  entry.reference = reference;
  entry.source = source;
  count(entry, value, number);
  if (empty() || entries_.back().at <= at) {
    entries_.push_back(entry);
    follow(entry);
    return;
  }
  const auto place = std::upper_bound(entries_.begin() + static_cast<std::ptrdiff_t>(begin_), entries_.end(), at,
                                      [](std::int64_t time, const Entry& one) { return time < one.at; });
  entries_.insert(place, entry);
  // A late event may stand in the middle of chains: they are followed anew.
  std::fill(chain_.begin(), chain_.end(), never);
  for (const Entry& one : entries()) follow(one);
}

// An event takes the chain one rule further, never two: no event comes after itself.
void Window::follow(const Entry& entry) {
  if (chain_.empty()) return;
  const std::int64_t begin = entry.source == 0 ? entry.at : chain_[entry.source - 1];
  chain_[entry.source] = std::max(chain_[entry.source], begin);
}

// How many rules, from the first on, followed each other within the window.
double Window::ordered(std::int64_t now) const {
  const std::int64_t begin = now - definition_->timespan_seconds * 1'000'000;
  std::size_t length = chain_.size();
  while (length > 0 && (chain_[length - 1] == never || chain_[length - 1] < begin)) --length;
  return static_cast<double>(length);
}

// Linear between the two nearest ranks, so that the 50th is the median.
double Window::percentile() const {
  if (sorted_.empty()) return 0;
  const double share = definition_->kind == CorrelationKind::value_median ? 50 : definition_->percentile;
  const double rank = share / 100 * static_cast<double>(sorted_.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted_.size() - 1);
  return sorted_[below] + (sorted_[above] - sorted_[below]) * (rank - static_cast<double>(below));
}

double Window::value(std::int64_t now) const {
  switch (definition_->kind) {
    case CorrelationKind::event_count:
      return static_cast<double>(size());
    case CorrelationKind::value_count:
      return static_cast<double>(distinct_.size());
    case CorrelationKind::temporal:
      return static_cast<double>(
          std::count_if(by_source_.begin(), by_source_.end(), [](std::uint32_t count) { return count > 0; }));
    case CorrelationKind::temporal_ordered:
      return ordered(now);
    case CorrelationKind::value_sum:
      return static_cast<double>(sum_);
    case CorrelationKind::value_avg:
      return empty() ? 0 : static_cast<double>(sum_ / static_cast<long double>(size()));
    case CorrelationKind::value_percentile:
    case CorrelationKind::value_median:
      return percentile();
  }
  return 0;
}

bool Window::holds(std::int64_t now) const {
  if (empty()) return false;
  const double compared = value(now);
  // Without a condition of its own a temporal correlation wants every rule.
  if (definition_->bounds.empty()) return compared >= static_cast<double>(definition_->rules.size());
  return std::all_of(definition_->bounds.begin(), definition_->bounds.end(),
                     [&](const Bound& bound) { return bound_holds(bound, compared); });
}

}  // namespace luy::detect
