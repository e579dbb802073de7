// Literals at the beginning (or, walked backwards, at the end) of a text: all that fit are found in one walk that ends
// where no literal goes on. A radix tree in flat arrays, so that a walk touches little memory and the tree is read back
// from a cache as it stands. Immutable after finish().
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luy::detect {

class AffixTrie {
 public:
  enum class End : std::uint8_t { front, back };

  explicit AffixTrie(End end = End::front) : end_(end) {}
  void add(std::string_view literal, std::uint32_t id) { pending_.emplace_back(literal, id); }
  void finish();
  bool empty() const { return nodes_.empty(); }

  // Calls found(id) for every literal the text begins (ends) with.
  template <class Found>
  void walk(std::string_view text, Found&& found) const {
    for (std::uint32_t number = 0;;) {
      const Node& node = nodes_[number];
      for (std::uint32_t i = node.ids_begin; i < node.ids_end; ++i) found(ids_[i]);
      if (node.children == 0 || text.empty()) return;
      const char c = end_ == End::front ? text.front() : text.back();
      const void* at = std::memchr(firsts_.data() + node.first_child, c, node.children);
      if (at == nullptr) return;
      number = static_cast<std::uint32_t>(static_cast<const char*>(at) - firsts_.data());
      const Node& next = nodes_[number];
      if (text.size() < next.label_size) return;
      const std::size_t left = text.size() - next.label_size;
      const char* part = text.data() + (end_ == End::front ? 0 : left);
      if (std::memcmp(part, labels_.data() + next.label, next.label_size) != 0) return;
      text = end_ == End::front ? text.substr(next.label_size) : text.substr(0, left);
    }
  }

  // For the cache (archive.h). Whether what was read is a tree whose ids lie below `ids`.
  template <class Archive>
  void describe(Archive& archive) {
    archive.list(nodes_, [&](Node& node) {
      archive.number(node.label);
      archive.number(node.label_size);
      archive.number(node.first_child);
      archive.number(node.children);
      archive.number(node.ids_begin);
      archive.number(node.ids_end);
    });
    archive.text(firsts_);
    archive.text(labels_);
    archive.numbers(ids_);
  }
  bool is_sound(std::uint32_t ids) const;

 private:
  struct Node {
    std::uint32_t label = 0;  // Into labels_: what leads here, in the order of the text.
    std::uint32_t label_size = 0;
    std::uint32_t first_child = 0;  // Children stand side by side, behind their parent.
    std::uint32_t children = 0;
    std::uint32_t ids_begin = 0;  // Into ids_.
    std::uint32_t ids_end = 0;
  };
  struct Span {
    std::size_t begin;  // Into the sorted literals.
    std::size_t end;
    std::size_t depth;  // Bytes they have in common on the way here.
    std::uint32_t node;
  };
  void add_children(const Span& span, std::vector<Span>& later);

  End end_;
  std::vector<std::pair<std::string, std::uint32_t>> pending_;
  std::vector<Node> nodes_;
  std::string firsts_;  // Of each node, the byte of its label that a walk meets first.
  std::string labels_;
  std::vector<std::uint32_t> ids_;
};

}  // namespace luy::detect
