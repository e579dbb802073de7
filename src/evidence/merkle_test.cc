// Goal: roots, inclusion and consistency proofs are those of RFC 6962 / RFC 9162.
// Method: a naive implementation written from the RFC's recursive definitions, every size up to 70 and some larger; and
// the vectors of the certificate-transparency reference implementation.
#include "evidence/merkle.h"

#include <gtest/gtest.h>

#include <bit>

#include "base/encoding.h"

namespace luy::evidence {
namespace {

Hash bytes_hash(std::string_view bytes) {
  return sha256(bytes);
}
Hash leaf_of(std::string_view data) {
  return bytes_hash(std::string(1, '\0') + std::string(data));
}
Hash parent(const Hash& l, const Hash& r) {
  return bytes_hash("\x01" + std::string(as_text(l)) + std::string(as_text(r)));
}
std::size_t largest_power_below(std::size_t n) {
  return std::bit_floor(n - 1);
}

Hash naive_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return bytes_hash("");
  if (leaves.size() == 1) return leaves.front();
  const std::size_t k = largest_power_below(leaves.size());
  return parent(naive_root(leaves.first(k)), naive_root(leaves.subspan(k)));
}

std::vector<Hash> naive_path(std::size_t m, std::span<const Hash> leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = largest_power_below(leaves.size());
  std::vector<Hash> out = m < k ? naive_path(m, leaves.first(k)) : naive_path(m - k, leaves.subspan(k));
  out.push_back(m < k ? naive_root(leaves.subspan(k)) : naive_root(leaves.first(k)));
  return out;
}

std::vector<Hash> naive_subproof(std::size_t m, std::span<const Hash> leaves, bool whole) {
  if (m == leaves.size()) return whole ? std::vector<Hash>() : std::vector<Hash>{naive_root(leaves)};
  const std::size_t k = largest_power_below(leaves.size());
  std::vector<Hash> out;
  if (m <= k) {
    out = naive_subproof(m, leaves.first(k), whole);
    out.push_back(naive_root(leaves.subspan(k)));
  } else {
    out = naive_subproof(m - k, leaves.subspan(k), false);
    out.push_back(naive_root(leaves.first(k)));
  }
  return out;
}

struct Tree {
  explicit Tree(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      leaves.push_back(leaf_of("leaf " + std::to_string(i)));
      frontier.add(hasher, leaves.back(), completed);
    }
  }
  NodeSource nodes() {
    return [this](unsigned level, std::uint64_t index) -> Result<Hash> {
      return naive_root(std::span(leaves).subspan(index << level, std::size_t{1} << level));
    };
  }
  LeafHasher hasher;
  std::vector<Hash> leaves;
  Frontier frontier;
  std::string completed;
};

TEST(Merkle, RootsAndProofsEqualTheDefinition) {
  for (std::size_t size : {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 70, 255, 256, 257, 700}) {
    Tree tree(size);
    const Hash root = naive_root(tree.leaves);
    ASSERT_EQ(tree.frontier.root(tree.hasher), root) << size;
    const std::size_t step = size > 100 ? 37 : 1;
    for (std::size_t i = 0; i < size; i += step) {
      const auto path = inclusion_path(tree.hasher, i, tree.frontier, tree.nodes());
      ASSERT_EQ(*path, naive_path(i, tree.leaves)) << i << " of " << size;
      ASSERT_EQ(*root_of_path(tree.hasher, i, size, tree.leaves[i], *path), root);
    }
    for (std::size_t old = 1; old <= size; old += step) {
      const auto path = consistency_path(tree.hasher, old, tree.frontier, tree.nodes());
      ASSERT_EQ(*path, naive_subproof(old, tree.leaves, true)) << old << " of " << size;
      const Hash old_root = naive_root(std::span(tree.leaves).first(old));
      ASSERT_TRUE(verify_consistency(tree.hasher, old, size, old_root, root, *path)) << old << " of " << size;
    }
  }
}

