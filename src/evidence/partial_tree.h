// A Merkle tree of which only some leaves and some nodes are known: which roots can still be computed, and which leaves
// they vouch for. A node that follows from its children needs no other source; where it does not, one that was kept
// stands in. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "evidence/hub_note.h"
#include "evidence/merkle.h"

namespace luy::evidence {

struct TreeNode {
  unsigned level = 0;
  std::uint64_t index = 0;
  Hash hash{};
  bool operator==(const TreeNode&) const = default;
};

std::uint64_t count_of(const std::vector<SeqRange>& ranges);
// Of both, ascending; what touches is one.
std::vector<SeqRange> joined(std::vector<SeqRange> first, const std::vector<SeqRange>& second);

class PartialTree {
 public:
  // Where both are there and differ, either the records or the kept node were damaged. Only one choice can lead to a
  // signed root.
  enum class Prefer { records, nodes };
  explicit PartialTree(Prefer prefer = Prefer::records) : prefer_(prefer) {}

  // All before the first question.
  void add_leaf(std::uint64_t seq, const Hash& hash);  // Ascending.
  void add_node(const TreeNode& node);                 // The first one of a place stays.
  void add_frontier(const Frontier& frontier);
  // The nodes of a block that begins at `first` and ends before `end`, as they are stored with it.
  void add_stored(std::uint64_t first, std::uint64_t end, std::string_view nodes);
  void prefer(Prefer prefer);

  std::optional<Hash> root(std::uint64_t size);
  std::optional<Hash> node(unsigned level, std::uint64_t index);
  std::vector<SeqRange> leaves() const;  // Ascending.
  // The subtrees that make up the tree of `size` leaves; nothing where one of them is not known.
  std::optional<Frontier> frontier(std::uint64_t size);

  // Of a tree whose root is known: the leaves that were used to compute it, and the nodes that were needed besides.
  struct Covered {
    std::vector<SeqRange> leaves;
    std::vector<TreeNode> nodes;  // From the left.
  };
  Covered covered(std::uint64_t size);

 private:
  struct Run {  // Of leaves that follow each other.
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    std::size_t at = 0;  // In leaves_.
  };
  const Run* run_at(std::uint64_t seq) const;  // The first one that ends behind it.
  bool has_leaf(std::uint64_t begin, std::uint64_t end) const;
  bool has_node(std::uint64_t begin, std::uint64_t end) const;
  const Hash* leaf(std::uint64_t seq) const;
  const Hash* kept(unsigned level, std::uint64_t index) const;
  std::optional<Hash> compute(unsigned level, std::uint64_t index);
  std::optional<Hash> join(unsigned level, std::uint64_t index);
  std::optional<Hash> of_leaves(unsigned level, std::uint64_t index);
  void cover(unsigned level, std::uint64_t index, Covered& out);

  Prefer prefer_;
  LeafHasher hasher_;
  std::vector<Hash> leaves_;
  std::vector<Run> runs_;
  std::map<std::pair<unsigned, std::uint64_t>, Hash> kept_;
  std::set<std::uint64_t> kept_begins_;
  // Of level 8 and above, by what is preferred; filled once everything was added.
  std::array<std::unordered_map<std::uint64_t, std::optional<Hash>>, 2> known_;
};

}  // namespace luy::evidence
