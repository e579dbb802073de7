#include "detect/engine/slot_table.h"

#include <utility>

namespace luy::detect {

void SlotTable::put(std::string_view name, std::uint32_t slot) {
  if ((used_ + 1) * 2 > table_.size()) grow();
  std::uint64_t at = hash(name) & mask_;
  while (table_[at].slot != none) at = (at + 1) & mask_;
  table_[at] = {std::string(name), slot};
  ++used_;
}

void SlotTable::grow() {
  std::vector<Entry> old = std::exchange(table_, std::vector<Entry>(table_.size() * 2));
  mask_ = table_.size() - 1;
  for (Entry& entry : old) {
    if (entry.slot == none) continue;
    std::uint64_t at = hash(entry.name) & mask_;
    while (table_[at].slot != none) at = (at + 1) & mask_;
    table_[at] = std::move(entry);
  }
}

std::uint32_t SlotTable::add(std::string_view name) {
  if (const std::uint32_t known = find(name); known != none) return known;
  put(name, slots_);
  return slots_++;
}

void SlotTable::add_alias(std::string_view name, std::uint32_t slot) {
  if (find(name) == none) put(name, slot);
}

}  // namespace luy::detect