TEST(Merkle, AlteredProofsFail) {
  Tree tree(70);
  const Hash root = tree.frontier.root(tree.hasher);
  for (const std::size_t i : {0, 5, 63, 64, 69}) {
    const auto path = *inclusion_path(tree.hasher, i, tree.frontier, tree.nodes());
    for (std::size_t k = 0; k < path.size(); ++k) {
      auto bad = path;
      bad[k][7] ^= 1;
      EXPECT_NE(*root_of_path(tree.hasher, i, 70, tree.leaves[i], bad), root);
    }
    auto cut = path;
    cut.pop_back();
    EXPECT_FALSE(root_of_path(tree.hasher, i, 70, tree.leaves[i], cut));
    cut = path;
    cut.push_back(root);
    EXPECT_FALSE(root_of_path(tree.hasher, i, 70, tree.leaves[i], cut));
    EXPECT_FALSE(root_of_path(tree.hasher, 70, 70, tree.leaves[i], path));
  }
  const auto path = *consistency_path(tree.hasher, 37, tree.frontier, tree.nodes());
  const Hash old_root = naive_root(std::span(tree.leaves).first(37));
  for (std::size_t k = 0; k < path.size(); ++k) {
    auto bad = path;
    bad[k][0] ^= 0x80;
    EXPECT_FALSE(verify_consistency(tree.hasher, 37, 70, old_root, root, bad));
  }
  EXPECT_FALSE(verify_consistency(tree.hasher, 38, 70, old_root, root, path));
  EXPECT_FALSE(verify_consistency(tree.hasher, 37, 70, root, root, path));
  EXPECT_FALSE(verify_consistency(tree.hasher, 0, 70, old_root, root, {}));
}

// The eight leaves of the reference implementation of certificate transparency (merkle_tree_test), and RFC 6962's roots
// over the first n of them.
TEST(Merkle, KnownVectors) {
  const std::string_view leaves[] = {
      "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
  const std::string_view roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                                    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                                    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                                    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                                    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                                    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  LeafHasher hasher;
  Frontier frontier;
  std::string completed;
  EXPECT_EQ(to_hex(frontier.root(hasher)), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  for (std::size_t i = 0; i < std::size(leaves); ++i) {
    frontier.add(hasher, leaf_of(*from_hex(leaves[i])), completed);
    EXPECT_EQ(to_hex(frontier.root(hasher)), roots[i]);
  }
}

TEST(Merkle, StoredNodesStandWhereTheyAreLookedFor) {
  Tree tree(3000);
  ASSERT_EQ(tree.completed.size(), stored_nodes(3000) * sizeof(Hash));
  for (unsigned level = stored_level; level < 12; ++level) {
    for (std::uint64_t index = 0; (index + 1) << level <= 3000; ++index) {
      const std::uint64_t at = stored_nodes(((index + 1) << level) - 1) + level - stored_level;
      EXPECT_EQ(tree.completed.substr(at * sizeof(Hash), sizeof(Hash)), as_text(*tree.nodes()(level, index)));
    }
  }
}

TEST(Merkle, FrontierSkipsAGroupByItsStoredNode) {
  for (const std::size_t size : {0, 1, 100, 255, 256, 700}) {
    Tree tree(size);
    const std::uint64_t next = (size / 256 + 1) * 256;
    Tree whole(next);
    Frontier frontier = tree.frontier;
    std::string completed;
    frontier.add_group(tree.hasher, *whole.nodes()(stored_level, next / 256 - 1), completed);
    EXPECT_EQ(frontier, whole.frontier);
    EXPECT_EQ(completed, whole.completed.substr(tree.completed.size()));
    const auto decoded = Frontier::decode(next, frontier.encode());
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, frontier);
    EXPECT_FALSE(Frontier::decode(next + 1, frontier.encode()));
  }
}

}  // namespace
}  // namespace luy::evidence
