// Whole texts and the ids of those who ask for them: one flat table, most misses told by the length alone. Immutable
// after finish().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/engine/mix.h"

namespace luy::detect {

class ExactTable {
 public:
  void add(std::string_view text, std::uint32_t id) { pending_.emplace_back(text, id); }
  void finish();
  bool empty() const { return entries_.empty(); }

  // Calls found(id) for every id of the text.
  template <class Found>
  void find(std::string_view text, Found&& found) const {
    if ((lengths_ >> length_class(text.size()) & 1) == 0) return;
    const std::uint64_t code = mixed(text, 0);
    for (std::size_t at = code & mask(); entries_[at].ids_end != 0; at = (at + 1) & mask()) {
      const Entry& entry = entries_[at];
      if (entry.code != static_cast<std::uint32_t>(code >> 32) || text_of(entry) != text) continue;
      for (std::uint32_t i = entry.ids_begin; i < entry.ids_end; ++i) found(ids_[i]);
      return;
    }
  }

  // For the cache (archive.h). Whether what was read can be searched and its ids lie below `ids`.
  template <class Archive>
  void describe(Archive& archive) {
    archive.number(lengths_);
    archive.list(entries_, [&](Entry& entry) {
      archive.number(entry.code);
      archive.number(entry.text);
      archive.number(entry.text_size);
      archive.number(entry.ids_begin);
      archive.number(entry.ids_end);
    });
    archive.text(texts_);
    archive.numbers(ids_);
  }
  bool is_sound(std::uint32_t ids) const;

 private:
  struct Entry {
    std::uint32_t code = 0;  // The hash's upper half.
    std::uint32_t text = 0;  // Into texts_.
    std::uint32_t text_size = 0;
    std::uint32_t ids_begin = 0;  // Into ids_, whose first place is never used:
    std::uint32_t ids_end = 0;    // 0 marks a free entry.
  };
  static unsigned length_class(std::size_t size) { return size < 63 ? static_cast<unsigned>(size) : 63U; }
  std::size_t mask() const { return entries_.size() - 1; }
  std::string_view text_of(const Entry& entry) const {
    return std::string_view(texts_).substr(entry.text, entry.text_size);
  }

  std::vector<std::pair<std::string, std::uint32_t>> pending_;
  std::uint64_t lengths_ = 0;  // One bit for each length there is.
  std::vector<Entry> entries_;
  std::string texts_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace luy::detect
