// What the module's tests share: a folder, a keeper on it, trees of numbered leaves with their consistency proofs.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "base/random.h"
#include "evidence/test_store.h"
#include "signer/chain_signer.h"

namespace luy::signer {

using evidence::TemporaryFolder;
using evidence::test_origin;

inline const Day first_day = day_of(evidence::test_start());

// A tree whose leaf n is the digest of its word and n; another word from some leaf on makes a fork.
class TestTree {
 public:
  explicit TestTree(std::uint64_t fork_at = ~0ULL) : fork_at_(fork_at) {}
  evidence::CheckpointBody at(std::uint64_t size, const std::string& origin = test_origin) {
    return {origin, size, frontier(size).root(hasher_)};
  }
  std::vector<Hash> path(std::uint64_t old_size, std::uint64_t new_size) {
    return *evidence::consistency_path(hasher_, old_size, frontier(new_size),
                                       [&](unsigned level, std::uint64_t index) -> Result<Hash> {
                                         evidence::Frontier part;
                                         std::string ignored;
                                         const std::uint64_t first = index << level;
                                         for (std::uint64_t i = first; i < first + (1ULL << level); ++i) {
                                           part.add(hasher_, leaf(i), ignored);
                                         }
                                         return part.root(hasher_);
                                       });
  }
  SignRequest request(std::uint64_t size, std::uint64_t old_size, Day day = first_day) {
    SignRequest out{at(size), day, old_size, {}};
    if (old_size > 0 && old_size != size) out.path = path(std::min(old_size, size), std::max(old_size, size));
    return out;
  }

 private:
  Hash leaf(std::uint64_t n) const { return sha256((n < fork_at_ ? "leaf " : "fork ") + std::to_string(n)); }
  evidence::Frontier frontier(std::uint64_t size) {
    evidence::Frontier out;
    std::string ignored;
    for (std::uint64_t i = 0; i < size; ++i) out.add(hasher_, leaf(i), ignored);
    return out;
  }
  const std::uint64_t fork_at_;
  evidence::LeafHasher hasher_;
};

struct SignerTest : testing::Test {
  KeeperOptions options() const { return {folder.path() / "signer", test_origin, former, false}; }
  Result<std::unique_ptr<Keeper>> open() { return Keeper::open(options(), clock, random); }

  TemporaryFolder folder;
  std::filesystem::path former;
  FakeClock clock{evidence::test_start()};
  SeededRandom random{7};
  TestTree tree;
};

}  // namespace luy::signer
