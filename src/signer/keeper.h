// What the signer remembers and what it refuses: it signs one growing tree, and nothing else can make it sign another.
//
// The folder (docs/format/signer.md):  keys, the key chain · state, the newest checkpoint it signed · lock ·
// witness/, what it cosigned for others
//
// Not thread-safe. Runs in the signer's own process (main.cc); in the process of tests and of commands that are alone.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "base/result.h"
#include "evidence/merkle.h"
#include "evidence/note.h"
#include "signer/cosigner.h"
#include "signer/key_chain.h"

namespace luy::signer {

// A day further ahead of both the clock and the day signed last is refused: it would destroy the keys of all days up to
// it. The store believes a clock within 30 days (evidence/clock_watch.h); one more for time zones.
inline constexpr int days_ahead_max = 31;

struct SignRequest {
  evidence::CheckpointBody tree;
  Day day;                     // On which its newest record was received.
  std::uint64_t old_size = 0;  // What the path begins or, for a tree smaller than that, ends with.
  std::vector<Hash> path;      // RFC 9162 2.1.4.1, between the smaller and the larger of the two.
};

// What is signed so far.
struct Standing {
  std::string origin;
  std::string vkey;        // The root's.
  std::uint64_t size = 0;  // Of the largest tree signed; 0: none.
  Hash root{};
};

struct KeeperOptions {
  std::filesystem::path folder;
  std::string origin;
  // The key of a store that had one for ever: it becomes the root, and the file is destroyed. May not exist.
  std::filesystem::path former_key{};
  bool wait_for_lock = false;  // For a process before us that is ending.
};

class Keeper {
 public:
  // Makes the keys of a new folder. Errors: in_use, other_origin, state_damaged, evidence::key_invalid, file errors.
  static Result<std::unique_ptr<Keeper>> open(const KeeperOptions& options, const Clock& clock, Random& random);

  Standing standing() const;

  // What is signed is on the disk before it is answered: whoever asks again after a crash gets the same note. The first
  // tree has to be believed; each larger one has to continue the largest, a smaller one to be its beginning.
  // Errors: other_origin, other_size (ask again with a path from standing().size), forked, rolled_back, day_over,
  // day_ahead, file errors; nothing is signed then.
  Result<evidence::SignedNote> sign(const SignRequest& request);

  // For another log (signer/cosigner.h). Errors: those of Cosigner::cosign().
  Result<Cosigned> cosign(const CosignRequest& request) { return cosigner_->cosign(request, clock_); }
  const evidence::WitnessKey& witness() const { return cosigner_->key(); }

  // Of a package of this origin. Errors: other_origin, evidence::note_malformed.
  Result<evidence::SignedNote> sign_statement(std::string_view body) const;

 private:
  Keeper(KeeperOptions options, const Clock& clock, Random& random)
      : options_(std::move(options)), clock_(clock), random_(random) {}
  Result<void> lock();
  Result<void> open_keys();
  Result<void> read_state();
  Result<void> check_tree(const SignRequest& request);
  Result<void> check_day(Day day) const;
  std::filesystem::path keys_file() const { return options_.folder / "keys"; }
  std::filesystem::path state_file() const { return options_.folder / "state"; }

  const KeeperOptions options_;
  const Clock& clock_;
  Random& random_;
  UniqueFd lock_;
  std::optional<KeyChain> keys_;
  std::optional<Cosigner> cosigner_;
  evidence::CheckpointBody last_;  // Size 0 before the first.
  evidence::LeafHasher hasher_;
};

}  // namespace luy::signer
