#include "evidence/merkle.h"

#include <algorithm>
#include <bit>

#include "base/check.h"
#include "base/encoding.h"
#include "evidence/error.h"

namespace luy::evidence {
namespace {

void append(std::string& out, const Hash& hash) {
  out += as_text(hash);
}

// Level of the subtree that begins at `first` in the decomposition of [0, size).
unsigned level_of(std::uint64_t first, std::uint64_t size) {
  return static_cast<unsigned>(std::bit_width(first ^ size)) - 1;
}

}  // namespace

void Frontier::push(LeafHasher& hasher, Hash node, unsigned level, std::string& completed) {
  // Every trailing one bit of the size is a subtree as large as the one being added: they pair up.
  std::uint64_t rest = size_ >> level;
  size_ += std::uint64_t{1} << level;
  if (level >= stored_level) append(completed, node);
  for (; (rest & 1U) != 0; rest >>= 1U) {
    node = hasher.node(nodes_.back(), node);
    nodes_.pop_back();
    if (++level >= stored_level) append(completed, node);
  }
  nodes_.push_back(node);
}

void Frontier::add(LeafHasher& hasher, const Hash& leaf, std::string& completed) {
  push(hasher, leaf, 0, completed);
}

void Frontier::add_node(LeafHasher& hasher, const Hash& node, unsigned level, std::string& completed) {
  LUY_CHECK(level < 64 && (size_ & ((std::uint64_t{1} << level) - 1)) == 0);
  push(hasher, node, level, completed);
}

void Frontier::add_group(LeafHasher& hasher, const Hash& group, std::string& completed) {
  constexpr std::uint64_t low = (std::uint64_t{1} << stored_level) - 1;
  nodes_.resize(nodes_.size() - static_cast<std::size_t>(std::popcount(size_ & low)));
  size_ &= ~low;
  push(hasher, group, stored_level, completed);
}

Hash Frontier::root(LeafHasher& hasher) const {
  return size_ == 0 ? hasher.sha256().digest("") : root_from(hasher, 0);
}

Hash Frontier::root_from(LeafHasher& hasher, std::uint64_t first) const {
  LUY_CHECK(first < size_);
  // The subtrees before `first` are the set bits that size and first share.
  const auto before = static_cast<std::size_t>(std::popcount(first));
  LUY_CHECK(before < nodes_.size() && level_of(first, size_) < 64);
  Hash root = nodes_.back();
  for (std::size_t i = nodes_.size() - 1; i-- > before;) root = hasher.node(nodes_[i], root);
  return root;
}

const Hash* Frontier::find(unsigned level, std::uint64_t index) const {
  if (level > 63 || (size_ >> level & 1U) == 0) return nullptr;
  if (index != (size_ >> level) - 1) return nullptr;
  return &nodes_[static_cast<std::size_t>(std::popcount(size_ >> level)) - 1];
}

std::string Frontier::encode() const {
  std::string out;
  for (const Hash& node : nodes_) append(out, node);
  return out;
}

Result<Frontier> Frontier::decode(std::uint64_t size, std::string_view bytes) {
  const auto count = static_cast<std::size_t>(std::popcount(size));
  if (bytes.size() != count * sizeof(Hash)) return Error(store_corrupt, "frontier of size " + std::to_string(size));
  Frontier out;
  out.size_ = size;
  out.nodes_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::copy_n(as_bytes(bytes).data() + i * sizeof(Hash), sizeof(Hash), out.nodes_[i].data());
  }
  return out;
}

std::uint64_t stored_nodes(std::uint64_t size) {
  std::uint64_t count = 0;
  for (std::uint64_t groups = size >> stored_level; groups != 0; groups >>= 1U) count += groups;
  return count;
}

Result<std::vector<Hash>> inclusion_path(LeafHasher& hasher, std::uint64_t index, const Frontier& tree,
                                         const NodeSource& node) {
  const std::uint64_t size = tree.size();
  LUY_CHECK(index < size);
  std::vector<Hash> path;
  for (unsigned level = 0; level < 64 && (size - 1) >> level != 0; ++level) {
    const std::uint64_t sibling = (index >> level) ^ 1U;
    const std::uint64_t first = sibling << level;
    if (first >= size) continue;  // The last node of a level with an odd number goes up alone.
    if (size - first >= std::uint64_t{1} << level) {
      LUY_TRY(const Hash hash, node(level, sibling));
      path.push_back(hash);
    } else {
      path.push_back(tree.root_from(hasher, first));
    }
  }
  return path;
}

Result<Hash> root_of_path(LeafHasher& hasher, std::uint64_t index, std::uint64_t size, const Hash& leaf,
                          const std::vector<Hash>& path) {
  const Error wrong(store_corrupt, "inclusion path of record " + std::to_string(index));
  if (index >= size) return wrong;
  std::uint64_t fn = index;  // Names and steps as in RFC 9162 2.1.3.2.
  std::uint64_t sn = size - 1;
  Hash r = leaf;
  for (const Hash& p : path) {
    if (sn == 0) return wrong;
    if ((fn & 1U) != 0 || fn == sn) {
      r = hasher.node(p, r);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      r = hasher.node(r, p);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  if (sn != 0) return wrong;
  return r;
}

Result<std::vector<Hash>> consistency_path(LeafHasher& hasher, std::uint64_t old_size, const Frontier& tree,
                                           const NodeSource& node) {
  LUY_CHECK(old_size > 0 && old_size <= tree.size());
  std::vector<Hash> path;
  if (old_size == tree.size()) return path;
  // The old tree's last perfect subtree is the start; the rest is that subtree's own inclusion path.
  const auto level = static_cast<unsigned>(std::countr_zero(old_size));
  const std::uint64_t index = (old_size >> level) - 1;
  if (index != 0) {
    LUY_TRY(const Hash hash, node(level, index));
    path.push_back(hash);
  }
  const std::uint64_t size = tree.size();
  for (unsigned up = level; up < 64 && (size - 1) >> up != 0; ++up) {
    const std::uint64_t sibling = (index >> (up - level)) ^ 1U;
    const std::uint64_t first = sibling << up;
    if (first >= size) continue;
    if (size - first >= std::uint64_t{1} << up) {
      LUY_TRY(const Hash hash, node(up, sibling));
      path.push_back(hash);
    } else {
      path.push_back(tree.root_from(hasher, first));
    }
  }
  return path;
}

bool verify_consistency(LeafHasher& hasher, std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                        const Hash& new_root, const std::vector<Hash>& path) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return path.empty() && old_root == new_root;
  // Steps of RFC 9162 2.1.4.2.
  std::vector<Hash> proof = path;
  if (std::has_single_bit(old_size)) proof.insert(proof.begin(), old_root);
  if (proof.empty()) return false;
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = new_size - 1;
  while ((fn & 1U) != 0) {
    fn >>= 1U;
    sn >>= 1U;
  }
  Hash fr = proof.front();
  Hash sr = proof.front();
  for (std::size_t i = 1; i < proof.size(); ++i) {
    if (sn == 0) return false;
    if ((fn & 1U) != 0 || fn == sn) {
      fr = hasher.node(proof[i], fr);
      sr = hasher.node(proof[i], sr);
      while ((fn & 1U) == 0 && fn != 0) {
        fn >>= 1U;
        sn >>= 1U;
      }
    } else {
      sr = hasher.node(sr, proof[i]);
    }
    fn >>= 1U;
    sn >>= 1U;
  }
  return sn == 0 && fr == old_root && sr == new_root;
}

}  // namespace luy::evidence
