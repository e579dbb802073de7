// The Merkle tree of RFC 6962 / RFC 9162 section 2.1 over SHA-256: growing it, and proofs that a leaf is in it and that
// one tree continues another. Pure.
//
// "Node (level, index)" is the perfect subtree over leaves [index << level, (index + 1) << level).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/result.h"
#include "evidence/record.h"

namespace luy::evidence {

// Nodes of this level and above are stored; what is below is recomputed from at most 256 leaves.
inline constexpr unsigned stored_level = 8;

// The perfect subtrees that make up [0, size), largest (leftmost) first: all that is needed to go on adding leaves.
class Frontier {
 public:
  std::uint64_t size() const { return size_; }

  // Adds the leaf hash at index size(). Each node of level >= stored_level that it completes is appended to
  // `completed`, lower level first.
  void add(LeafHasher& hasher, const Hash& leaf, std::string& completed);

  // Adds a perfect subtree of 2^level leaves; size() must be a multiple of that. `completed` as above, as far as what
  // completes is this node or above it.
  void add_node(LeafHasher& hasher, const Hash& node, unsigned level, std::string& completed);

  // Goes from size() to the next multiple of 256 by the stored node of the group, without its leaves. The nodes above
  // that it completes are appended to `completed` after the node itself.
  void add_group(LeafHasher& hasher, const Hash& group, std::string& completed);

  // The tree's root; SHA-256 of nothing for the empty tree.
  Hash root(LeafHasher& hasher) const;

  // Root of the leaves from `first` to size(), where `first` is the begin of one of the subtrees.
  Hash root_from(LeafHasher& hasher, std::uint64_t first) const;

  // The node, if it is one of the subtrees; nullptr if not.
  const Hash* find(unsigned level, std::uint64_t index) const;

  const std::vector<Hash>& nodes() const { return nodes_; }
  std::string encode() const;  // 32 bytes a node, leftmost first.
  // Errors: store_corrupt when `bytes` is not one hash per set bit of `size`.
  static Result<Frontier> decode(std::uint64_t size, std::string_view bytes);
  bool operator==(const Frontier&) const = default;

 private:
  void push(LeafHasher& hasher, Hash node, unsigned level, std::string& completed);

  std::uint64_t size_ = 0;
  std::vector<Hash> nodes_;
};

// How many nodes of level >= stored_level are complete in a tree of `size` leaves: the position of a node in the
// sequence in which they complete.
std::uint64_t stored_nodes(std::uint64_t size);

// Delivers perfect subtrees to the functions below.
using NodeSource = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

// The path of leaf `index` in the tree whose frontier is given, from the leaf upward (RFC 9162 2.1.3.1). index < size.
Result<std::vector<Hash>> inclusion_path(LeafHasher& hasher, std::uint64_t index, const Frontier& tree,
                                         const NodeSource& node);
// The root that a leaf and its path lead to (RFC 9162 2.1.3.2); store_corrupt when the path has the wrong length.
Result<Hash> root_of_path(LeafHasher& hasher, std::uint64_t index, std::uint64_t size, const Hash& leaf,
                          const std::vector<Hash>& path);

// The proof that the tree of `old_size` leaves is a prefix of `tree` (RFC 9162 2.1.4.1). 0 < old_size <= tree.size().
Result<std::vector<Hash>> consistency_path(LeafHasher& hasher, std::uint64_t old_size, const Frontier& tree,
                                           const NodeSource& node);
bool verify_consistency(LeafHasher& hasher, std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                        const Hash& new_root, const std::vector<Hash>& path);

}  // namespace luy::evidence
