// Checkpoints as C2SP signed notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint) with Ed25519, and the C2SP
// c2sp.org/tlog-proof text that carries an inclusion proof. Text functions are pure; the file signer reads its key
// once.
//
//   body       <origin> LF <size, decimal> LF <root, base 64> LF
//   note       body LF then lines "— <key name> <base64(key hash, 4 bytes | signature)>" LF
//   key hash   first 4 bytes of SHA-256(<key name> | LF | 0x01 | public key)
//   vkey       <key name>+<key hash, 8 hex digits>+<base64(0x01 | public key)>
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"

namespace luy::evidence {

inline constexpr std::size_t note_bytes_max = 64 << 10;
inline constexpr std::size_t note_signatures_max = 64;
inline constexpr std::size_t proof_path_max = 64;  // A path has at most one hash per bit of the index.

struct Checkpoint {
  std::uint64_t size = 0;
  Hash root{};
  std::string note;  // C2SP signed note, as written: origin, size, root, signatures.
  // What leads to the key that signed it from the key people wrote down (evidence/certificate.h); none where that key
  // signed it itself.
  std::vector<std::string> certificates{};
};

struct CheckpointBody {
  std::string origin;
  std::uint64_t size = 0;
  Hash root{};
};

std::string format_body(const CheckpointBody& body);
// Takes the body off the front of a note (or a bare body). Errors: note_malformed.
Result<CheckpointBody> parse_body(std::string_view note);

// A public key that signs notes.
struct VerifierKey {
  std::string name;
  std::uint32_t hash = 0;
  std::string public_key;  // 32 bytes.

  std::string vkey() const;
  static Result<VerifierKey> parse(std::string_view vkey);  // Errors: key_invalid.
  static Result<VerifierKey> make(std::string_view name, std::string_view public_key);
};

// Whether `note` is well formed and carries a valid signature of at least one of `keys`. Signatures of unknown keys are
// ignored, as the specification demands; a wrong signature of a known key is an error. Returns the key that signed.
// Errors: note_malformed, note_unverified.
Result<VerifierKey> verify_note(std::string_view note, const std::vector<VerifierKey>& keys);

// The note of a body and one signature over it.
std::string format_note(std::string_view body, const VerifierKey& key, std::string_view signature);
// The signatures of both notes, each once, those of `first` before the others. Errors: note_malformed, also where the
// two are not over the same text.
Result<std::string> merge_notes(std::string_view first, std::string_view second);

// "c2sp.org/tlog-proof@v1".
struct TlogProof {
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string note;
};
std::string format_proof(const TlogProof& proof);
Result<TlogProof> parse_proof(std::string_view text);  // Errors: note_malformed.

// A signed text, the key that signed it, and what certifies that key (Checkpoint::certificates).
struct SignedNote {
  std::string note;
  std::string vkey;
  std::vector<std::string> certificates;
};

// The path that proves that the tree of `old_size` leaves is a prefix of that of `new_size` (RFC 9162 2.1.4.1).
using ConsistencySource = std::function<Result<std::vector<Hash>>(std::uint64_t old_size, std::uint64_t new_size)>;

// Signs checkpoints. The evidence store never sees a private key. From any thread.
class NoteSigner {
 public:
  virtual ~NoteSigner() = default;
  virtual std::string origin() const = 0;  // "luy/<hub name>"
  virtual std::string vkey() const = 0;    // The key people write down at installation; day keys are certified by it.
  // The largest tree it has signed; nullopt from signers that remember nothing.
  virtual std::optional<CheckpointBody> last_signed() const { return std::nullopt; }
  // A checkpoint of `tree`, whose newest record was received on `day`. Signers that remember ask `path` for the proof
  // that the tree continues what they signed.
  virtual Result<SignedNote> sign_checkpoint(const CheckpointBody& tree, Day day, const ConsistencySource& path) = 0;
  // Another text, whose first line is the origin and "/package": a package's manifest.
  virtual Result<SignedNote> sign_statement(std::string_view body) = 0;
};

// Holds an Ed25519 key in memory, one for ever; the file is PKCS#8 PEM with mode 0600. It signs what it is given.
class FileNoteSigner final : public NoteSigner {
 public:
  // Writes a new key to `file`, which must not exist. Errors: key_invalid (name with blanks or '+', file exists), file
  // errors.
  static Result<void> generate(const std::filesystem::path& file);
  // Errors: key_invalid, file errors; file_denied when others may read the key.
  static Result<std::unique_ptr<FileNoteSigner>> load(const std::filesystem::path& file, std::string_view origin);

  ~FileNoteSigner() override;
  std::string origin() const override;
  std::string vkey() const override;
  Result<SignedNote> sign_checkpoint(const CheckpointBody& tree, Day day, const ConsistencySource& path) override;
  Result<SignedNote> sign_statement(std::string_view body) override;
  // The whole note. Errors: note_malformed, also of another origin.
  Result<std::string> sign(std::string_view body) const;

 private:
  struct Key;
  FileNoteSigner(std::unique_ptr<Key> key, VerifierKey verifier);
  std::unique_ptr<Key> key_;
  VerifierKey verifier_;
};

}  // namespace luy::evidence
