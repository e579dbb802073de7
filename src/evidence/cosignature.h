// What witnesses add to a checkpoint (c2sp.org/tlog-cosignature, Ed25519) and how one is asked for
// (c2sp.org/tlog-witness). Pure.
//
//   key hash    first 4 bytes of SHA-256(<name> | LF | 0x04 | public key)
//   vkey        <name>+<key hash, 8 hex digits>+<base64(0x04 | public key)>
//   signature   "— <name> <base64(key hash | seconds since 1970, u64be | Ed25519, 64 bytes)>" LF
//   signed      "cosignature/v1" LF "time <seconds>" LF and the checkpoint's text with its last LF
//   request     "old <size>" LF, the path a hash in base 64 a line, LF, the checkpoint's note
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"
#include "evidence/note.h"

namespace luy::evidence {

inline constexpr std::size_t submission_path_max = 63;          // c2sp.org/tlog-witness.
inline constexpr std::size_t submission_bytes_max = 32 << 10;   // A note with 64 signatures and the longest path.
inline constexpr std::size_t cosignature_bytes_max = 16 << 10;  // Of an answer.

struct WitnessKey {
  std::string name;
  std::uint32_t hash = 0;
  std::string public_key;  // 32 bytes.

  std::string vkey() const;
  static Result<WitnessKey> parse(std::string_view vkey);  // Errors: key_invalid.
  static Result<WitnessKey> make(std::string_view name, std::string_view public_key);
  bool operator==(const WitnessKey&) const = default;
};

// What a witness signs of `text`, a checkpoint's text with its last LF.
std::string cosigned_message(std::string_view text, std::uint64_t seconds);
// The signature line with its LF.
std::string format_cosignature(const WitnessKey& key, std::uint64_t seconds, std::string_view signature);

struct Cosignature {
  WitnessKey key;
  std::uint64_t seconds = 0;  // When, by the witness's clock.
};
// Those of `keys`, in the order of the note; lines of others are ignored. Errors: note_malformed, note_unverified for a
// wrong one of a known key.
Result<std::vector<Cosignature>> verify_cosignatures(std::string_view note, const std::vector<WitnessKey>& keys);

// The note with the lines of `log` alone: what anybody may have added to it is left out. Errors: note_malformed.
Result<std::string> without_strangers(std::string_view note, const VerifierKey& log);
// `note` with those of `lines` that are cosignatures of `key`, which are verified. Errors: note_malformed,
// note_unverified, also when there is none.
Result<std::string> add_cosignature(std::string_view note, std::string_view lines, const WitnessKey& key);

struct Submission {
  std::uint64_t old_size = 0;
  std::vector<Hash> path;
  std::string note;
};
std::string format_submission(const Submission& submission);
// Errors: note_malformed, also where the old size is larger than the checkpoint's.
Result<Submission> parse_submission(std::string_view text);

}  // namespace luy::evidence
