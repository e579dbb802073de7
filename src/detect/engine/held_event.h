// The fields of one event as a Matcher holds them: values by slot, folded when first asked. One thread's; reused from
// event to event without clearing (stamps) and without allocating.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/engine/slot_table.h"
#include "detect/extract.h"
#include "detect/fold.h"

namespace luy::detect {

class HeldEvent {
 public:
  static constexpr std::uint32_t none = 0xFFFF'FFFF;

  // `routing`: slots whose outermost values are kept apart, for routing.
  HeldEvent(const SlotTable& slots, const std::vector<std::uint32_t>& routing);

  void start();
  // The Sink of Extractor::walk.
  std::uint32_t slot(std::string_view name) const { return slots_.find(name); }
  void put(std::uint32_t slot, std::uint8_t rank, bool append, Value value);

  bool has(std::uint32_t slot) const { return slot < cells_.size() && cells_[slot].stamp == now_; }
  // The first value's number; values of a field follow each other by next().
  std::uint32_t first(std::uint32_t slot) const { return has(slot) ? cells_[slot].first : none; }
  std::uint32_t next(std::uint32_t value) const { return values_[value].next; }
  const Value& value(std::uint32_t value) const { return values_[value].value; }
  const std::string& folded(std::uint32_t value);
  const std::vector<std::uint32_t>& filled() const { return filled_; }

  // The outermost values of the i-th routing slot.
  const std::vector<Value>& outermost(std::size_t i) const { return outermost_[i]; }

 private:
  struct Cell {
    std::uint32_t stamp = 0;
    std::uint32_t first = none;
    std::uint32_t last = none;
    std::uint32_t routing = none;  // Index into outermost_.
    std::uint8_t rank = 0;
    std::uint8_t lowest = 0;
  };
  struct Held {
    Value value;
    std::uint32_t next = none;
    bool is_folded = false;
  };

  const SlotTable& slots_;
  std::vector<Cell> cells_;
  std::vector<Held> values_;
  std::vector<std::string> folded_;  // By value.
  std::vector<std::uint32_t> filled_;
  std::vector<std::vector<Value>> outermost_;
  std::uint32_t now_ = 0;
};

// Every value of an event, whatever its field: what keywords ask. Same rules of reuse.
class AllValues {
 public:
  void start() { size_ = 0; }
  std::uint32_t slot(std::string_view) const { return 0; }
  void put(std::uint32_t, std::uint8_t, bool, Value value);
  std::size_t size() const { return size_; }
  std::string_view raw(std::size_t i) const { return raw_[i]; }
  const std::string& folded(std::size_t i) const { return folded_[i]; }
  // All folded values with a byte between them that no text holds.
  const std::string& joined();

 private:
  std::size_t size_ = 0;
  std::vector<std::string> raw_;
  std::vector<std::string> folded_;
  std::string joined_;
};

}  // namespace luy::detect
