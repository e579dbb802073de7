// The witness's half of the signer: it cosigns the checkpoints of other logs, each a proven continuation of the one it
// cosigned before (c2sp.org/tlog-witness, cosignature/v1 with Ed25519).
//
// The folder (docs/format/witness.md):  key, the witness's name and seed · one file for each origin, the newest
// checkpoint it cosigned. Which origins are known, and by which key, the hub says with each request; that an origin
// whose state is here never shrinks or forks is decided here alone.
//
// Not thread-safe. Used by Keeper, under whose lock the folder is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "evidence/cosignature.h"
#include "evidence/merkle.h"
#include "evidence/signature.h"
#include "signer/error.h"

namespace luy::signer {

// Within the signer's folder. It outlives a loss of the hub's own evidence (docs/adr/0217).
inline constexpr std::string_view witness_folder = "witness";
// Behind the origin at the time when the key is made: the witness's name.
inline constexpr std::string_view witness_suffix = "/witness";

struct CosignRequest {
  std::string vkey;  // Of the log: the key written down at its installation; its name is the origin.
  std::vector<std::string> certificates;  // What leads from it to the key of the day.
  evidence::Submission submission;
};

struct Cosigned {
  enum class Outcome {
    signed_,       // 200
    unverified,    // 403: no signature of a key that may sign, or one of a day before the newest seen.
    conflict,      // 409: another old size than `size`, or the same size with another root.
    inconsistent,  // 422: the path does not prove it.
  };
  std::string vkey;  // The witness's.
  Outcome outcome = Outcome::signed_;
  std::uint64_t size = 0;  // Of the newest checkpoint cosigned for this origin, after the request; 0: none.
  std::string line{};      // The cosignature with its LF, where it is signed.
  std::string newest{};    // That newest checkpoint with our cosignature, where it is not signed; empty when none.
};
std::string_view name_of(Cosigned::Outcome outcome);
std::optional<Cosigned::Outcome> outcome_from_name(std::string_view name);

class Cosigner {
 public:
  // Makes the key of a new folder; `name` is then the witness's name for ever. Errors: state_damaged, file errors.
  static Result<Cosigner> open(const std::filesystem::path& folder, std::string_view name, Random& random);
  ~Cosigner();
  Cosigner(Cosigner&&) noexcept = default;
  Cosigner& operator=(Cosigner&&) = delete;

  const evidence::WitnessKey& key() const { return key_; }

  // What is newer is on the disk before its cosignature is answered. Errors: evidence::key_invalid, note_malformed,
  // state_damaged, file errors; nothing is cosigned then.
  Result<Cosigned> cosign(const CosignRequest& request, const Clock& clock);

 private:
  struct Known {
    std::optional<Day> day;  // Of the key that signed it; none for a root.
    evidence::CheckpointBody body;
    std::string note;
  };
  Cosigner(std::filesystem::path folder, evidence::WitnessKey key, evidence::Ed25519Key secret)
      : folder_(std::move(folder)), key_(std::move(key)), secret_(std::move(secret)) {}
  std::filesystem::path file_of(std::string_view origin) const;
  Result<std::optional<Known>> read(std::string_view origin) const;

  std::filesystem::path folder_;
  evidence::WitnessKey key_;
  evidence::Ed25519Key secret_;
  evidence::LeafHasher hasher_;
};

}  // namespace luy::signer
