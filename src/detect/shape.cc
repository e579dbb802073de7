#include "detect/shape.h"

#include <algorithm>

#include "base/check.h"

namespace luy::detect {

std::uint32_t Shape::node_at(std::string_view path) {
  std::uint32_t at = root;
  while (!path.empty()) {
    const std::size_t dot = std::min(path.find('.'), path.size());
    const std::string key(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
    const std::uint32_t fresh = static_cast<std::uint32_t>(nodes_.size());
    std::uint32_t next = nowhere;
    if (key == "*") {
      next = nodes_[at].any;
      if (next == nowhere) nodes_[at].any = next = fresh;
    } else {
      for (const auto& [name, child] : nodes_[at].children) {
        if (name == key) next = child;
      }
      if (next == nowhere) nodes_[at].children.emplace_back(key, next = fresh);
    }
    if (next == fresh) nodes_.emplace_back();
    at = next;
  }
  return at;
}

void Shape::unwrap(std::string_view path) {
  LUY_CHECK(ranks_ < 255);
  nodes_[node_at(path)].rank = ++ranks_;
}

void Shape::name_list(std::string_view path) {
  nodes_[node_at(path)].name_list = true;
}

std::uint32_t Shape::step(std::uint32_t node, std::string_view key) const {
  if (node == nowhere) return nowhere;
  for (const auto& [name, child] : nodes_[node].children) {
    if (name == key) return child;
  }
  return nodes_[node].any;
}

}  // namespace luy::detect
