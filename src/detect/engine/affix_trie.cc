#include "detect/engine/affix_trie.h"

#include <algorithm>

namespace luy::detect {

void AffixTrie::finish() {
  if (pending_.empty()) return;
  if (end_ == End::back) {
    for (auto& [literal, id] : pending_) std::reverse(literal.begin(), literal.end());
  }
  std::sort(pending_.begin(), pending_.end());
  nodes_.emplace_back();
  firsts_ += '\0';
  std::vector<Span> waiting{{0, pending_.size(), 0, 0}};
  for (std::size_t i = 0; i < waiting.size(); ++i) add_children(Span(waiting[i]), waiting);
  pending_ = {};
}

void AffixTrie::add_children(const Span& span, std::vector<Span>& later) {
  std::size_t at = span.begin;
  Node node = nodes_[span.node];
  node.ids_begin = static_cast<std::uint32_t>(ids_.size());
  for (; at < span.end && pending_[at].first.size() == span.depth; ++at) ids_.push_back(pending_[at].second);
  node.ids_end = static_cast<std::uint32_t>(ids_.size());
  node.first_child = static_cast<std::uint32_t>(nodes_.size());
  while (at < span.end) {
    const std::string& first = pending_[at].first;
    std::size_t end = at + 1;
    while (end < span.end && pending_[end].first[span.depth] == first[span.depth]) ++end;
    // Sorted: what the first and the last have in common, all between have too.
    const std::string& last = pending_[end - 1].first;
    std::size_t depth = span.depth + 1;
    while (depth < first.size() && depth < last.size() && first[depth] == last[depth]) ++depth;
    std::string label = first.substr(span.depth, depth - span.depth);
    if (end_ == End::back) std::reverse(label.begin(), label.end());
    Node child;
    child.label = static_cast<std::uint32_t>(labels_.size());
    child.label_size = static_cast<std::uint32_t>(label.size());
    later.push_back({at, end, depth, static_cast<std::uint32_t>(nodes_.size())});
    nodes_.push_back(child);
    firsts_ += first[span.depth];
    labels_ += label;
    ++node.children;
    at = end;
  }
  nodes_[span.node] = node;
}

bool AffixTrie::is_sound(std::uint32_t ids) const {
  if (firsts_.size() != nodes_.size()) return false;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    const bool label = std::uint64_t{node.label} + node.label_size <= labels_.size() && (i == 0 || node.label_size > 0);
    const bool children = node.children == 0 ||
                          (node.first_child > i && std::uint64_t{node.first_child} + node.children <= nodes_.size());
    if (!label || !children || node.ids_begin > node.ids_end || node.ids_end > ids_.size()) return false;
  }
  return std::all_of(ids_.begin(), ids_.end(), [ids](std::uint32_t id) { return id < ids; });
}

}  // namespace luy::detect
