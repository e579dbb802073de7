// Literals at the beginning (or, walked backwards, at the end) of a text: all that fit are found in one walk that ends
// with the first byte no literal has. Immutable after finish().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace luy::detect {

class AffixTrie {
 public:
  enum class End : std::uint8_t { front, back };

  explicit AffixTrie(End end = End::front) : end_(end) {}
  void add(std::string_view literal, std::uint32_t id);
  void finish();
  bool empty() const { return lists_.size() <= 1; }

  // Calls found(id) for every literal the text begins (ends) with.
  template <class Found>
  void walk(std::string_view text, Found&& found) const {
    std::uint32_t node = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[end_ == End::front ? i : text.size() - 1 - i];
      const std::uint64_t key = (std::uint64_t{node} << 8 | static_cast<unsigned char>(c)) + 1;
      std::uint64_t at = hash(key) & mask_;
      while (table_[at].key != key) {
        if (table_[at].key == 0) return;
        at = (at + 1) & mask_;
      }
      node = table_[at].child;
      for (std::uint32_t j = lists_[node].first; j < lists_[node].second; ++j) found(ids_[j]);
    }
  }

 private:
  struct Edge {
    std::uint64_t key = 0;  // Node and byte, plus one; 0 is a free place.
    std::uint32_t child = 0;
  };
  static std::uint64_t hash(std::uint64_t key) { return key * 0x9E37'79B9'7F4A'7C15ULL >> 32; }

  End end_;
  std::unordered_map<std::uint64_t, std::uint32_t> building_;
  std::vector<std::vector<std::uint32_t>> found_{1};
  std::vector<Edge> table_;
  std::uint64_t mask_ = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lists_;  // By node, into ids_.
  std::vector<std::uint32_t> ids_;
};

}  // namespace luy::detect
