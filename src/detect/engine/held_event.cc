#include "detect/engine/held_event.h"

#include <algorithm>

namespace luy::detect {

HeldEvent::HeldEvent(const SlotTable& slots, const std::vector<std::uint32_t>& routing)
    : slots_(slots), cells_(slots.size()), outermost_(routing.size()) {
  for (std::uint32_t i = 0; i < routing.size(); ++i) cells_[routing[i]].routing = i;
}

void HeldEvent::start() {
  if (++now_ == 0) {
    for (Cell& cell : cells_) cell.stamp = 0;
    now_ = 1;
  }
  values_.clear();
  filled_.clear();
  for (std::vector<Value>& values : outermost_) values.clear();
}

void HeldEvent::put(std::uint32_t slot, std::uint8_t rank, bool append, Value value) {
  Cell& cell = cells_[slot];
  const bool fresh = cell.stamp != now_;
  if (fresh) {
    cell.stamp = now_;
    cell.rank = cell.lowest = rank;
    cell.first = cell.last = none;
    filled_.push_back(slot);
  }
  if (cell.routing != none && (fresh || rank <= cell.lowest)) {
    std::vector<Value>& outermost = outermost_[cell.routing];
    if (!append || rank < cell.lowest) outermost.clear();
    outermost.push_back(value);
    cell.lowest = rank;
  }
  if (!fresh && rank < cell.rank) return;
  const auto number = static_cast<std::uint32_t>(values_.size());
  values_.push_back({value, none, false});
  if (append && rank == cell.rank && cell.last != none) {
    values_[cell.last].next = number;
  } else {
    cell.first = number;
  }
  cell.last = number;
  cell.rank = rank;
}

const std::string& HeldEvent::folded(std::uint32_t value) {
  if (folded_.size() < values_.size()) folded_.resize(values_.size());
  Held& held = values_[value];
  if (!held.is_folded) {
    fold_into(held.value.text, folded_[value]);
    held.is_folded = true;
  }
  return folded_[value];
}

void AllValues::put(std::uint32_t, std::uint8_t, bool, Value value) {
  if (value.kind == ValueKind::null) return;
  if (raw_.size() == size_) {
    raw_.emplace_back();
    folded_.emplace_back();
  }
  raw_[size_].assign(value.text);
  fold_into(value.text, folded_[size_]);
  ++size_;
}

const std::string& AllValues::joined() {
  constexpr char between = '\xFF';
  joined_.clear();
  for (std::size_t i = 0; i < size_; ++i) {
    joined_ += folded_[i];
    joined_ += between;
  }
  return joined_;
}

}  // namespace luy::detect
