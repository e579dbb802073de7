#include "detect/engine/exact_table.h"

#include <algorithm>

namespace luy::detect {

void ExactTable::finish() {
  if (pending_.empty()) return;
  std::sort(pending_.begin(), pending_.end());
  std::size_t size = 4;
  while (size < pending_.size() * 2) size *= 2;
  entries_.resize(size);
  ids_.push_back(0);
  for (std::size_t at = 0; at < pending_.size();) {
    const std::string& text = pending_[at].first;
    const std::uint64_t code = mixed(text, 0);
    Entry entry;
    entry.code = static_cast<std::uint32_t>(code >> 32);
    entry.text = static_cast<std::uint32_t>(texts_.size());
    entry.text_size = static_cast<std::uint32_t>(text.size());
    entry.ids_begin = static_cast<std::uint32_t>(ids_.size());
    texts_ += text;
    lengths_ |= std::uint64_t{1} << length_class(text.size());
    std::size_t end = at;
    for (; end < pending_.size() && pending_[end].first == text; ++end) ids_.push_back(pending_[end].second);
    entry.ids_end = static_cast<std::uint32_t>(ids_.size());
    std::size_t place = code & mask();
    while (entries_[place].ids_end != 0) place = (place + 1) & mask();
    entries_[place] = entry;
    at = end;
  }
  pending_ = {};
}

bool ExactTable::is_sound(std::uint32_t ids) const {
  if (entries_.empty()) return lengths_ == 0;
  // A power of two with a free entry: every search ends.
  const std::size_t size = entries_.size();
  bool has_free = false;
  for (const Entry& entry : entries_) {
    has_free |= entry.ids_end == 0;
    if (std::uint64_t{entry.text} + entry.text_size > texts_.size() || entry.ids_begin > entry.ids_end ||
        entry.ids_end > ids_.size()) {
      return false;
    }
  }
  return (size & (size - 1)) == 0 && has_free &&
         std::all_of(ids_.begin(), ids_.end(), [ids](std::uint32_t id) { return id < ids; });
}

}  // namespace luy::detect
