#include "detect/engine/affix_trie.h"

namespace luy::detect {

void AffixTrie::add(std::string_view literal, std::uint32_t id) {
  std::uint32_t node = 0;
  for (std::size_t i = 0; i < literal.size(); ++i) {
    const char c = literal[end_ == End::front ? i : literal.size() - 1 - i];
    const std::uint64_t key = (std::uint64_t{node} << 8 | static_cast<unsigned char>(c)) + 1;
    const auto [place, fresh] = building_.emplace(key, static_cast<std::uint32_t>(found_.size()));
    if (fresh) found_.emplace_back();
    node = place->second;
  }
  found_[node].push_back(id);
}

void AffixTrie::finish() {
  std::uint64_t size = 16;
  while (size < building_.size() * 3) size *= 2;
  table_.assign(size, {});
  mask_ = size - 1;
  for (const auto& [key, child] : building_) {
    std::uint64_t at = hash(key) & mask_;
    while (table_[at].key != 0) at = (at + 1) & mask_;
    table_[at] = {key, child};
  }
  for (const std::vector<std::uint32_t>& list : found_) {
    const auto begin = static_cast<std::uint32_t>(ids_.size());
    ids_.insert(ids_.end(), list.begin(), list.end());
    lists_.emplace_back(begin, static_cast<std::uint32_t>(ids_.size()));
  }
  building_ = {};
  found_ = {};
}

}  // namespace luy::detect
