// Where log records come from: files, the journal. A source is asked on the agent's main thread and never waits.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "event/batch.h"

namespace luy::agent {

// A record and where its source stands after it. The spool takes both in one step or neither.
struct Item {
  event::BatchRecord record;
  std::string position_key;    // Empty: the record moves no position.
  std::string position;        // Empty with a key: the position is forgotten.
  bool only_position = false;  // There is no record, only a position to set or forget.
};

// Takes a bounded slice of records at a time, so that a large backlog costs little memory.
class Slice {
 public:
  static constexpr std::size_t bytes_max = 256 << 10;
  static constexpr std::size_t items_max = 2'000;

  void add(Item item) {
    bytes_ += item.record.raw.size() + item.record.stream.size();
    items_.push_back(std::move(item));
  }
  bool full() const { return bytes_ >= bytes_max || items_.size() >= items_max; }
  bool empty() const { return items_.empty(); }
  std::vector<Item> take() {
    bytes_ = 0;
    return std::exchange(items_, {});
  }

 private:
  std::size_t bytes_ = 0;
  std::vector<Item> items_;
};

class Source {
 public:
  virtual ~Source() = default;
  // A descriptor that polls readable when there may be something new; -1 when the source must simply be asked.
  virtual int wake_fd() const = 0;
  // Adds what is there until the slice is full; true when it stopped for that reason and there may be more at once.
  virtual bool collect(Slice& slice) = 0;
  // It wants to be asked again within this time even if its descriptor stays quiet.
  virtual Duration ask_within() const { return std::chrono::minutes(1); }
};

}  // namespace luy::agent
